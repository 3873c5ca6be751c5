"""The commission: what it is given stays as it was, who may decide, and what becomes of its decisions (§4.4)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tests.people import MONDAY, Town
from tests.stories import (
    HOUR,
    answer,
    answered,
    approve,
    decided,
    fresh,
    in_commission,
    in_work,
    journal,
    kind_of,
    proposed,
    reworked,
    running,
    sitting_on,
    the_file,
    told,
    votes,
)

from domain import case_files, convening, keeping, moderating, rating, resolving
from domain.directories.commission import COMMISSION
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit
from domain.model import AgendaItem, CaseFile, Member, Message, Person, Presence, Proposal, Setting, Sitting, Vote
from domain.resolving import Proposed
from domain.sittings import agenda, roster
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")
TUESDAY = MONDAY + timedelta(days=1)
NEXT_MONDAY = MONDAY + timedelta(days=7)


async def again(sitting: Sitting) -> Sitting:
    found = await Sitting.objects().get(Sitting.id == sitting.id)
    assert found is not None
    return found


# ----- what the commission is given -----


@pytest.mark.rule("R27")
async def test_the_fourth_not_solved_freezes_the_whole_case(town: Town) -> None:
    message = await in_commission(town)

    file = case_files.opened(await the_file(message))

    assert file["message"]["text"] == "A deep hole at the bus stop."
    assert [(each["round"], each["choice"]) for each in file["answers"]] == [(n, "unsolved") for n in (1, 2, 3, 4)]
    assert file["answers"][-1]["remarks"] == "Still a hole."
    assert [each["kind"] for each in file["journal"]][-2:] == ["answer:rated", "message:brought_to_commission"]
    assert {each["kind"] for each in file["clocks"]} >= {"answer", "rework", "rating"}
    assert [each for each in file["clocks"] if each["kind"] == "rating" and each["met_at"] is None] == []


@pytest.mark.rule("R27")
async def test_what_happens_later_does_not_change_the_file(town: Town) -> None:
    message = await in_commission(town)
    before = await the_file(message)
    await decided(town, message, at=NEXT_MONDAY, effect="instruct")
    await Person.update({Person.name: "Somebody Else"}).where(Person.id.is_in([town.anna.id, town.pavel.id]))

    after = await the_file(message)

    assert (after.id, after.content, after.hash) == (before.id, before.content, before.hash)
    assert case_files.opened(after)["message"]["executor"] == town.pavel.name
    assert town.anna.name not in after.content  # who has written is opened, and not kept where many read


@pytest.mark.rule("R27", "R33")
@pytest.mark.parametrize(
    "statement", ["UPDATE case_file SET content = ''", "UPDATE case_file SET hash = ''", "DELETE FROM case_file"]
)
async def test_nobody_rewrites_a_case_file(town: Town, statement: str) -> None:
    await in_commission(town)

    with pytest.raises(asyncpg.RaiseError, match="frozen"):
        await CaseFile.raw(statement)


@pytest.mark.rule("R27")
async def test_a_file_that_is_not_what_it_was_is_not_read(town: Town) -> None:
    file = await the_file(await in_commission(town))
    file.content = file.content.replace("deep", "small")

    with pytest.raises(LookupError):
        case_files.opened(file)


@pytest.mark.rule("R27")
async def test_the_moderator_who_brings_a_case_freezes_it_as_well(town: Town) -> None:
    message = await answered(town)
    for turn in range(3):
        await reworked(town, message, at=TUESDAY + timedelta(days=turn))

    await moderating.bring_to_commission(message, by=town.marina, at=NEXT_MONDAY, reason="In vain.")

    assert case_files.opened(await the_file(message))["journal"][-1]["data"] == {"reason": "In vain."}


@pytest.mark.rule("R27")
async def test_who_may_not_bring_a_case_hears_that_and_nothing_of_its_reworks(town: Town) -> None:
    message = await in_work(town)

    for who in (town.anna, town.pavel, town.elena, town.konstantin):
        with pytest.raises(NotAllowed):
            await moderating.bring_to_commission(message, by=who, at=TUESDAY, reason="In vain.")


# ----- the setting: the third sending, or its failed result -----


@pytest.mark.rule("R26", "R27")
@pytest.mark.parametrize(
    ("setting", "third", "fourth"), [("failed_rework", "rework", "commission"), ("third_rework", "commission", None)]
)
async def test_what_brings_a_case_to_the_commission_is_a_setting(
    town: Town, setting: str, third: str, fourth: str | None
) -> None:
    await Setting.update({Setting.commission_on: setting}, force=True)
    message = await answered(town)
    for turn in range(2):
        await reworked(town, message, at=TUESDAY + timedelta(days=turn))

    await rating.rate(message, by=town.anna, at=TUESDAY + timedelta(days=3), choice="unsolved", remarks="No.")

    assert (message.status, message.reworks) == (third, 3)
    if fourth:
        await answer(town, message, at=NEXT_MONDAY)
        await approve(town, message, at=NEXT_MONDAY)
        await rating.rate(message, by=town.anna, at=NEXT_MONDAY + HOUR, choice="unsolved", remarks="No.")
        assert message.status == fourth


@pytest.mark.rule("R27")
@pytest.mark.parametrize("setting", ["failed_rework", "third_rework"])
async def test_a_positive_rating_in_between_ends_the_row_under_either_setting(town: Town, setting: str) -> None:
    await Setting.update({Setting.commission_on: setting}, force=True)
    message = await answered(town)
    for turn in range(2):
        await reworked(town, message, at=TUESDAY + timedelta(days=turn))

    await rating.rate(message, by=town.anna, at=TUESDAY + timedelta(days=3), choice="accepted")

    assert (message.status, message.reworks) == ("closed", 0)


# ----- the sitting -----


@pytest.mark.rule("R27", "R33")
async def test_a_case_stands_on_one_agenda_at_a_time(town: Town) -> None:
    message = await in_commission(town)
    file = (await the_file(message)).id
    await convening.call(NEXT_MONDAY.date(), [file], by=town.lidia, at=NEXT_MONDAY)

    with pytest.raises(Stale):
        await convening.call(NEXT_MONDAY.date(), [file], by=town.konstantin, at=NEXT_MONDAY)

    assert await Sitting.count() == 1
    assert (await journal(message))[-1] == "commission:called"


@pytest.mark.rule("R27")
async def test_of_two_secretaries_who_call_the_same_case_one_wins(town: Town) -> None:
    file = (await the_file(await in_commission(town))).id
    both = (town.lidia, town.konstantin)

    outcomes = await asyncio.gather(
        *(convening.call(NEXT_MONDAY.date(), [file], by=who, at=NEXT_MONDAY) for who in both), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["Sitting", "Stale"]
    assert await AgendaItem.count() == 1


@pytest.mark.rule("R27")
async def test_only_what_waits_for_the_commission_is_put_on_an_agenda(town: Town) -> None:
    message = await in_commission(town)
    file = (await the_file(message)).id
    sitting = await decided(town, message, at=NEXT_MONDAY)
    await convening.close(sitting, by=town.lidia, at=NEXT_MONDAY)

    with pytest.raises(Unfit) as said:
        await convening.call(NEXT_MONDAY.date() - timedelta(days=1), [file], by=town.lidia, at=NEXT_MONDAY)

    assert set(said.value.errors) == {"held_on", "files"}


@pytest.mark.rule("R27")
async def test_only_the_coordinator_keeps_a_sitting(town: Town) -> None:
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY)
    said = Proposed(kind=await kind_of("close"), text="Enough.")
    item = (await agenda(sitting))[0].id

    for who in (town.anna, town.pavel, town.marina, town.elena, town.yulia):
        for act in (
            convening.call(NEXT_MONDAY.date(), [1], by=who, at=NEXT_MONDAY),
            convening.note_presence(sitting, [], by=who, at=NEXT_MONDAY),
            resolving.propose(sitting, item, said, by=who, at=NEXT_MONDAY),
            resolving.vote(sitting, 1, [], by=who, at=NEXT_MONDAY),
            convening.close(sitting, by=who, at=NEXT_MONDAY),
        ):
            with pytest.raises(NotAllowed):
                await act


@pytest.mark.rule("R27")
async def test_nothing_is_done_at_a_sitting_before_its_day(town: Town) -> None:
    file = (await the_file(await in_commission(town))).id
    sitting = await convening.call(date(2026, 3, 20), [file], by=town.lidia, at=NEXT_MONDAY)

    with pytest.raises(OutOfTurn):
        await convening.note_presence(sitting, [], by=town.lidia, at=datetime(2026, 3, 19, 23, 59, tzinfo=TOWN))

    await convening.note_presence(sitting, [], by=town.lidia, at=datetime(2026, 3, 20, 0, 0, tzinfo=TOWN))


@pytest.mark.rule("R27")
async def test_only_members_of_that_day_are_present(town: Town) -> None:
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY, present="yulia")
    await Member.update({Member.until: NEXT_MONDAY.date() - timedelta(days=1)}).where(Member.person == town.gleb.id)

    for outsider in (town.gleb, town.marina):
        with pytest.raises(Unfit):
            await convening.note_presence(sitting, [outsider.id], by=town.lidia, at=NEXT_MONDAY)

    assert await Presence.select(Presence.person).output(as_list=True) == [town.yulia.id]


@pytest.mark.rule("R27")
@pytest.mark.parametrize(
    ("present", "reached"),
    [
        ("", False),
        ("yulia konstantin", False),  # two of four are not more than half
        ("yulia gleb konstantin", True),
        ("yulia konstantin lidia", True),
        ("yulia gleb konstantin lidia", True),
    ],
)
async def test_without_a_quorum_nothing_is_decided(town: Town, present: str, reached: bool) -> None:
    message = await in_commission(town)
    sitting = await sitting_on(town, message, at=NEXT_MONDAY, present=present)
    proposal = await proposed(town, sitting, at=NEXT_MONDAY)
    cast = await votes(sitting)

    if reached:
        await resolving.vote(sitting, proposal.id, cast, by=town.lidia, at=NEXT_MONDAY)
    else:
        with pytest.raises(OutOfTurn):
            await resolving.vote(sitting, proposal.id, cast, by=town.lidia, at=NEXT_MONDAY)

    assert (await fresh(message)).status == ("closed" if reached else "commission")
    assert (await told(message, "commission:presence_noted")).data["quorum"] is reached


@pytest.mark.rule("R27")
async def test_one_side_alone_is_no_quorum_however_many_come(town: Town) -> None:
    await Member.update({Member.until: date(2026, 1, 1)}).where(Member.person == town.konstantin.id)
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY, present="yulia gleb")
    proposal = await proposed(town, sitting, at=NEXT_MONDAY)

    with pytest.raises(OutOfTurn):
        await resolving.vote(sitting, proposal.id, await votes(sitting), by=town.lidia, at=NEXT_MONDAY)

    await Setting.update({Setting.quorum_both_sides: False}, force=True)
    await resolving.vote(await again(sitting), proposal.id, await votes(sitting), by=town.lidia, at=NEXT_MONDAY)


@pytest.mark.rule("R27")
async def test_the_share_that_makes_a_quorum_is_a_setting(town: Town) -> None:
    await Setting.update({Setting.quorum_percent: 75}, force=True)
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY, present="yulia gleb konstantin")
    proposal = await proposed(town, sitting, at=NEXT_MONDAY)

    with pytest.raises(OutOfTurn):
        await resolving.vote(sitting, proposal.id, await votes(sitting), by=town.lidia, at=NEXT_MONDAY)


# ----- the vote -----


@pytest.mark.rule("R27")
@pytest.mark.parametrize(
    ("choices", "outcome"),
    [
        (("for", "for", "for"), "adopted"),
        (("for", "for", "against"), "adopted"),
        (("for", "against", "abstained"), "rejected"),
        (("for", "abstained", "abstained"), "rejected"),
        (("against", "against", "against"), "rejected"),
    ],
)
async def test_more_than_half_of_those_present_adopt_a_decision(
    town: Town, choices: tuple[str, ...], outcome: str
) -> None:
    message = await in_commission(town)
    sitting = await sitting_on(town, message, at=NEXT_MONDAY)
    proposal = await proposed(town, sitting, at=NEXT_MONDAY)

    voted = await resolving.vote(sitting, proposal.id, await votes(sitting, *choices), by=town.lidia, at=NEXT_MONDAY)

    assert voted.outcome == outcome
    assert (await fresh(message)).status == ("closed" if outcome == "adopted" else "commission")
    data = (await told(message, "commission:voted")).data
    assert [len(data[name]) for name in ("for", "against", "abstained")] == [
        choices.count(name) for name in ("for", "against", "abstained")
    ]


@pytest.mark.rule("R27")
async def test_who_is_present_votes_once_and_nobody_else(town: Town) -> None:
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY)
    proposal = await proposed(town, sitting, at=NEXT_MONDAY)
    cast = await votes(sitting)

    async def refused(tried: list[tuple[int, str]]) -> None:
        with pytest.raises(Unfit) as said:
            await resolving.vote(await again(sitting), proposal.id, tried, by=town.lidia, at=NEXT_MONDAY)
        assert set(said.value.errors) == {"votes"}

    await refused([*cast, (cast[0][0], "against")])  # twice
    await refused(cast[:-1])  # one is missing
    await refused([*cast, (town.lidia.id, "for")])  # a member who is not there
    await refused([*cast[:-1], (cast[-1][0], "perhaps")])
    assert await Vote.count() == 0
    assert (await again(sitting)).version == sitting.version


@pytest.mark.rule("R27")
async def test_a_proposal_is_voted_on_once(town: Town) -> None:
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY)
    proposal = await proposed(town, sitting, at=NEXT_MONDAY)
    against = await votes(sitting, "against", "against", "for")
    await resolving.vote(sitting, proposal.id, against, by=town.lidia, at=NEXT_MONDAY)

    with pytest.raises(Stale):
        await resolving.vote(sitting, proposal.id, await votes(sitting), by=town.lidia, at=NEXT_MONDAY)

    assert await Vote.count() == 3


@pytest.mark.rule("R27")
async def test_of_two_secretaries_at_once_one_wins_and_the_other_hears_who(town: Town) -> None:
    message = await in_commission(town)
    sitting = await sitting_on(town, message, at=NEXT_MONDAY)
    proposal = await proposed(town, sitting, at=NEXT_MONDAY)
    cast = await votes(sitting)
    copies = [(await again(sitting), who) for who in (town.lidia, town.konstantin) for _ in range(5)]

    outcomes = await asyncio.gather(
        *(resolving.vote(copy, proposal.id, cast, by=who, at=NEXT_MONDAY) for copy, who in copies),
        return_exceptions=True,
    )

    won = [each for each in outcomes if isinstance(each, Proposal)]
    lost = [each for each in outcomes if isinstance(each, Stale)]
    assert (len(won), len(lost)) == (1, 9)
    assert "was faster" in str(lost[0])
    assert await Vote.count() == 3
    assert (await journal(message)).count("commission:decided") == 1


@pytest.mark.rule("R27")
async def test_after_a_decision_nothing_more_is_proposed_on_the_case(town: Town) -> None:
    sitting = await decided(town, await in_commission(town), at=NEXT_MONDAY)

    with pytest.raises(Stale):
        await proposed(town, sitting, at=NEXT_MONDAY)


@pytest.mark.rule("R27")
async def test_who_has_voted_stays_among_those_present(town: Town) -> None:
    sitting = await decided(town, await in_commission(town), at=NEXT_MONDAY)

    with pytest.raises(Unfit):
        await convening.note_presence(sitting, [town.yulia.id], by=town.lidia, at=NEXT_MONDAY)

    everybody = [each.id for each in (town.yulia, town.gleb, town.konstantin, town.lidia)]
    await convening.note_presence(await again(sitting), everybody, by=town.lidia, at=NEXT_MONDAY)


@pytest.mark.rule("R27")
@pytest.mark.parametrize(
    ("effect", "changes", "fields"),
    [
        ("explain", {"text": " "}, {"text"}),
        ("instruct", {}, {"executor", "due_on"}),
        ("instruct", {"due_on": NEXT_MONDAY.date()}, {"executor", "due_on"}),
        (None, {"text": ""}, {"kind", "text"}),
    ],
)
async def test_a_proposal_says_what_its_kind_needs(
    town: Town, effect: str | None, changes: dict[str, Any], fields: set[str]
) -> None:
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY)
    kind = await kind_of(effect) if effect else None
    said = Proposed(**{"kind": kind, "text": "Words.", **changes})

    with pytest.raises(Unfit) as wrong:
        await resolving.propose(sitting, (await agenda(sitting))[0].id, said, by=town.lidia, at=NEXT_MONDAY)

    assert set(wrong.value.errors) == fields


# ----- what becomes of a decision -----


@pytest.mark.rule("R27", "R33")
@pytest.mark.parametrize("effect", ["explain", "close"])
async def test_an_explanation_and_a_closing_end_the_case(town: Town, effect: str) -> None:
    message = await in_commission(town)

    await decided(town, message, at=NEXT_MONDAY, effect=effect)

    ended = await fresh(message)
    assert (ended.status, ended.closed_at) == ("closed", NEXT_MONDAY)
    assert set(await running(message)) <= {"return"}
    data = (await told(message, "commission:decided")).data
    assert (data["effect"], data["text"]) == (effect, "The road is on private land.")
    assert data["present"] == [town.yulia.name, town.gleb.name, town.konstantin.name]


@pytest.mark.rule("R27")
async def test_an_instruction_goes_to_the_named_executor_with_a_clock(town: Town) -> None:
    message = await in_commission(town)

    await decided(town, message, at=NEXT_MONDAY, effect="instruct")

    opened = await fresh(message)
    assert (opened.status, opened.executor, opened.round, opened.reworks) == ("in_work", town.sergey.id, 5, 3)
    assert (await running(message))["instruction"] == "2026-03-30"


async def by_then_the_day_has_come(town: Town) -> None:
    pass


async def they_have_left(town: Town) -> None:
    await Person.update({Person.active: False}).where(Person.id == town.sergey.id)


@pytest.mark.rule("R27")
@pytest.mark.parametrize(("meanwhile", "days"), [(by_then_the_day_has_come, 21), (they_have_left, 1)])
async def test_an_instruction_that_no_longer_holds_is_not_voted_in(
    town: Town, meanwhile: Callable[[Town], Awaitable[None]], days: int
) -> None:
    message = await in_commission(town)
    sitting = await sitting_on(town, message, at=NEXT_MONDAY)
    proposal = await proposed(town, sitting, at=NEXT_MONDAY, effect="instruct")
    await meanwhile(town)

    with pytest.raises(OutOfTurn):
        await resolving.vote(
            sitting, proposal.id, await votes(sitting), by=town.lidia, at=NEXT_MONDAY + timedelta(days=days)
        )

    assert (await fresh(message)).status == "commission"
    assert await Vote.count() == 0


@pytest.mark.rule("R26", "R27")
async def test_after_an_instruction_not_solved_goes_to_the_commission_again_and_never_to_rework(town: Town) -> None:
    message = await in_commission(town)
    await decided(town, message, at=NEXT_MONDAY, effect="instruct")
    town.pavel, town.sergey = town.sergey, town.pavel
    message = await fresh(message)
    await answer(town, message, at=NEXT_MONDAY + HOUR)
    await approve(town, message, at=NEXT_MONDAY + 2 * HOUR)
    assert "instruction" not in await running(message)

    await rating.rate(message, by=town.anna, at=NEXT_MONDAY + 3 * HOUR, choice="unsolved", remarks="No.")

    assert message.status == "commission"
    assert await CaseFile.count() == 2
    assert len(case_files.opened(await the_file(message))["answers"]) == 5


@pytest.mark.rule("R27")
async def test_an_adopted_decision_waits_for_no_later_vote_of_another_case(town: Town) -> None:
    first, second = await in_commission(town), await in_commission(town)
    sitting = await sitting_on(town, first, second, at=NEXT_MONDAY)
    proposal = await proposed(town, sitting, at=NEXT_MONDAY, place=1)

    await resolving.vote(sitting, proposal.id, await votes(sitting), by=town.lidia, at=NEXT_MONDAY)
    await convening.close(sitting, by=town.lidia, at=NEXT_MONDAY)

    assert [(await fresh(each)).status for each in (first, second)] == ["commission", "closed"]
    assert [each.state for each in await agenda(sitting)] == ["put_off", "decided"]
    await sitting_on(town, first, at=NEXT_MONDAY + timedelta(days=7))


@pytest.mark.rule("R27")
async def test_closed_sittings_are_numbered_without_gaps(town: Town) -> None:
    messages = [await in_commission(town) for _ in range(3)]
    sittings = [await sitting_on(town, each, at=NEXT_MONDAY) for each in messages]

    await asyncio.gather(*(convening.close(each, by=town.lidia, at=NEXT_MONDAY) for each in sittings))

    assert sorted(each.number for each in sittings) == [1, 2, 3]
    with pytest.raises(OutOfTurn):
        await convening.close(sittings[0], by=town.lidia, at=NEXT_MONDAY)


@pytest.mark.rule("R27", "R33")
async def test_the_journal_of_the_case_tells_the_whole_sitting(town: Town) -> None:
    message = await in_commission(town)

    sitting = await decided(town, message, at=NEXT_MONDAY)
    await convening.close(sitting, by=town.lidia, at=NEXT_MONDAY)

    assert (await journal(message))[-6:] == [
        "commission:called",
        "commission:presence_noted",
        "commission:proposed",
        "commission:voted",
        "commission:decided",
        "commission:closed",
    ]


async def test_a_case_that_somebody_moved_is_not_decided(town: Town) -> None:
    message = await in_commission(town)
    sitting = await sitting_on(town, message, at=NEXT_MONDAY)
    proposal = await proposed(town, sitting, at=NEXT_MONDAY)
    await Message.update({Message.status: "closed"}).where(Message.id == message.id)

    with pytest.raises(Stale):
        await resolving.vote(sitting, proposal.id, await votes(sitting), by=town.lidia, at=NEXT_MONDAY)

    assert await Vote.count() == 0


# ----- the roster -----


@pytest.mark.rule("R27")
async def test_the_operator_keeps_the_roster_and_a_member_sits_once_at_a_time(town: Town) -> None:
    def row(person: Person, side: str, since: date, until: date | None = None) -> dict[str, Any]:
        return {"person": person.id, "side": side, "since": since, "until": until, "active": True}

    async def refused(values: dict[str, Any]) -> set[str]:
        with pytest.raises(Unfit) as said:
            await keeping.keep(COMMISSION, values, by=town.yulia, at=MONDAY)
        return set(said.value.errors)

    assert await refused(row(town.marina, "operator", date(2026, 5, 1))) == {"person"}
    assert await refused(row(town.yulia, "coordinator", date(2026, 5, 1))) == {"person"}
    assert await refused(row(town.yulia, "operator", date(2026, 5, 1))) == {"since"}
    assert await refused(row(town.yulia, "operator", date(2026, 5, 1), date(2026, 4, 1))) == {"until"}
    ended = await Member.objects().get(Member.person == town.yulia.id)
    assert ended is not None
    last_day = {"until": date(2026, 4, 30)}
    await keeping.keep(COMMISSION, last_day, row=ended.id, by=town.yulia, at=MONDAY)
    await keeping.keep(COMMISSION, row(town.yulia, "operator", date(2026, 6, 1)), by=town.yulia, at=MONDAY)

    sat = {day: town.yulia.id in {seat.person for seat in await roster(day)} for day in DAYS}

    assert sat == DAYS


DAYS = {date(2026, 4, 30): True, date(2026, 5, 1): False, date(2026, 5, 31): False, date(2026, 6, 1): True}
