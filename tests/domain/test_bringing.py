"""Directories from a file: what would change is known first, then all of it is done, or nothing (§2)."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, in_work, journal, running, standard

from domain import bringing, directories, keeping
from domain.bringing import Plan
from domain.directories import ALL, sheets
from domain.directories.sheets import Sheet
from domain.errors import Stale, Unfit
from domain.model import Category, DecisionKind, Ground, Person, Revision, Territory, Topic

pytestmark = pytest.mark.usefixtures("database")


async def exported(*names: str, language: str = "ru") -> list[Sheet]:
    return [await sheets.sheet(each, language) for each in ALL if not names or each.name in names]


def sheet(name: str, *rows: Mapping[str, str]) -> Sheet:
    """As somebody types one by hand, under the names of the fields."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return Sheet(name, columns, [(place, [row.get(each, "") for each in columns]) for place, row in enumerate(rows, 2)])


async def brought(town: Town, *files: Sheet, by: Person | None = None, **rest: Any) -> Plan:
    who = by or town.yulia
    planned = await bringing.plan(files, by=who, at=MONDAY, **rest)
    assert planned.faults == []
    return await bringing.bring(files, seen=planned.mark, by=who, at=MONDAY, **rest)


async def faults(town: Town, *files: Sheet, by: Person | None = None) -> list[tuple[str, int | None, str]]:
    planned = await bringing.plan(files, by=by or town.yulia, at=MONDAY)
    with pytest.raises(Unfit):
        await bringing.bring(files, seen=planned.mark, by=by or town.yulia, at=MONDAY)
    return [(each.sheet, each.row, each.column) for each in planned.faults]


async def something_of_everything(town: Town) -> None:
    """A row in each of the directories that the town begins without."""
    await standard(town)
    left = {each.name for each in ALL} - {"limits"}
    file = [
        sheet("territories", {"code": "north", "name": "Север", "places": "Мира\nСадовая", "active": "да"}),
        sheet("responsibilities", {"territory": "north", "topic": "pavement", "executor": "demo-sergey"}),
        sheet("absences", {"person": "demo-pavel", "first_day": "09.03.2026", "last_day": "2026-03-13",
                           "deputy": "demo-sergey", "active": "да"}),
        sheet("calendar_days", {"day": "2026-03-10", "working": "нет", "reason": "=1+1", "active": "да"}),
        sheet("calendar_years", {"year": "2027", "basis": "-", "active": "да"}),
    ]  # fmt: skip
    await brought(town, *file)
    for name in left:
        directory = directories.find(name)
        assert directory
        assert await directories.reading.rows(directory), name


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_what_was_taken_away_changes_nothing_when_it_comes_back(town: Town, language: str) -> None:
    await something_of_everything(town)
    before = await Revision.count()

    planned = await bringing.plan(await exported(language=language), by=town.yulia, at=MONDAY)

    assert (planned.lines, planned.faults) == ([], [])
    assert await Revision.count() == before


async def test_rows_are_added_changed_and_closed_as_their_forms_would(town: Town) -> None:
    ground = town.grounds["G01"]
    file = sheet(
        "grounds",
        {"code": "G01", "name": "Other words", "hint": ground.hint, "active": "да"},
        {"code": "G02", "name": town.grounds["G02"].name, "hint": town.grounds["G02"].hint, "active": "нет"},
        {"code": "G77", "name": "New", "hint": "Hint", "active": "да"},
    )

    done = await brought(town, file)

    assert [(line.key, line.what) for line in done.lines] == [
        ("G01", "changed"), ("G02", "closed"), ("G77", "added"),
    ]  # fmt: skip
    assert done.lines[0].changes == {"name": (ground.name, "Other words")}
    found = {each.code: each for each in await Ground.objects()}
    assert (found["G01"].name, found["G02"].active, found["G77"].name) == ("Other words", False, "New")
    assert await Revision.count().where(Revision.directory == "grounds") == 3


async def test_a_plan_writes_nothing(town: Town) -> None:
    before = await Ground.count()

    planned = await bringing.plan(
        [sheet("grounds", {"code": "G77", "name": "New", "hint": "Hint"})], by=town.yulia, at=MONDAY
    )

    assert [line.what for line in planned.lines] == ["added"]
    assert (await Ground.count(), await Revision.count()) == (before, 0)


async def test_rows_wait_for_those_that_they_need(town: Town) -> None:
    """A topic of a new category, and a category that is closed once its topics are."""
    roads: Any = await Category.objects().get(Category.code == "ROADS")
    theirs = await Topic.objects().where(Topic.category == roads.id)
    topic = {"name": "N", "category": "NEW", "track": "1", "executor": "demo-pavel", "position": "1", "active": "да"}
    file = [
        sheet("categories", {"code": "ROADS", "active": "нет"}),
        sheet("categories", {"code": "NEW", "name": "New", "icon": "tag"}),
        sheet("topics", *({"code": each.code, "active": "нет"} for each in theirs)),
        sheet("topics", {"code": "new-topic", **topic}),
    ]

    await brought(town, *file)

    assert not (await Category.objects().get(Category.code == "ROADS")).active
    assert await Topic.exists().where((Topic.code == "new-topic") & (Topic.category.code == "NEW"))


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([{"code": "G77", "name": "", "hint": "H"}], ("grounds", 2, "name")),
        ([{"code": "with space", "name": "N", "hint": "H"}], ("grounds", 2, "code")),
        (
            [{"code": "G77", "name": "N", "hint": "H"}, {"code": "G77", "name": "M", "hint": "H"}],
            ("grounds", 3, "code"),
        ),
        ([{"code": "G01", "colour": "red"}], ("grounds", 1, "colour")),
        ([{"name": "N"}], ("grounds", 1, "")),
        ([{"code": "G01", "active": "perhaps"}], ("grounds", 2, "active")),
    ],
)
async def test_what_does_not_fit_is_named_by_sheet_row_and_column(
    town: Town, rows: list[dict[str, str]], where: tuple[str, int, str]
) -> None:
    assert where in await faults(town, sheet("grounds", *rows))
    assert await Revision.count() == 0


async def test_one_bad_row_keeps_everything_out(town: Town) -> None:
    file = [
        sheet("grounds", {"code": "G01", "name": "Other words"}),
        sheet("topics", {"code": "pavement", "executor": "nobody"}, {"code": "pavement-2", "name": "N"}),
        sheet("nowhere", {"code": "1"}),
        sheet("decisions", {"code": "D1", "effect": "close"}),
    ]

    found = await faults(town, *file)

    assert ("topics", 2, "executor") in found
    assert ("nowhere", None, "") in found
    assert (await Ground.objects().get(Ground.code == "G01")).name == town.grounds["G01"].name


async def test_what_is_given_with_a_row_never_changes(town: Town) -> None:
    kind = await DecisionKind.objects().get(DecisionKind.effect == "explain")
    assert kind

    found = await faults(town, sheet("decisions", {"code": kind.code, "effect": "close"}))

    assert found == [("decisions", 2, "effect")]


async def test_the_second_of_two_operators_looks_again(town: Town) -> None:
    file = [sheet("grounds", {"code": "G01", "name": "From the file"})]
    planned = await bringing.plan(file, by=town.yulia, at=MONDAY)
    grounds = directories.find("grounds")
    assert grounds
    await keeping.keep(grounds, {"name": "By hand"}, row=town.grounds["G01"].id, by=town.gleb, at=MONDAY)

    with pytest.raises(Stale):
        await bringing.bring(file, seen=planned.mark, by=town.yulia, at=MONDAY)

    assert (await Ground.objects().get(Ground.code == "G01")).name == "By hand"


async def test_two_files_at_once_come_one_after_the_other(town: Town) -> None:
    files = [[sheet("grounds", {"code": "G01", "name": name})] for name in ("One", "Two")]
    seen = [(await bringing.plan(file, by=town.yulia, at=MONDAY)).mark for file in files]

    done = await asyncio.gather(
        *(bringing.bring(file, seen=mark, by=town.yulia, at=MONDAY) for file, mark in zip(files, seen, strict=True)),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in done) == ["Plan", "Stale"]
    assert await Revision.count() == 1


async def test_a_moderator_brings_their_own_shelf_and_no_other(town: Town) -> None:
    kept = await standard(town)
    own = sheet("standard_answers", {"code": kept.code, "name": "Другое имя"})

    assert await faults(town, sheet("grounds", {"code": "G01", "name": "N"}), by=town.marina) == [("grounds", None, "")]
    assert [line.what for line in (await brought(town, own, by=town.marina)).lines] == ["changed"]


@pytest.mark.rule("R30", "R34")
async def test_a_level_from_a_file_counts_the_running_terms_again(town: Town) -> None:
    message = await in_work(town)

    await brought(town, sheet("topics", {"code": "road-pothole", "track": "2"}))

    assert (await running(message))["answer"] == "2026-03-23"
    assert "term:recounted" in await journal(message)


async def test_a_file_for_a_later_day_waits_for_it(town: Town) -> None:
    later = (MONDAY + 7 * 24 * HOUR).date()

    await brought(
        town,
        sheet("grounds", {"code": "G01", "name": "Later"}),
        sheet("territories", {"code": "north", "name": "Север", "active": "да"}),
        holds_from=later,
    )

    assert (await Ground.objects().get(Ground.code == "G01")).name == town.grounds["G01"].name
    assert not (await Territory.objects().get(Territory.code == "north")).active
    await keeping.come_into_force(at=MONDAY + 7 * 24 * HOUR)
    assert (await Ground.objects().get(Ground.code == "G01")).name == "Later"
    assert (await Territory.objects().get(Territory.code == "north")).active
