"""Hints on the moderator's card: each with its reason, taken by a press, and shown to nobody else (§3)."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser
from tests.portal.desks import QUERIES_AT_MOST, counted, words
from tests.stories import HOUR

from domain import moderating, publishing, submitting
from domain.events import as_json
from domain.model import Message, Person, Screening, StandardAnswer, TopicModel
from domain.submitting import Matter
from portal.door import Door
from portal.town import typical

TEXT = "Не горит фонарь, соседка Марья Петрова упала. Мой телефон 8 900 000-00-42."


@pytest.fixture
async def marina(town: Town, browser: Browser) -> Browser:
    return await browser.sign_in(town.marina)


async def sent(town: Town, text: str = TEXT, *, by: Person | None = None) -> Message:
    matter = Matter(text=text, topic=town.pothole.id, address="ул. Мира, 41", consent=True)
    return await submitting.submit(matter, key=uuid4(), by=by or town.anna, at=MONDAY)


async def read(
    message: Message,
    *,
    alike: tuple[Message, ...] = (),
    standard: int | None = None,
    names: tuple[str, ...] = ("Марья Петрова",),
    sending: int | None = None,
) -> None:
    """As a worker leaves it."""
    await Screening.insert(
        Screening(
            message=message.id,
            sending=message.sending if sending is None else sending,
            screened_at=MONDAY,
            names=list(names),
            topics=as_json_list([{"topic": "lamp-dark", "score": 0.94, "words": ["фонарь", "горит"]}]),
            grounds=as_json({"G03": ["Марья Петрова", "8 900 000-00-42"], "G16": ["пахнет газом"]}),
            alike=as_json_list([{"message": each.id, "score": 0.8, "metres": 40, "own": False} for each in alike]),
            standard=standard,
        )
    )


def as_json_list(rows: list[dict[str, object]]) -> str:
    return "[" + ", ".join(as_json(row) for row in rows) + "]"


@pytest.mark.rule("R08", "R10")
async def test_the_card_marks_what_is_private_and_says_what_speaks_for_which_ground(
    marina: Browser, town: Town
) -> None:
    other = await sent(town, "Фонарь погас, звоните Олегу Козлову 8 900 111-22-33.", by=town.boris)
    await read(other, names=("Олегу Козлову",))
    message = await sent(town)
    await read(message, alike=(other,))

    with counted() as asked:
        page = await marina.get(f"/moderation/{message.id}")

    assert len(asked) <= QUERIES_AT_MOST
    said = words(page.text)
    assert "[телефон скрыт] (номер телефона)" in said
    assert page.text.count('<mark class="pd"') == 2
    assert "Почему: Марья Петрова; [телефон скрыт]" in said
    assert "позвонили ли в 112" in said
    assert "Фонарь погас, звоните [имя скрыто] [телефон скрыт]" in said
    assert "8 900 111-22-33" not in (await marina.get(f"/moderation/{message.id}/hints")).text
    assert "соседка [имя скрыто] упала" in said  # in the copy for everybody


async def test_a_press_joins_the_message_to_an_open_case_on_its_topic(marina: Browser, town: Town) -> None:
    case, waiting = await stories.in_work(town), await sent(town, by=town.zinaida)
    elsewhere = await stories.another(town, town.zinaida, topic=town.pavement)
    await moderating.register(elsewhere, by=town.marina, at=MONDAY)
    message = await sent(town, by=town.boris)
    await read(message, alike=(case, waiting, elsewhere))

    pane = await marina.get(f"/moderation/{message.id}")
    late = await marina.get(f"/moderation/{message.id}/hints", headers=HTMX)
    joined = await marina.post(f"/messages/{message.id}/joining", data={"near": case.number})

    assert [page.text.count("Присоединить к №") for page in (pane, late)] == [1, 1]
    assert f'name="near" value="{case.number}"' in late.text
    assert (joined.status_code, (await stories.fresh(message)).joined_to) == (303, case.id)


async def test_a_press_on_a_message_that_somebody_decided_meanwhile_is_told_so(marina: Browser, town: Town) -> None:
    case, message = await stories.in_work(town), await sent(town, by=town.boris)
    await read(message, alike=(case,))
    page = (await marina.get(f"/moderation/{message.id}")).text
    forms = re.findall(rf'<form[^>]*action="/messages/{message.id}/joining".*?</form>', page, re.DOTALL)
    (pressed,) = [form for form in forms if 'type="hidden" name="near"' in form]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', pressed))

    await moderating.register(message, by=town.vera, at=MONDAY + HOUR)
    late = await marina.post(f"/messages/{message.id}/joining", data=fields)

    assert fields["queue"] == re.findall(r'name="queue" value="(\w+)"', forms[-1])[0] != ""
    assert late.status_code == 409
    assert (await stories.fresh(message)).status == "registered"


@pytest.mark.rule("R07")
async def test_a_press_takes_the_suggested_topic_and_keeps_what_was_typed(marina: Browser, town: Town) -> None:
    message = await sent(town)
    await read(message)
    lamp = town.topics["lamp-dark"]
    form = {"topic": str(town.pothole.id), "suggested": str(lamp.id), "public_text": "Мои слова.", "queue": "new"}

    page = await marina.post(f"/messages/{message.id}/registration/terms", data=form, headers=HTMX)

    assert f'<option value="{lamp.id}" selected>' in page.text
    assert "Мои слова." in page.text
    unchanged = await Message.objects().get(Message.id == message.id)
    assert (unchanged.topic, unchanged.version) == (town.pothole.id, 1)


@pytest.mark.rule("R09")
async def test_a_press_fills_in_the_standard_answer_that_may_fit(marina: Browser, town: Town) -> None:
    await typical.fill({"marina": town.marina}, town.topics, at=MONDAY)
    standard = await StandardAnswer.objects().get(StandardAnswer.topic == town.pothole.id)
    message = await sent(town)
    await read(message, standard=standard.id)
    form = {"topic": str(town.pothole.id), "standard": "", "suggested_standard": str(standard.id), "queue": "new"}

    card = await marina.get(f"/moderation/{message.id}")
    page = await marina.post(f"/messages/{message.id}/typical-answer/text", data=form, headers=HTMX)

    assert f'name="suggested_standard" value="{standard.id}"' in card.text
    assert f'name="filled_from" value="{standard.id}"' in page.text


@pytest.mark.rule("R10")
async def test_hints_are_there_for_moderators_only_and_only_before_the_decision(
    marina: Browser, town: Town, portal: Door
) -> None:
    message = await sent(town)
    await read(message)
    for who in (town.anna, town.pavel, town.elena):
        browser = await Browser(portal).sign_in(who)
        assert (await browser.get(f"/moderation/{message.id}/hints")).status_code == 404

    await moderating.register(message, by=town.marina, at=MONDAY)

    page = await marina.get(f"/moderation/{message.id}")
    assert 'id="hints"' not in page.text
    sheet = await marina.get(f"/moderation/{message.id}/publication")
    assert "соседка [имя скрыто] упала" in words(sheet.text)


async def test_before_a_worker_has_read_it_the_card_waits_and_a_stale_reading_is_none(
    marina: Browser, town: Town
) -> None:
    message = await sent(town)

    page = await marina.get(f"/moderation/{message.id}")

    waits = f'hx-get="/moderation/{message.id}/hints?opened='
    assert waits in page.text
    assert page.text.count('<mark class="pd"') == 1  # the phone is found without any model
    await read(message, sending=message.sending - 1)
    stale = await marina.get(f"/moderation/{message.id}/hints")
    assert waits in stale.text
    assert "Почему" not in stale.text
    await Screening.update({Screening.sending: message.sending}).where(Screening.message == message.id)
    assert "Почему" in (await marina.get(f"/moderation/{message.id}/hints")).text


@pytest.mark.rule("R10")
async def test_nothing_is_proposed_for_everybody_before_its_names_are_looked_for(marina: Browser, town: Town) -> None:
    """A moderator who is quicker than the worker ticks it by hand, and the late hints lead to a copy without names."""
    message = await sent(town)
    ticked = 'name="publish" value="yes" checked'

    early = (await marina.get(f"/moderation/{message.id}")).text
    await read(message)
    late = (await marina.get(f"/moderation/{message.id}/hints")).text
    anew = (await marina.get(f"/moderation/{message.id}")).text

    assert ticked not in early
    assert "Имена ещё не скрыты" in early
    assert f'<a href="/moderation/{message.id}">Предложить без имён' in late
    assert ticked in anew
    assert "Имена ещё не скрыты" not in anew
    assert "Предложить без имён" not in anew


@pytest.mark.rule("R10")
async def test_the_copy_of_an_answer_hides_who_was_named_and_warns_of_the_author(marina: Browser, town: Town) -> None:
    message = await stories.in_work(town)
    await publishing.publish(message, by=town.marina, at=MONDAY + 4 * HOUR, text="A hole.")
    said = replace(stories.DONE, text=f"{town.anna.name}, яму засыпали, соседка Марья Петрова видела.")
    await stories.answer(town, await stories.fresh(message), at=MONDAY + 5 * HOUR, written=said)
    await read(message)

    page = await marina.get(f"/moderation/{message.id}")

    field = page.text.split('name="public_text"')[1].split("</textarea>")[0]
    assert "[имя скрыто]" in field
    assert "Марья Петрова" not in field
    assert f'<mark class="pd">{town.anna.name.split()[0].casefold()}</mark>' in page.text


async def test_the_operator_reads_how_well_topics_are_suggested(town: Town, browser: Browser) -> None:
    await stories.registered(town)
    await browser.sign_in(town.yulia)
    assert "подсказывает только справочник" in words((await browser.get("/directories")).text)

    await TopicModel.insert(TopicModel(learned_at=MONDAY, messages=300, tested=30, found=27, model=b"x"))

    page = await browser.get("/directories")
    assert "попала в первые три у 90 % из последних 30" in words(page.text)
