"""Parts of a file (RFC 9110, section 14): what a Range header asks for, of a file of known size and name."""

import re
from dataclasses import dataclass

# Several ranges at once are allowed to be answered by the whole file, and so are they: nobody needs them here.
ONE_RANGE = re.compile(r"\s*bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*", re.IGNORECASE)


class OutOfRange(Exception):
    """Nothing of the file lies in what was asked for."""


@dataclass(frozen=True)
class Span:
    """The bytes from `start` up to and without `end`."""

    start: int
    end: int

    def of(self, size: int) -> str:
        return f"bytes {self.start}-{self.end - 1}/{size}"


def asked(header: str | None, size: int) -> Span | None:
    """The part that is asked for; None for the whole file, also where the header is not understood."""
    found = ONE_RANGE.fullmatch(header or "")
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return suffix(int(last), size)
    start, end = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    if start >= size:
        raise OutOfRange
    return Span(start, end)


def suffix(length: int, size: int) -> Span:
    if length == 0 or size == 0:
        raise OutOfRange
    return Span(max(size - length, 0), size)


def still(condition: str | None, tag: str) -> bool:
    """If-Range: whether the rest of what somebody has a part of is the same file. A date says nothing here."""
    return condition is None or condition.strip() == tag


def held(condition: str | None, tag: str) -> bool:
    """If-None-Match: whether the browser has this very file already."""
    tags = [each.strip().removeprefix("W/") for each in (condition or "").split(",")]
    return tag in tags or "*" in tags
