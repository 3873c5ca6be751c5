"""Remarks are lines, and the new answer goes through every one of them (§4.4)."""

import asyncio
from dataclasses import replace

import pytest
from tests.people import MONDAY, Town
from tests.stories import DONE, HOUR, answer, answered, fresh, in_commission, reworked, the_answer, the_file, told

from domain import answering, case_files, moderating, rating, remarks
from domain.answering import Written
from domain.errors import Stale, Unfit
from domain.model import Message, Remark
from domain.remarks import Reply

pytestmark = pytest.mark.usefixtures("database")
TWO = "1. The hole is still there.\n\n- Nobody said who does it.\n…\n"


async def sent_to_rework(town: Town, text: str = TWO) -> tuple[Message, list[Remark]]:
    message = await answered(town)
    await rating.rate(message, by=town.anna, at=MONDAY + 8 * HOUR, choice="unsolved", remarks=text)
    return message, await remarks.to_be_answered(message)


@pytest.mark.rule("R24")
async def test_each_line_that_says_something_is_a_remark(town: Town) -> None:
    _, rows = await sent_to_rework(town)

    assert [row.text for row in rows] == ["The hole is still there.", "Nobody said who does it."]
    assert [row.position for row in rows] == [1, 2]


@pytest.mark.rule("R24")
@pytest.mark.parametrize("text", ["…\n- \n", "\n".join(f"Line {n}" for n in range(remarks.LINES_AT_MOST + 1))])
async def test_remarks_without_a_word_or_without_end_are_not_taken(town: Town, text: str) -> None:
    message = await answered(town)

    with pytest.raises(Unfit) as said:
        await rating.rate(message, by=town.anna, at=MONDAY + 8 * HOUR, choice="unsolved", remarks=text)

    assert set(said.value.errors) == {"remarks"}
    assert await Remark.count() == 0


async def test_thanks_are_no_remarks(town: Town) -> None:
    message = await answered(town)

    await rating.rate(message, by=town.anna, at=MONDAY + 8 * HOUR, choice="accepted", remarks="Thank you.")

    assert await Remark.count() == 0


@pytest.mark.rule("R24", "R25")
async def test_an_answer_that_passes_over_a_remark_is_not_sent(town: Town) -> None:
    message, (first, second) = await sent_to_rework(town)
    replies = {first.id: Reply("done", "Filled again."), second.id: Reply(None, " ")}
    await answering.draft(message, replace(DONE, replies=replies), by=town.pavel, at=MONDAY)

    with pytest.raises(Unfit) as said:
        await answering.send_for_review(message, by=town.pavel, at=MONDAY)

    assert set(said.value.errors) == {f"remark_{second.id}", f"reply_{second.id}"}
    assert all("4.4" in sentence.msgid for sentence in said.value.errors.values())
    assert (await fresh(message)).status == "rework"


@pytest.mark.rule("R24", "R33")
async def test_the_journal_keeps_what_was_said_to_each_remark(town: Town) -> None:
    message, (first, second) = await sent_to_rework(town)
    replies = {first.id: Reply("done", "Filled again."), second.id: Reply("explained", "The contractor does.")}
    await answering.draft(message, replace(DONE, replies=replies), by=town.pavel, at=MONDAY)

    await answering.send_for_review(message, by=town.pavel, at=MONDAY)

    sent = await told(message, "answer:sent_for_review")
    assert [each["reply"] for each in sent.data["replies"]] == ["Filled again.", "The contractor does."]


@pytest.mark.rule("R24", "R33")
async def test_a_saving_that_says_something_else_to_a_remark_is_not_done_already(town: Town) -> None:
    message, (first, _) = await sent_to_rework(town)
    says = [Written(text="Filled.", replies={first.id: Reply("done", text)}) for text in ("Today.", "Tomorrow.")]
    await answering.draft(message, says[0], by=town.pavel, at=MONDAY, version=0)

    again = await answering.draft(message, says[0], by=town.pavel, at=MONDAY, version=0)
    with pytest.raises(Stale):
        await answering.draft(message, says[1], by=town.pavel, at=MONDAY, version=0)

    assert again.version == 1
    assert (await remarks.to_be_answered(message))[0].reply == "Today."


@pytest.mark.rule("R24")
async def test_replies_are_saved_with_the_draft_and_stay_when_the_answer_is_sent_back(town: Town) -> None:
    message, _ = await sent_to_rework(town)
    await answer(town, message, at=MONDAY + 9 * HOUR)

    await moderating.send_back(message, by=town.vera, at=MONDAY + 10 * HOUR, rules=["R17"], remark="Thin.")

    assert [row.reply for row in await remarks.to_be_answered(message)] == ["Filled again."] * 2


@pytest.mark.rule("R24")
async def test_an_old_window_does_not_overwrite_newer_replies(town: Town) -> None:
    message, (first, _) = await sent_to_rework(town)
    drafts = [Written(text=text, replies={first.id: Reply("done", text)}) for text in ("One.", "Two.")]

    outcomes = await asyncio.gather(
        *(answering.draft(message, each, by=town.pavel, at=MONDAY, version=0) for each in drafts),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Stale) for each in outcomes) == 1
    assert (await remarks.to_be_answered(message))[0].reply == (await the_answer(message)).text


@pytest.mark.rule("R24")
async def test_remarks_of_another_case_are_out_of_reach(town: Town) -> None:
    _, (theirs, _) = await sent_to_rework(town)
    mine, _ = await sent_to_rework(town)

    await answering.draft(
        mine, replace(DONE, replies={theirs.id: Reply("done", "Not mine.")}), by=town.pavel, at=MONDAY
    )

    assert (await Remark.objects().get(Remark.id == theirs.id)).outcome is None


@pytest.mark.rule("R26")
async def test_every_round_has_remarks_of_its_own(town: Town) -> None:
    message = await answered(town)
    await reworked(town, message, at=MONDAY + 24 * HOUR)
    await rating.rate(message, by=town.anna, at=MONDAY + 48 * HOUR, choice="unsolved", remarks="Now it is deeper.")

    assert [row.text for row in await remarks.to_be_answered(message)] == ["Now it is deeper."]


@pytest.mark.rule("R27")
async def test_the_commission_reads_line_by_line_what_was_said_to_the_remarks(town: Town) -> None:
    message = await in_commission(town)

    answers = case_files.opened(await the_file(message))["answers"]

    assert [line["reply"] for each in answers for line in each["lines"]] == ["Filled again."] * 3 + [""]
