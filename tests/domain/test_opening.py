"""An author's name and contacts are opened and not shown: by whom, for what, until when, and by whom never (§4.1)."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.stories import HOUR

from domain import clarifying, moderating, opening, submitting
from domain.authors import Contacts, author_of
from domain.errors import NotAllowed, Stale, Unfit
from domain.events import Kind
from domain.model import AuthorOpening, Event, Message, Person
from domain.submitting import Matter

pytestmark = [pytest.mark.rule("R10"), pytest.mark.usefixtures("database")]
LATER = MONDAY + HOUR
SAID = (
    "Меня зовут Анна Соколова, тел. 8 927 123-45-67, anna@mail.example, СНИЛС 112-233-445 95. У дома яма, "
    "водитель Петренко на А123ВС34 сломал колесо. Живу на Мира, 41, кв. 97."
)


async def written(town: Town) -> Message:
    matter = Matter(text=SAID, topic=town.pothole.id, address="Мира, 41, кв. 97", consent=True)
    return await submitting.submit(matter, key=uuid4(), by=town.anna, at=MONDAY)


async def contacts(message: Message, by: Person, *, at: datetime = LATER) -> Contacts | None:
    return (await author_of(message.id, by=by, at=at)).contacts


@pytest.mark.rule("R33")
async def test_who_has_opened_the_author_when_and_why_stands_in_the_journal(town: Town) -> None:
    message, other = await stories.submitted(town), await stories.submitted(town)

    await opening.open_contacts(message, by=town.marina, reason="other", words=" The flat is unclear. ", at=LATER)

    event = await stories.told(message, Kind.AUTHOR_OPENED)
    assert (event.actor, event.at) == (town.marina.id, LATER)
    assert (event.data["reason"], event.data["words"]) == ("other", "The flat is unclear.")
    assert await contacts(message, town.marina) == Contacts(town.anna.name, "anna@mail.example")
    # For nobody else, and of no other message of the same author.
    assert [await contacts(message, town.vera), await contacts(other, town.marina)] == [None, None]
    assert (await stories.fresh(message)).version == message.version


async def test_it_holds_to_the_end_of_the_day_and_is_asked_for_again(town: Town) -> None:
    message = await stories.submitted(town)
    await opening.open_contacts(message, by=town.konstantin, reason="complaint", at=LATER)
    midnight = MONDAY.replace(hour=0) + timedelta(days=1)

    last, next_day = midnight - timedelta(microseconds=1), midnight

    assert await contacts(message, town.konstantin, at=last)
    assert await contacts(message, town.konstantin, at=next_day) is None
    await opening.open_contacts(message, by=town.konstantin, reason="complaint", at=next_day)
    assert await contacts(message, town.konstantin, at=next_day)
    assert await Event.count().where(Event.kind == Kind.AUTHOR_OPENED) == 2


async def test_of_two_presses_at_once_one_is_written_down_and_both_read(town: Town) -> None:
    message = await stories.submitted(town)

    presses = [(town.marina, "contact"), (town.marina, "repeat"), (town.vera, "contact")]
    await asyncio.gather(*(opening.open_contacts(message, by=who, reason=reason, at=LATER) for who, reason in presses))

    opened = Event.select(Event.actor).where(Event.kind == Kind.AUTHOR_OPENED)
    assert sorted(row["actor"] for row in await opened) == sorted([town.marina.id, town.vera.id])
    assert await AuthorOpening.count() == 2


@pytest.mark.parametrize("who", ["anna", "boris", "pavel", "sergey", "elena", "yulia"])
async def test_to_all_others_it_never_opens_even_by_a_row_that_somebody_wrote(who: str, town: Town) -> None:
    message, person = await stories.in_work(town), getattr(town, who)

    with pytest.raises(NotAllowed, match=r"clause 4\.1"):
        await opening.open_contacts(message, by=person, reason="contact", at=LATER)

    assert not await Event.exists().where(Event.kind == Kind.AUTHOR_OPENED)
    await AuthorOpening.insert(
        AuthorOpening(message=message.id, person=person.id, day=LATER.date(), reason="contact", words="", at=LATER)
    )
    assert await contacts(message, person) is None


@pytest.mark.parametrize(
    ("reason", "words", "field"),
    [
        ("", "", "opening_reason"),
        ("curiosity", "I want to.", "opening_reason"),
        ("other", "  ", "opening_words"),
        ("contact", "x" * 301, "opening_words"),
    ],
)
async def test_without_a_reason_of_the_list_nothing_opens(reason: str, words: str, field: str, town: Town) -> None:
    message = await stories.submitted(town)

    with pytest.raises(Unfit) as unfit:
        await opening.open_contacts(message, by=town.marina, reason=reason, words=words, at=LATER)

    assert list(unfit.value.errors) == [field]
    assert not await AuthorOpening.exists()


async def test_a_text_is_read_without_its_author_until_it_is_opened(town: Town) -> None:
    message = await written(town)

    moderator = await author_of(message.id, by=town.marina, at=LATER)
    executor = await author_of(message.id, by=town.pavel, at=LATER)

    assert moderator.veiled(SAID) == (
        "Меня зовут [имя скрыто], тел. [телефон скрыт], [адрес почты скрыт], СНИЛС [номер документа скрыт]. У дома "
        "яма, водитель Петренко на А123ВС34 сломал колесо. Живу на Мира, 41, [номер квартиры скрыт]."
    )
    assert executor.veiled(SAID) == moderator.veiled(SAID).replace("[номер квартиры скрыт]", "кв. 97")
    assert (moderator.place(message.address), executor.place(message.address)) == ("Мира, 41", "Мира, 41, кв. 97")
    await opening.open_contacts(message, by=town.marina, reason="circumstances", at=LATER)
    opened = await author_of(message.id, by=town.marina, at=LATER)
    assert (opened.veiled(SAID), opened.place(message.address)) == (SAID, message.address)


async def test_of_several_authors_nobody_knows_whose_words_are_said_to_an_answer(town: Town) -> None:
    case, _ = await stories.case_of_two(town)
    said = "Анна Соколова и Борис Кленов, тел. 8 937 765-43-21."

    closed = await author_of(case.id, by=town.marina, at=LATER)
    await opening.open_contacts(case, by=town.marina, reason="contact", at=LATER)
    opened = await author_of(case.id, by=town.marina, at=LATER)

    assert closed.voiced(said) == "[имя скрыто] и [имя скрыто], тел. [телефон скрыт]."
    assert opened.voiced(said) == "Анна Соколова и [имя скрыто], тел. [телефон скрыт]."
    assert opened.veiled(said) == said


async def test_whoever_comes_after_the_author_hears_that_it_was_the_author(town: Town) -> None:
    message = await stories.questioned(town)
    late = await stories.fresh(message)
    await clarifying.reply(message, "It is deep.", by=town.anna, at=MONDAY + 2 * HOUR)

    with pytest.raises(Stale) as stale:
        await moderating.register(late, by=town.marina, at=MONDAY + 2 * HOUR)

    assert "The author was faster: replied to the question" in str(stale.value)
    assert town.anna.name not in str(stale.value)
