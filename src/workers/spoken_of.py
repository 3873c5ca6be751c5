"""Which files of the store some row still speaks of: the same photo may have been sent, made or covered twice."""

from collections.abc import Collection

from domain.model import Attachment
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


async def spoken_of(hashes: Collection[str]) -> set[str]:
    asked = list(hashes)
    found = await Attachment.raw(ROWS, asked, asked, asked, asked) if asked else []
    return {row["hash"] for row in found} & set(asked)


async def forget_unless_spoken_of(hashes: Collection[str]) -> None:
    """What was replaced goes from the store, unless it is somebody else's as well."""
    for hash in set(hashes) - await spoken_of(hashes):
        await storage.forget(hash)
