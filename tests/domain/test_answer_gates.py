"""The gates of an answer (§4.2): what is pointed out and confirmed, who else was informed, what a reviewer confirms."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from tests.people import MONDAY, Town
from tests.stories import (
    DONE,
    HOUR,
    approve,
    fresh,
    in_review,
    in_work,
    looked,
    reply_of,
    standard,
    submitted,
    the_answer,
    told,
)

from domain import answering, attaching, moderating, typical
from domain.answering import Written
from domain.errors import NotAllowed, Stale, Unfit
from domain.informing import Informed
from domain.model import Answer, Attachment, Message
from domain.moderating import ANSWER_RULES, Review

pytestmark = pytest.mark.usefixtures("database")
SOON = "Яму заделаем в ближайшее время."
LOOSE = Written(outcome="solved", text=SOON)
THEIRS = Written(outcome="impossible", text="Дорога находится в ведении области.")
TOLD = Informed("Комитет дорог области", date(2026, 3, 2), "412-и")


async def drafted(town: Town, written: Written) -> Message:
    message = await in_work(town)
    await answering.draft(message, written, by=town.pavel, at=MONDAY)
    return message


async def refused(town: Town, message: Message, **options: Any) -> Unfit:
    with pytest.raises(Unfit) as said:
        await answering.send_for_review(message, by=town.pavel, at=MONDAY + HOUR, **options)
    assert (await fresh(message)).status == "in_work"
    return said.value


@pytest.mark.rule("R18")
async def test_a_promise_without_a_date_is_not_sent_until_it_is_looked_at(town: Town) -> None:
    message = await drafted(town, LOOSE)
    assert set((await refused(town, message)).errors) == {"insists"}
    assert set((await refused(town, message, insists=["в другое время"])).errors) == {"insists"}

    await answering.send_for_review(
        message, by=town.pavel, at=MONDAY + HOUR, insists=["заделаем в ближайшее время", "и ещё"]
    )

    assert (await told(message, "answer:sent_for_review")).data["insists"] == ["заделаем в ближайшее время"]


@pytest.mark.rule("R18")
@pytest.mark.parametrize(
    ("outcome", "text", "planned_on", "words"),
    [
        ("solved", "Яма заделана 1 марта.", None, []),
        ("solved", "Заделаем до 20 марта 2026 года.", None, []),
        ("impossible", SOON, None, ["заделаем в ближайшее время"]),
        ("planned", SOON, date(2026, 3, 20), []),
        ("planned", "Заделаем до 20 марта.", date(2026, 3, 20), []),
        ("planned", "Щебень завезём 10 марта, яму заделаем до 20 марта.", date(2026, 3, 20), []),
        ("planned", "Яму заделаем до 25 марта.", date(2026, 3, 20), ["заделаем до 25 марта"]),
        ("planned", "Яму заделаем до 10 марта.", date(2026, 3, 20), ["заделаем до 10 марта"]),
    ],
)
async def test_the_words_pointed_out_are_those_without_the_right_date(
    town: Town, outcome: str, text: str, planned_on: date | None, words: list[str]
) -> None:
    message = await drafted(town, Written(outcome=outcome, text=text, planned_on=planned_on))

    await answering.send_for_review(message, by=town.pavel, at=MONDAY + HOUR, insists=words)

    assert (await told(message, "answer:sent_for_review")).data["insists"] == words


@pytest.mark.rule("R19")
async def test_an_answer_that_sends_elsewhere_says_who_was_informed_or_is_confirmed(town: Town) -> None:
    message = await drafted(town, THEIRS)
    assert set((await refused(town, message)).errors) == {"insists"}

    await answering.draft(message, replace(THEIRS, informed=TOLD), by=town.pavel, at=MONDAY)
    await answering.send_for_review(message, by=town.pavel, at=MONDAY + HOUR)

    answer = await the_answer(message)
    assert (answer.informed, answer.informed_on, answer.informed_number) == (TOLD.organisation, TOLD.on, TOLD.number)
    said = (await told(message, "answer:sent_for_review")).data
    assert (said["informed"], said["informed_on"], said["informed_number"]) == (
        TOLD.organisation,
        "2026-03-02",
        "412-и",
    )


@pytest.mark.rule("R19")
@pytest.mark.parametrize(
    ("informed", "fields"),
    [
        (replace(TOLD, organisation=" "), {"informed"}),
        (replace(TOLD, on=None), {"informed_on"}),
        (replace(TOLD, on=date(2026, 3, 3)), {"informed_on"}),
        (replace(TOLD, on=date(2026, 3, 1)), {"informed_on"}),
        (replace(TOLD, number=" "), {"informed_number"}),
        (replace(TOLD, number="", file=uuid4()), {"informed_file"}),
        (Informed(organisation="Комитет"), {"informed_on", "informed_number"}),
        (Informed(number="412-и"), {"informed", "informed_on"}),
    ],
)
async def test_the_proof_names_the_organisation_the_day_and_the_number(
    town: Town, informed: Informed, fields: set[str]
) -> None:
    message = await drafted(town, replace(THEIRS, informed=informed))

    unfit = await refused(town, message, insists=["находится в ведении области"])

    assert set(unfit.errors) == fields
    assert all("(clause 4.2)" in sentence.msgid for sentence in unfit.errors.values())


@pytest.mark.rule("R19")
async def test_a_file_of_this_answer_proves_it_and_one_that_was_dropped_does_not(town: Town) -> None:
    message, key = await in_work(town), uuid4()
    letter = await stored(key, "letter")
    proof = replace(TOLD, number="", file=letter)
    whole = replace(THEIRS, key=key, files=[letter], informed=proof)
    await answering.draft(message, replace(whole, dropped=[letter]), by=town.pavel, at=MONDAY)
    assert set((await refused(town, message)).errors) == {"informed_number"}

    await answering.draft(message, whole, by=town.pavel, at=MONDAY)
    await answering.send_for_review(message, by=town.pavel, at=MONDAY + HOUR)

    assert (await the_answer(message)).informed_file == letter


@pytest.mark.rule("R19")
async def test_the_file_of_another_answer_proves_nothing(town: Town) -> None:
    first, second, key = await in_work(town), await in_work(town, at=MONDAY + HOUR), uuid4()
    letter = await stored(key, "letter")
    await answering.draft(first, replace(DONE, key=key, files=[letter]), by=town.pavel, at=MONDAY)
    borrowed = replace(THEIRS, informed=replace(TOLD, number="", file=letter))
    await answering.draft(second, borrowed, by=town.pavel, at=MONDAY + HOUR)

    unfit = await refused(town, second)

    assert set(unfit.errors) == {"informed_file"}


@pytest.mark.rule("R19")
async def test_the_database_itself_lets_no_half_a_proof_before_a_reviewer(town: Town) -> None:
    message = await drafted(town, replace(THEIRS, informed=replace(TOLD, number="")))

    with pytest.raises(asyncpg.CheckViolationError):
        await Answer.update({Answer.state: "in_review"}).where(Answer.message == message.id)


@pytest.mark.rule("R13", "R16", "R17", "R18")
@pytest.mark.parametrize(
    "written",
    [
        Written(),
        Written(outcome="solved"),
        Written(outcome="impossible"),
        Written(outcome="planned", text="New asphalt."),
        LOOSE,
        THEIRS,
    ],
)
async def test_every_gate_names_its_clause(town: Town, written: Written) -> None:
    message = await drafted(town, written)

    unfit = await refused(town, message)

    assert [sentence.msgid for sentence in unfit.errors.values() if "(clause 4." not in sentence.msgid] == []


@pytest.mark.rule("R20")
@pytest.mark.parametrize("missing", ANSWER_RULES)
async def test_an_answer_is_not_let_out_while_a_rule_is_not_confirmed(town: Town, missing: str) -> None:
    message = await in_review(town)
    kept = set(ANSWER_RULES) - {missing}

    with pytest.raises(Unfit) as said:
        await moderating.approve(message, Review(1, kept), by=town.vera, at=MONDAY + 5 * HOUR)

    assert set(said.value.errors) == {"rules"}
    assert ((await fresh(message)).status, (await the_answer(message)).confirmed) == ("in_review", [])


@pytest.mark.rule("R20", "R33")
async def test_the_answer_and_the_journal_keep_what_the_reviewer_confirmed(town: Town) -> None:
    message = await in_review(town)

    await approve(town, message, at=MONDAY + 5 * HOUR)

    answer = await the_answer(message)
    assert (tuple(answer.confirmed), answer.reviewed_version) == (tuple(ANSWER_RULES), answer.version)
    said = (await told(message, "answer:approved")).data
    assert (tuple(said["confirmed"]), said["reviewed_version"]) == (tuple(ANSWER_RULES), answer.version)


@pytest.mark.rule("R20")
async def test_an_answer_written_anew_is_neither_approved_nor_sent_back_by_who_read_the_old_one(town: Town) -> None:
    message = await in_review(town)
    read = await looked(message)
    await moderating.send_back(message, by=town.marina, at=MONDAY + 4 * HOUR, rules=["R17"], remark="Thin.")
    await answering.draft(message, replace(DONE, text="Another."), by=town.pavel, at=MONDAY + 5 * HOUR)
    await answering.send_for_review(message, by=town.pavel, at=MONDAY + 5 * HOUR)

    with pytest.raises(Stale):
        await moderating.approve(await fresh(message), read, by=town.vera, at=MONDAY + 6 * HOUR)
    with pytest.raises(Stale):
        fault: dict[str, Any] = {"rules": ["R17"], "remark": "Thin.", "version": read.version}
        await moderating.send_back(await fresh(message), by=town.vera, at=MONDAY + 6 * HOUR, **fault)

    assert (await fresh(message)).status == "in_review"


@pytest.mark.rule("R20", "R21")
async def test_of_an_approval_and_a_sending_back_at_once_one_holds(town: Town) -> None:
    message = await in_review(town)
    same = await fresh(message)

    outcomes = await asyncio.gather(
        approve(town, message, at=MONDAY + 5 * HOUR),
        moderating.send_back(same, by=town.marina, at=MONDAY + 5 * HOUR, rules=["R17"], remark="Thin."),
        return_exceptions=True,
    )

    assert outcomes.count(None) == 1
    assert sum(isinstance(each, Stale) for each in outcomes) == 1
    answer = await the_answer(message)
    assert (answer.state, bool(answer.confirmed)) in (("approved", True), ("sent_back", False))


@pytest.mark.rule("R21")
async def test_who_confirms_every_rule_of_their_own_answer_still_may_not_let_it_out(town: Town) -> None:
    message = await in_review(town)

    with pytest.raises(NotAllowed):
        await moderating.approve(message, await looked(message), by=town.pavel, at=MONDAY + 5 * HOUR)

    assert (await fresh(message)).status == "in_review"


@pytest.mark.rule("R09", "R18", "R19")
@pytest.mark.parametrize(
    ("text", "words"), [(SOON, "заделаем в ближайшее время"), (THEIRS.text, "находится в ведении области")]
)
async def test_a_typical_answer_goes_through_the_same_gates(town: Town, text: str, words: str) -> None:
    message = await submitted(town)
    reply = reply_of(await standard(town), text=text)
    with pytest.raises(Unfit) as said:
        await typical.answer_at_once(message, reply, by=town.marina, at=MONDAY + HOUR)
    assert set(said.value.errors) == {"insists"}

    await typical.answer_at_once(message, replace(reply, insists=[words]), by=town.marina, at=MONDAY + HOUR)

    assert (await told(message, "message:answered_at_once")).data["insists"] == [words]


@pytest.mark.rule("R09", "R19")
async def test_a_typical_answer_needs_the_whole_proof(town: Town) -> None:
    message = await submitted(town)
    reply = reply_of(
        await standard(town), text=THEIRS.text, informed=replace(TOLD, on=MONDAY.date() + timedelta(days=1))
    )
    with pytest.raises(Unfit) as said:
        await typical.answer_at_once(message, reply, by=town.marina, at=MONDAY + HOUR)
    assert set(said.value.errors) == {"informed_on"}

    await typical.answer_at_once(message, replace(reply, informed=TOLD), by=town.marina, at=MONDAY + HOUR)

    assert (await the_answer(message)).informed_number == "412-и"
    assert (await told(message, "message:answered_at_once")).data["informed_number"] == "412-и"


async def stored(key: UUID, content: str) -> UUID:
    """A document that has been prepared."""
    id = uuid4()
    await attaching.receive(
        id=id, key=key, name=f"{content}.pdf", content_hash=content, kind="pdf", size=10, by=None, at=MONDAY
    )
    await Attachment.update({Attachment.state: "ready"}).where(Attachment.id == id)
    return id
