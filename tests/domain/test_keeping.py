"""The operator keeps the directories: versions with their days, nothing rewritten, nobody overwritten (§2)."""

import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR

from domain import directories, keeping
from domain.database import DB
from domain.directories import ALL, Directory, reading
from domain.directories.grounds import GROUNDS
from domain.directories.reading import Version
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit
from domain.model import Ground

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
LATER = date(2026, 3, 9)


async def kept(town: Town, row: int, **values: Any) -> None:
    await keeping.keep(GROUNDS, values, row=row, by=town.yulia, at=MONDAY)


async def name_of(row: int) -> str:
    (found,) = await Ground.select(Ground.name).where(Ground.id == row)
    return found["name"]


async def history(row: int, directory: Directory = GROUNDS) -> list[Version]:
    return await reading.history(directory, row)


async def test_a_change_is_kept_with_what_it_was_from_when_and_by_whom(town: Town) -> None:
    ground = town.grounds["G01"]

    await kept(town, ground.id, name="Rude words")

    (version,) = await history(ground.id)
    assert await name_of(ground.id) == "Rude words"
    assert (version.was, version.now) == ({"name": ground.name}, {"name": "Rude words"})
    assert (version.who, version.holds_from, version.applied_at) == (town.yulia.name, date(2026, 3, 2), MONDAY)


async def test_a_new_row_begins_its_history(town: Town) -> None:
    new = {"code": "G90", "name": "Another", "hint": "Mend it.", "active": True}

    row = await keeping.keep(GROUNDS, new, by=town.yulia, at=MONDAY)

    (version,) = await history(row)
    assert (version.was, dict(version.now)) == (None, new)


async def test_what_does_not_change_leaves_no_version(town: Town) -> None:
    ground = town.grounds["G01"]

    await kept(town, ground.id, name=ground.name)

    assert await history(ground.id) == []


async def test_only_the_operator_keeps_the_directories(town: Town) -> None:
    for person in (town.anna, town.marina, town.pavel, town.elena, town.konstantin):
        with pytest.raises(NotAllowed):
            await keeping.keep(GROUNDS, {"name": "Mine"}, row=town.grounds["G01"].id, by=person, at=MONDAY)


async def test_a_change_for_a_later_day_takes_effect_then_and_once(town: Town) -> None:
    row, before = town.grounds["G01"].id, town.grounds["G01"].name
    await keeping.keep(GROUNDS, {"name": "Later"}, row=row, by=town.yulia, at=MONDAY, holds_from=LATER)
    await keeping.come_into_force(at=MONDAY + 6 * DAY)
    assert await name_of(row) == before

    moment = MONDAY + 7 * DAY
    await asyncio.gather(*(keeping.come_into_force(at=moment) for _ in range(4)))

    (version,) = await history(row)
    assert await name_of(row) == "Later"
    assert (version.was, version.applied_at) == ({"name": before}, moment)


async def test_a_later_change_carries_only_its_own_fields(town: Town) -> None:
    row = town.grounds["G01"].id
    await keeping.keep(GROUNDS, {"name": "Later"}, row=row, by=town.yulia, at=MONDAY, holds_from=LATER)
    await kept(town, row, hint="Changed meanwhile")

    await keeping.come_into_force(at=MONDAY + 7 * DAY)

    (found,) = await Ground.select(Ground.name, Ground.hint).where(Ground.id == row)
    assert found == {"name": "Later", "hint": "Changed meanwhile"}


async def test_a_new_row_for_a_later_day_is_closed_until_then(town: Town) -> None:
    new = {"code": "G90", "name": "Another", "hint": "Mend it.", "active": True}
    row = await keeping.keep(GROUNDS, new, by=town.yulia, at=MONDAY, holds_from=LATER)
    assert not await Ground.exists().where((Ground.id == row) & Ground.active.eq(True))

    await keeping.come_into_force(at=MONDAY + 7 * DAY)

    assert await Ground.exists().where((Ground.id == row) & Ground.active.eq(True))


async def test_nothing_is_changed_for_a_day_that_is_over(town: Town) -> None:
    with pytest.raises(Unfit) as trouble:
        await keeping.keep(
            GROUNDS, {"name": "Yesterday"}, row=town.grounds["G01"].id, by=town.yulia, at=MONDAY,
            holds_from=date(2026, 3, 1),
        )  # fmt: skip

    assert list(trouble.value.errors) == ["holds_from"]


async def test_a_change_that_waits_can_be_withdrawn_and_one_that_holds_cannot(town: Town) -> None:
    row = town.grounds["G01"].id
    await keeping.keep(GROUNDS, {"name": "Later"}, row=row, by=town.yulia, at=MONDAY, holds_from=LATER)
    (version,) = await history(row)

    await keeping.withdraw(GROUNDS, row, version.id, by=town.yulia, at=MONDAY + HOUR)

    assert await keeping.come_into_force(at=MONDAY + 7 * DAY) == 0
    with pytest.raises(OutOfTurn):
        await keeping.withdraw(GROUNDS, row, version.id, by=town.yulia, at=MONDAY + HOUR)


async def test_of_two_operators_the_second_is_told_who_was_first(town: Town) -> None:
    row, version = town.grounds["G01"].id, 0

    async def write(name: str) -> None:
        await keeping.keep(GROUNDS, {"name": name}, row=row, version=version, by=town.yulia, at=MONDAY)

    done = await asyncio.gather(write("One"), write("Two"), return_exceptions=True)

    lost = [each for each in done if each]
    assert [type(each) for each in lost] == [Stale]
    assert town.yulia.name in str(lost[0])
    assert len(await history(row)) == 1


async def test_two_rows_of_one_code_cannot_be(town: Town) -> None:
    new = {"code": "G01", "name": "Twice", "hint": "Twice", "active": True}

    with pytest.raises(Unfit) as trouble:
        await keeping.keep(GROUNDS, new, by=town.yulia, at=MONDAY)

    assert list(trouble.value.errors) == ["code"]


async def test_the_history_is_never_rewritten(town: Town) -> None:
    await kept(town, town.grounds["G01"].id, name="Rude words")

    for statement in ("UPDATE revision SET data = '{}'", "UPDATE revision SET at = now()", "DELETE FROM revision"):
        with pytest.raises(asyncpg.RaiseError):
            assert DB.pool
            await DB.pool.execute(statement)


@pytest.mark.parametrize("directory", ALL, ids=lambda each: each.name)
def test_every_directory_is_described_whole(directory: Directory) -> None:
    columns = {column._meta.name for column in directory.table._meta.columns}

    assert {each.name for each in directory.fields} <= columns
    assert {*directory.key, *directory.order, "active"} <= columns
    assert set(directory.key) <= {each.name for each in directory.fields if each.fixed}
    assert all(directories.find(each.to) for each in directory.references.values())
