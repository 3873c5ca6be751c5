"""Which files of the store some row still speaks of: the same photo may have been sent, made or covered twice.

Whatever column comes to hold the name of a file needs its arm in ROWS and its place in FILES: the sweep takes away
what no row speaks of.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from domain.model import Attachment, Sitting
from workers import storage

# Each arm finds its rows by an index; a row found for one of its pictures also names the others.
ROWS = """
SELECT content_hash AS hash FROM attachment WHERE content_hash = ANY({}::text[])
UNION ALL SELECT protocol FROM sitting WHERE protocol = ANY({}::text[])
UNION ALL SELECT jsonb_array_elements_text(jsonb_path_query_array(sizes, '$.*')) FROM attachment
    WHERE jsonb_path_query_array(sizes, '$.*') ?| {}::text[]
UNION ALL SELECT jsonb_array_elements_text(jsonb_path_query_array(covered, '$.*')) FROM attachment
    WHERE covered IS NOT NULL AND jsonb_path_query_array(covered, '$.*') ?| {}::text[]
"""
# The other way round, in the order of the rows: every file that they speak of, and the case to which it belongs.
FILES = """
SELECT f.id, f.content_hash, f.sizes, f.covered, m.number FROM attachment f
LEFT JOIN part p ON p.id = f.part LEFT JOIN message m ON m.id = coalesce(f.message, p.message)
WHERE f.id > {}::uuid ORDER BY f.id LIMIT {}
"""
FIRST = UUID(int=0)


@dataclass(frozen=True)
class Named:
    """A file by its hash, and whose it is: the number of a case, the protocol of a sitting, nothing yet."""

    hash: str
    case: str | None


async def spoken_of(hashes: Collection[str]) -> set[str]:
    asked = list(hashes)
    found = await Attachment.raw(ROWS, asked, asked, asked, asked) if asked else []
    return {row["hash"] for row in found} & set(asked)


async def files_after(id: UUID, at_most: int) -> tuple[UUID | None, list[Named]]:
    """The files of the next rows after this one, and the last of these rows; no row when there are no more."""
    rows = await Attachment.raw(FILES, id, at_most)
    named = [Named(hash, row["number"]) for row in rows for hash in hashes_of(row)]
    return (rows[-1]["id"] if rows else None), named


def hashes_of(row: dict[str, str]) -> list[str]:
    made = [each for each in (row["sizes"], row["covered"]) if each]
    return [row["content_hash"], *(hash for each in made for hash in json.loads(each).values())]


async def protocols() -> list[Named]:
    """Of the sittings of the commission: a few a year."""
    rows = await Sitting.select(Sitting.protocol, Sitting.number).where(Sitting.protocol.is_not_null())
    return [Named(row["protocol"], f"sitting {row['number']}") for row in rows]


async def forget_unless_spoken_of(hashes: Collection[str]) -> None:
    """What was replaced goes from the store, unless it is somebody else's as well."""
    for hash in set(hashes) - await spoken_of(hashes):
        await storage.forget(hash)
