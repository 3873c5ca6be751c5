"""A file stays in the store as long as any row speaks of it, in whatever way."""

from uuid import uuid4

import pytest
from tests.people import MONDAY, Town

from domain import attaching
from domain.database import DB
from domain.events import as_json
from domain.model import Attachment
from workers.spoken_of import ROWS, spoken_of

pytestmark = pytest.mark.usefixtures("database")
SIZES = {"small": "s", "medium": "m", "large": "l"}
COVERED = {"small": "cs", "medium": "cm", "large": "cl"}


async def row(**values: object) -> None:
    told = {"name": "a.jpg", "content_hash": "o", "kind": "jpeg", "size": 1, "by": None, "at": MONDAY}
    file = await attaching.receive(id=uuid4(), key=uuid4(), **told)  # type: ignore[arg-type]
    await Attachment.update({name: as_json(value) for name, value in values.items()}).where(Attachment.id == file.id)  # type: ignore[arg-type]


async def test_the_sizes_of_a_covered_photo_are_spoken_of_beside_the_covered_ones(town: Town) -> None:
    await row(sizes=SIZES, covers=[[0, 0, 1, 1]], covered=COVERED)

    known = await spoken_of(["o", "s", "l", "cm", "nobody's"])

    assert known == {"o", "s", "l", "cm"}


async def test_of_nothing_nothing_is_asked(town: Town) -> None:
    assert await spoken_of([]) == set()


async def test_rows_are_found_by_indexes(town: Town) -> None:
    await row(sizes=SIZES)
    assert DB.pool is not None
    async with DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")  # the table is too small to be worth an index
        statement = ROWS
        for number in range(1, 5):
            statement = statement.replace("{}", f"${number}", 1)
        plan = await connection.fetch(f"EXPLAIN {statement}", *[["s"]] * 4)

    lines = [line[0] for line in plan]
    assert [line for line in lines if "Seq Scan" in line] == []
