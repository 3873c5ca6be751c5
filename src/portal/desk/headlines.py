"""A message has no title of its own: a row shows how its text begins."""

import re

LETTERS = 90


def headline(text: str) -> str:
    """The first sentence or line; a long one is cut between words."""
    first = re.split(r"(?<=[.!?…])\s|\n", text.strip(), maxsplit=1)[0]
    if len(first) <= LETTERS:
        return first.rstrip(".")
    return first[:LETTERS].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
