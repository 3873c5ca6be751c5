"""Element ids: made here and nowhere else, so that page, fragment and test mean the same element."""

from typing import Any


def dom_id(*parts: Any) -> str:
    """`dom_id(message, "card")` and `dom_id("message", 7, "card")` are both `message-7-card`."""
    return "-".join(_name(part) for part in parts)


def _name(part: Any) -> str:
    if isinstance(part, str | int):
        return str(part)
    return f"{type(part).__name__.lower()}-{part.id}"
