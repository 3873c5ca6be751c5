"""What follows from a change of a directory: clocks counted again, names that stay, nobody left with nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.stories import (
    HOUR,
    answered,
    decided,
    fresh,
    in_commission,
    in_work,
    journal,
    registered,
    running,
    submitted,
    told,
)  # fmt: skip

from domain import directories, keeping, moderating, publishing, terms
from domain.errors import Unfit
from domain.events import Kind
from domain.model import (
    Absence,
    Category,
    Ground,
    Organisation,
    Person,
    Proposal,
    RejectionGround,
    Term,
    Topic,
)  # fmt: skip
from portal.cards import answers, case
from portal.cards.published import published
from portal.desk import cases
from portal.desk.asking import asked

pytestmark = pytest.mark.usefixtures("database")
LATER = date(2026, 3, 9)


async def change(town: Town, of: str, row: int | None = None, /, **values: Any) -> int:
    directory = directories.find(of)
    assert directory
    holds_from = values.pop("holds_from", None)
    at = values.pop("at", MONDAY)
    return await keeping.keep(directory, values, row=row, by=town.yulia, at=at, holds_from=holds_from)


async def wrong(town: Town, of: str, row: int | None = None, /, **values: Any) -> list[str]:
    with pytest.raises(Unfit) as trouble:
        await change(town, of, row, **values)
    return list(trouble.value.errors)


@pytest.mark.rule("R30", "R34")
async def test_another_level_counts_the_running_answer_terms_again_and_the_journal_says_so(town: Town) -> None:
    message = await in_work(town)
    before = await running(message)

    await change(town, "topics", town.pothole.id, track=2, at=MONDAY + 24 * HOUR)

    after = await running(message)
    assert (before["answer"], after["answer"]) == ("2026-03-13", "2026-03-23")
    event = await told(message, "term:recounted")
    said = {name: event.data[name] for name in ("was", "is", "why", "workdays_was", "workdays")}
    assert said == {"was": "2026-03-13", "is": "2026-03-23", "why": "level", "workdays_was": 8, "workdays": 14}
    assert event.actor == town.yulia.id


@pytest.mark.rule("R30", "R34")
async def test_another_level_leaves_other_topics_and_other_terms_as_they_are(town: Town) -> None:
    message = await registered(town)
    other = await submitted(town)
    await moderating.register(other, by=town.marina, at=MONDAY + HOUR, topic=town.pavement.id)
    before, others = await running(message), await running(other)

    await change(town, "topics", town.pothole.id, track=2)

    assert await running(other) == others
    assert {kind for kind, day in (await running(message)).items() if before[kind] != day} == {"answer"}


@pytest.mark.rule("R34")
async def test_what_was_answered_by_the_old_level_stays_counted_by_it(town: Town) -> None:
    message = await answered(town)

    await change(town, "topics", town.pothole.id, track=2, at=MONDAY + 24 * HOUR)

    (term,) = await Term.objects().where((Term.message == message.id) & (Term.kind == "answer"))
    assert (term.workdays, term.due_on) == (8, date(2026, 3, 13))
    assert "term:recounted" not in await journal(message)
    ask = await asked(town.marina, MONDAY + 48 * HOUR, "ru")
    assert (await cases.case(await fresh(message), ask.book, by=ask.person, at=ask.at, language="ru")).track == 1


@pytest.mark.rule("R30", "R34")
async def test_a_level_for_a_later_day_counts_again_on_that_day(town: Town) -> None:
    message = await in_work(town)
    await change(town, "topics", town.pothole.id, track=2, holds_from=LATER)
    assert (await running(message))["answer"] == "2026-03-13"

    await keeping.come_into_force(at=MONDAY + timedelta(days=7))

    assert (await running(message))["answer"] == "2026-03-23"
    assert (await told(message, "term:recounted")).actor == town.yulia.id


@pytest.mark.rule("R31", "R34")
async def test_a_term_that_was_missed_stays_missed(town: Town) -> None:
    message = await in_work(town)
    late = MONDAY + timedelta(days=14)
    await terms.miss_due(at=late)

    await change(town, "topics", town.pothole.id, track=2, at=late)

    assert "term:recounted" not in await journal(message)


async def test_a_registered_message_keeps_the_name_that_its_topic_had(town: Town) -> None:
    name, old, new = town.pothole.name, await registered(town), await submitted(town)

    await change(town, "topics", town.pothole.id, name="Holes", at=MONDAY + 2 * HOUR)
    await moderating.register(new, by=town.marina, at=MONDAY + 3 * HOUR)

    for message, kept in ((old, name), (new, "Holes")):
        ask = await asked(town.marina, MONDAY + 4 * HOUR, "ru")
        shown = await cases.case(await fresh(message), ask.book, by=ask.person, at=ask.at, language="ru")
        assert shown.topic == kept
        assert any(f"«{kept}»" in (entry.note or "") for entry in shown.journal)
        assert (await case.card(await fresh(message), at=ask.at, language="ru")).topic == kept


@pytest.mark.rule("R08")
async def test_a_refusal_keeps_the_ground_as_it_was_named(town: Town) -> None:
    message, ground = await submitted(town), town.grounds["G13"]
    await moderating.refuse(message, by=town.marina, at=MONDAY, grounds=[ground.id], reason="No.", proposal="Yes.")

    await change(town, "grounds", ground.id, name="Other", hint="Another hint", at=MONDAY + HOUR)

    card = await case.card(await fresh(message), at=MONDAY + 2 * HOUR, language="ru")
    assert card.refusal
    assert [(each.name, each.hint) for each in card.refusal.grounds] == [(ground.name, ground.hint)]


@pytest.mark.rule("R27")
async def test_a_decision_keeps_the_name_that_its_kind_had(town: Town) -> None:
    message = await in_commission(town)
    await decided(town, message, at=MONDAY + timedelta(days=40))
    (made,) = await Proposal.objects().where(Proposal.outcome == "adopted")

    await change(town, "decisions", made.kind, name="Another name", at=MONDAY + timedelta(days=41))

    (after,) = await Proposal.objects().where(Proposal.id == made.id)
    assert after.kind_name == made.kind_name != "Another name"
    assert (await told(message, Kind.DECIDED)).data["decision"] == made.kind_name


@pytest.mark.rule("R28")
async def test_a_rejection_of_publication_keeps_the_ground_as_it_was_named(town: Town) -> None:
    message = await registered(town)
    ground: Any = await RejectionGround.objects().first()
    await publishing.withdraw(
        message, by=town.marina, at=MONDAY + 2 * HOUR, ground=ground.id, words="It names a neighbour."
    )

    await change(town, "rejection_grounds", ground.id, name="Other", at=MONDAY + 3 * HOUR)

    ask = await asked(town.marina, MONDAY + 4 * HOUR, "ru")
    shown = await cases.case(await fresh(message), ask.book, by=ask.person, at=ask.at, language="ru")
    assert any(ground.name in (entry.note or "") for entry in shown.journal)
    (kept,) = (await published(await fresh(message))).kept
    assert kept.ground == ground.name


async def test_an_answer_keeps_the_name_that_its_department_had(town: Town) -> None:
    message = await answered(town)
    department: Any = await Organisation.objects().get(Organisation.id == town.pavel.organisation)

    await change(town, "organisations", department.id, name="Another department", at=MONDAY + 72 * HOUR)

    (row,) = await answers.approved(message.id)
    assert row["organisation"] == department.name


async def test_a_closed_ground_or_topic_is_chosen_no_longer(town: Town) -> None:
    message, ground = await submitted(town), town.grounds["G13"]
    await change(town, "grounds", ground.id, active=False)
    await change(town, "topics", town.pavement.id, active=False)

    with pytest.raises(Unfit):
        await moderating.refuse(message, by=town.marina, at=MONDAY, grounds=[ground.id], reason="No.", proposal="Yes.")
    with pytest.raises(Unfit):
        await moderating.register(message, by=town.marina, at=MONDAY, topic=town.pavement.id)


async def test_a_message_that_waits_is_registered_with_the_topic_that_was_closed_meanwhile(town: Town) -> None:
    message = await submitted(town)
    await change(town, "topics", town.pothole.id, active=False)

    await moderating.register(message, by=town.marina, at=MONDAY)

    assert message.topic == town.pothole.id


async def test_what_is_pointed_at_is_not_closed(town: Town) -> None:
    roads: Any = await Category.objects().get(Category.code == "ROADS")

    assert await wrong(town, "categories", roads.id, active=False) == ["active"]
    assert await wrong(town, "organisations", town.pavel.organisation, active=False) == ["active"]
    assert await wrong(town, "people", town.pavel.id, active=False) == ["active"]


async def test_a_row_is_closed_once_nothing_points_at_it(town: Town) -> None:
    roads: Any = await Category.objects().get(Category.code == "ROADS")
    for topic in await Topic.objects().where(Topic.category == roads.id):
        await change(town, "topics", topic.id, active=False)

    await change(town, "categories", roads.id, active=False)

    assert not (await Category.objects().get(Category.code == "ROADS")).active


async def test_an_executor_with_open_cases_leaves_them_to_a_deputy(town: Town) -> None:
    await registered(town)
    for topic in await Topic.objects().where(Topic.executor == town.pavel.id):
        await change(town, "topics", topic.id, executor=town.sergey.id)
    assert await wrong(town, "people", town.pavel.id, active=False) == ["active"]
    assert await wrong(town, "people", town.pavel.id, role="moderator") == ["role"]

    days: dict[str, Any] = {"first_day": date(2026, 3, 2), "last_day": date(2026, 12, 31)}
    await change(town, "absences", person=town.pavel.id, deputy=town.sergey.id, active=True, **days)
    await change(town, "people", town.pavel.id, active=False)

    assert not (await Person.objects().get(Person.id == town.pavel.id)).active


@pytest.mark.parametrize(
    ("first", "last", "who", "deputy", "field"),
    [
        (5, 4, "pavel", "sergey", "last_day"),
        (5, 6, "pavel", "pavel", "deputy"),
        (10, 12, "sergey", "pavel", "first_day"),
        (12, 20, "pavel", "sergey", "deputy"),
    ],
)
async def test_an_absence_never_leaves_cases_with_nobody(
    town: Town, first: int, last: int, who: str, deputy: str, field: str
) -> None:
    roman = await Person.objects().get(Person.esia_oid == "demo-roman")
    await change(
        town, "absences", person=town.sergey.id, deputy=roman.id, active=True,
        first_day=date(2026, 3, 9), last_day=date(2026, 3, 13),
    )  # fmt: skip

    errors = await wrong(
        town, "absences", person=getattr(town, who).id, deputy=getattr(town, deputy).id, active=True,
        first_day=date(2026, 3, first), last_day=date(2026, 3, last),
    )  # fmt: skip

    assert errors == [field]
    assert await Absence.count() == 1


async def test_whoever_stands_in_is_not_away(town: Town) -> None:
    days: dict[str, Any] = {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 13), "active": True}
    await change(town, "absences", person=town.pavel.id, deputy=town.sergey.id, **days)
    roman = await Person.objects().get(Person.esia_oid == "demo-roman")

    assert await wrong(town, "absences", person=town.sergey.id, deputy=roman.id, **days) == ["person"]


async def test_an_executor_of_a_topic_is_an_executor(town: Town) -> None:
    assert await wrong(town, "topics", town.pothole.id, executor=town.marina.id) == ["executor"]
    assert await wrong(town, "topics", town.pothole.id, executor=town.anna.id) == ["executor"]


async def test_a_season_has_two_ends(town: Town) -> None:
    assert await wrong(town, "topics", town.pothole.id, season_from="04-15") == ["season_to"]


async def test_citizens_stand_in_no_directory(town: Town) -> None:
    people = directories.find("people")
    assert people
    listed = {row["id"] for row in await directories.reading.rows(people)}

    assert town.marina.id in listed
    assert not {town.anna.id, town.boris.id} & listed
    with pytest.raises(LookupError):
        await change(town, "people", town.anna.id, name="Somebody else")
    assert await wrong(
        town, "people", esia_oid="demo-anna", name="A", given_name="A", role="operator", position="",
        organisation=town.marina.organisation, email=None, active=True,
    ) == ["esia_oid"]  # fmt: skip


async def test_a_change_that_cannot_take_effect_says_why_and_keeps_no_other_back(town: Town) -> None:
    roads: Any = await Category.objects().get(Category.code == "ROADS")
    ground = town.grounds["G01"]
    topics = await Topic.objects().where(Topic.category == roads.id)
    for topic in topics:
        await change(town, "topics", topic.id, active=False)
    await change(town, "categories", roads.id, active=False, holds_from=LATER)
    await change(town, "grounds", ground.id, name="Later", holds_from=LATER)
    await change(town, "topics", topics[0].id, active=True)

    await keeping.come_into_force(at=MONDAY + timedelta(days=7))

    directory = directories.find("categories")
    assert directory
    (version,) = await directories.reading.history(directory, roads.id)
    assert version.trouble
    assert version.applied_at is None
    assert (await Ground.objects().get(Ground.id == ground.id)).name == "Later"
