"""A scan in PDF on a page of its own: its pages as pictures, the document to take away, what it was made without."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.model import Attachment
from domain.wording import N_

# What the safe copy of a document lacks, in the order in which it is told.
LEFT_OUT = {
    "javascript": N_("scripts"),
    "actions": N_("actions that start by themselves"),
    "form": N_("fields to fill in (what was written stays)"),
    "attachments": N_("attached files"),
    "media": N_("sound and video"),
    "links": N_("links"),
    "encrypted": N_("encryption"),
}


@dataclass(frozen=True)
class PageView:
    number: int
    url: str


@dataclass(frozen=True)
class PaperView:
    """`left_out` are msgids; `original` and `back` are addresses, none where there is nothing for this visitor."""

    name: str
    pages: int
    shown: Sequence[PageView]
    document: str
    left_out: Sequence[str]
    original: str | None
    back: str | None


def paper(file: Attachment, place: str, *, back: str | None, original: bool = False) -> PaperView | None:
    """None for what has no pages (yet); `place` is the address under which this visitor finds files."""
    if not file.pages or file.state != "ready":
        return None
    own, sizes = f"{place}/{file.id}", json.loads(file.sizes)
    names = {1: "large"} | {number: f"page-{number}" for number in range(2, file.pages + 1)}
    return PaperView(
        name=file.name,
        pages=file.pages,
        shown=[PageView(number, f"{own}/{name}") for number, name in names.items() if name in sizes],
        document=f"{own}/document",
        left_out=left_out(json.loads(file.marks)),
        original=f"{own}/original" if original else None,
        back=back,
    )


def left_out(marks: Iterable[str]) -> list[str]:
    known = set(marks)
    return [label for mark, label in LEFT_OUT.items() if mark in known]
