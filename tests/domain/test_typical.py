"""A typical message is answered at once with a standard answer (§2, R09), by the rules of every answer (R17, R18)."""

import asyncio
from datetime import date

import asyncpg
import pytest
from tests.people import MONDAY, Town
from tests.stories import (
    HOUR,
    answer,
    answered_at_once,
    fresh,
    journal,
    looked,
    reply_of,
    running,
    standard,
    submitted,
    the_answer,
    told,
)

from domain import moderating, placeholders, rating, standard_answers, typical
from domain.errors import NotAllowed, Stale, Unfit
from domain.model import Answer, Message, NumberRow, Person, StandardAnswer, StandardAnswerVersion, Term
from domain.terms import Owed

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.rule("R09", "R07")
async def test_one_act_registers_and_answers(town: Town) -> None:
    message = await answered_at_once(town)

    answer = await the_answer(message)
    assert (message.status, message.number, message.executor) == ("answered", "2026-00001", town.pavel.id)
    assert (message.registered_at, message.answered_at) == (MONDAY + HOUR, MONDAY + HOUR)
    assert (answer.state, answer.author, answer.reviewer) == ("approved", town.marina.id, None)
    assert (answer.standard_version, answer.greeting) == (1, "Уважаемая Анна Викторовна!")
    assert answer.text == "Сообщение № 2026-00001 на тему «Яма на проезжей части» рассмотрено: Mira 41."
    assert await running(message) == {"rating": "2026-04-01"}
    assert await journal(message) == ["message:submitted", "message:answered_at_once"]


@pytest.mark.rule("R09", "R26")
async def test_what_is_not_solved_comes_to_the_executor_chosen_at_the_act(town: Town) -> None:
    message = await submitted(town)
    reply = reply_of(await standard(town))
    await typical.answer_at_once(message, reply, by=town.marina, at=MONDAY, executor=town.sergey.id)

    await rating.rate(message, by=town.anna, at=MONDAY + HOUR, choice="unsolved", remarks="It is there.")

    assert (message.status, message.executor, message.reworks) == ("rework", town.sergey.id, 1)
    assert await running(message) == {"rework": "2026-03-05"}


@pytest.mark.rule("R09", "R21")
async def test_the_moderator_who_answered_may_review_what_the_executor_answers_next(town: Town) -> None:
    message = await answered_at_once(town)
    await rating.rate(message, by=town.anna, at=MONDAY + 2 * HOUR, choice="unsolved", remarks="It is there.")
    await answer(town, message, at=MONDAY + 3 * HOUR)

    await moderating.approve(message, await looked(message), by=town.marina, at=MONDAY + 4 * HOUR)

    second = await the_answer(message)
    assert (second.round, second.author, second.standard_answer) == (2, town.pavel.id, None)


@pytest.mark.rule("R09", "R23")
@pytest.mark.parametrize("choice", ["solved", "accepted"])
async def test_it_is_rated_as_any_other(town: Town, choice: str) -> None:
    message = await answered_at_once(town)

    await rating.rate(message, by=town.anna, at=MONDAY + 2 * HOUR, choice=choice)

    assert message.status == "closed"


@pytest.mark.rule("R09", "R22")
async def test_a_planned_one_starts_the_clock_of_its_promise(town: Town) -> None:
    message = await submitted(town)
    kept = await standard(town, "Ямы на дорогах заделают до {срок}.", outcome="planned")
    reply = await typical.prepare(message, kept.id, at=MONDAY, planned_on=date(2026, 5, 15))

    await typical.answer_at_once(message, reply, by=town.marina, at=MONDAY)

    assert (await the_answer(message)).text == "Ямы на дорогах заделают до 15 мая 2026 года."
    assert (await running(message))["promise"] == "2026-05-15"
    assert await Term.select(Term.owed_by).where(Term.kind == Owed.PROMISE) == [{"owed_by": town.pavel.id}]


@pytest.mark.rule("R17", "R18")
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"outcome": None}, "outcome"),
        ({"text": "  "}, "text"),
        ({"outcome": "planned"}, "planned_on"),
        ({"outcome": "planned", "planned_on": MONDAY.date()}, "planned_on"),
        ({"text": "Until {срок}."}, "text"),
        ({"text": "{кто угодно}"}, "text"),
        ({"text": "x" * 6001}, "text"),
        ({"greeting": "x" * 201}, "greeting"),
    ],
)
async def test_an_answer_that_breaks_a_rule_goes_nowhere(town: Town, changes: dict, wrong: str) -> None:
    message = await submitted(town)
    kept = await standard(town)

    with pytest.raises(Unfit) as said:
        await typical.answer_at_once(message, reply_of(kept, **changes), by=town.marina, at=MONDAY)

    assert set(said.value.errors) == {wrong}
    assert (await fresh(message)).status == "submitted"
    assert await NumberRow.count() == 0


@pytest.mark.rule("R09")
async def test_only_a_standard_answer_of_the_topic_in_its_present_version_is_one(town: Town) -> None:
    message = await submitted(town)
    other, closed = await standard(town, topic=town.pavement), await standard(town)
    old = await standard(town)
    await StandardAnswer.update({StandardAnswer.active: False}).where(StandardAnswer.id == closed.id)
    await standard_answers.note_version(old.id, by=town.yulia, at=MONDAY, in_force_from=MONDAY.date())

    for kept in (other, closed, old):
        with pytest.raises(Unfit) as said:
            await typical.answer_at_once(message, reply_of(kept), by=town.marina, at=MONDAY)
        assert set(said.value.errors) == {"standard"}

    assert [each.id for each in await standard_answers.matching(town.pothole.id)] == [old.id]


@pytest.mark.rule("R09")
async def test_the_answer_keeps_the_version_that_it_came_from(town: Town) -> None:
    message = await answered_at_once(town)
    (kept,) = await StandardAnswer.objects()
    await StandardAnswer.update({StandardAnswer.text: "Everything anew."}).where(StandardAnswer.id == kept.id)
    await standard_answers.note_version(kept.id, by=town.yulia, at=MONDAY, in_force_from=MONDAY.date())

    answer = await the_answer(message)

    sent = await StandardAnswerVersion.objects().get(StandardAnswerVersion.version == answer.standard_version)
    assert sent is not None
    assert sent.text.startswith("{обращение}")
    assert (await told(message, "message:answered_at_once")).data["standard_version"] == 1
    for change in ("UPDATE standard_answer_version SET text = ''", "DELETE FROM standard_answer_version"):
        with pytest.raises(asyncpg.RaiseError, match="never rewritten"):
            await StandardAnswerVersion.raw(change)


@pytest.mark.rule("R10", "R28")
async def test_what_is_published_does_not_say_who_asked(town: Town) -> None:
    message = await answered_at_once(town, public_text="A hole.")

    answer = await the_answer(message)

    assert (message.public_text, answer.published_at) == ("A hole.", MONDAY + HOUR)
    let_out = (await told(message, "answer:published")).data
    assert (let_out["answer"], let_out["text"]) == (answer.id, answer.public_text)
    assert "Анна" not in answer.text
    assert "Викторов" not in answer.text


@pytest.mark.rule("R10")
async def test_a_name_in_the_text_itself_is_not_published(town: Town) -> None:
    kept = await standard(town)
    reply = reply_of(kept, text="Анне Викторовне ответили по телефону.")
    shown, kept_back = await submitted(town), await submitted(town)

    with pytest.raises(Unfit) as said:
        await typical.answer_at_once(shown, reply, by=town.marina, at=MONDAY, public_text="A hole.")
    await typical.answer_at_once(kept_back, reply, by=town.marina, at=MONDAY)

    assert set(said.value.errors) == {"text"}
    assert (await the_answer(kept_back)).published_at is None


@pytest.mark.rule("R10")
async def test_the_place_comes_without_the_flat(town: Town) -> None:
    message = await submitted(town)
    await Message.update({Message.address: "ул. Мира, 41, кв. 7"}).where(Message.id == message.id)
    message = await fresh(message)

    reply = await typical.prepare(message, (await standard(town)).id, at=MONDAY)

    assert "ул. Мира, 41." in reply.text


@pytest.mark.rule("R09")
async def test_only_a_moderator_answers_at_once_and_only_what_is_new(town: Town) -> None:
    kept = await standard(town)
    message, registered = await submitted(town), await submitted(town)
    await moderating.register(registered, by=town.marina, at=MONDAY)

    for stranger in (town.pavel, town.anna, town.yulia, town.elena):
        with pytest.raises(NotAllowed):
            await typical.answer_at_once(message, reply_of(kept), by=stranger, at=MONDAY)
    with pytest.raises(Stale):
        await typical.answer_at_once(registered, reply_of(kept), by=town.marina, at=MONDAY)


@pytest.mark.rule("R07", "R33")
async def test_of_two_moderators_one_answers_and_no_number_is_lost(town: Town) -> None:
    message = await submitted(town)
    kept = await standard(town)

    async def act(by: Person) -> None:
        await typical.answer_at_once(await fresh(message), reply_of(kept), by=by, at=MONDAY)

    results = await asyncio.gather(act(town.marina), act(town.vera), return_exceptions=True)

    assert [type(each) for each in results if each is not None] == [Stale]
    assert await Answer.count() == 1
    assert [row["last"] for row in await NumberRow.select()] == [1]


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("{обращение} Срок — {срок}, { Номер }.", []),
        ("{имя}, здравствуйте.", ["{имя}"]),
        ("Скобка {без пары.", ["{"]),
        ("Скобка без пары} и {}.", ["{}", "}"]),
        ("{{номер}}", ["{", "}"]),
    ],
)
@pytest.mark.rule("R09")
def test_unknown_placeholders_are_found(text: str, odd: list[str]) -> None:
    assert placeholders.odd_ones(text) == odd


@pytest.mark.rule("R09", "R10")
@pytest.mark.parametrize(
    "text", ["", "{обращение} ", "{имя}", "Здравствуйте! {обращение}", "{обращение} {обращение} x", "x" * 5001]
)
def test_such_a_text_does_not_stand_in_the_directory(text: str) -> None:
    assert standard_answers.wrong_text(text) is not None


@pytest.mark.parametrize(
    ("name", "company", "greeting"),
    [
        ("Анна Викторовна Белова", False, "Уважаемая Анна Викторовна!"),
        ("Пётр Ильич Кузьмин", False, "Уважаемый Пётр Ильич!"),
        ("Попович Ольга Никитична", False, "Уважаемая Ольга Никитична!"),
        ("Турал Мамед оглы Алиев", False, "Уважаемый Турал Мамед оглы!"),
        ("Анна Петрович", False, "Здравствуйте!"),
        ("ТСЖ «Садовое», Иван Петрович Ким", True, "Здравствуйте!"),
    ],
)
@pytest.mark.rule("R09")
def test_people_are_addressed_by_name_and_patronymic(name: str, company: bool, greeting: str) -> None:
    author = Person(_ignore_missing=True, name=name, is_organisation=company)

    assert placeholders.greeting(author) == greeting
