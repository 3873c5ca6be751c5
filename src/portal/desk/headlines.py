"""A message has no title of its own: a row shows how its text begins, and to officials nothing private of it."""

import re
from collections.abc import Iterable
from functools import lru_cache

from domain.publicity import proposed

LETTERS = 90
# What is hidden may be longer than the words in its place, and is looked for in more than is shown.
LOOKED_AT = 2 * LETTERS


def headline(text: str) -> str:
    """The first sentence or line; a long one is cut between words."""
    first = beginning(text)
    if len(first) <= LETTERS:
        return first.rstrip(".")
    return first[:LETTERS].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"


def beginning(text: str) -> str:
    return re.split(r"(?<=[.!?…])\s|\n", text.strip(), maxsplit=1)[0]


def covered(text: str, names: Iterable[str]) -> str:
    """The headline for officials: a list tells nobody who has written, who is named and where they live."""
    return hidden(beginning(text)[:LOOKED_AT], tuple(names))


@lru_cache(1000)
def hidden(begins: str, names: tuple[str, ...]) -> str:
    """The same rows are shown on page after page, and to look for what is private takes longer than to show them."""
    return headline(proposed(begins, names))
