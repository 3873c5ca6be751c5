"""What the tests of the staff's pages share: reading a page as a person does, and counting what it asks."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from domain.database import DB

QUERIES_AT_MOST = 12


def words(page: str) -> str:
    """The text of a page as a person reads it."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\xa0", " "))


def tag(page: str, needle: str) -> str:
    """The one opening tag that holds these characters."""
    found = re.findall(r"<[a-z][^>]*" + re.escape(needle) + r"[^>]*>", page)
    assert len(found) == 1, found
    return str(found[0])


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that went to PostgreSQL meanwhile: pages read without a transaction, so all of them pass here."""
    asked: list[str] = []
    original = type(DB)._run_in_pool

    async def listening(self: Any, query: str, args: Any = None) -> Any:
        asked.append(query)
        return await original(self, query, args)

    type(DB)._run_in_pool = listening  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        type(DB)._run_in_pool = original  # type: ignore[method-assign]
