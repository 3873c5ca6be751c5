"""What in a text looks as if it were somebody's own business (§4.1, R10): phones, flats, number plates, documents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.wording import N_

LETTERS = "АВЕКМНОРСТУХABEKMHOPCTYX"  # of Russian number plates; people type them in either alphabet
NOT_IN_WORD = r"(?<![\w-])"
PATTERNS: dict[str, re.Pattern[str]] = {
    N_("[e-mail hidden]"): re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    N_("[document hidden]"): re.compile(
        NOT_IN_WORD + r"(?:\d{3}-\d{3}-\d{3}[ -]\d{2}|\d{2} ?\d{2} (?:№ ?)?\d{6}|\d{4}(?: \d{4}){3})(?!\d)"
    ),
    N_("[phone hidden]"): re.compile(
        NOT_IN_WORD + r"(?:(?:\+7|8|7)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}|(?:\d{3}|\d)-\d{2}-\d{2})(?![\d-])"
    ),
    N_("[number plate hidden]"): re.compile(
        NOT_IN_WORD + rf"[{LETTERS}]\s?\d{{3}}\s?[{LETTERS}]{{2}}(?:\s?\d{{2,3}})?(?!\w)", re.IGNORECASE
    ),
    # «4 кв. 2026 года» is a quarter of a year and nobody's home.
    N_("[flat hidden]"): re.compile(
        r"\b(?:кв(?:артир[аеуы]|артирой)?|комнат[аеу]|flat|apt)\b\.?\s*№?\s*\d{1,3}(?!\d)\s?(?:[а-я](?!\w))?",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True)
class Found:
    """A piece of the text, and what stands in its place in the copy for everybody."""

    start: int
    end: int
    instead: str


def found(text: str) -> list[Found]:
    """In the order of the text; of two that overlap the one that begins first."""
    pieces: list[Found] = []
    for piece in sorted(every(text), key=lambda piece: (piece.start, -piece.end)):
        if not pieces or piece.start >= pieces[-1].end:
            pieces.append(piece)
    return pieces


def every(text: str) -> Iterator[Found]:
    for instead, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            yield Found(match.start(), match.end(), instead)


def named(text: str, name: str) -> list[str]:
    """The words of a person's name that the text holds, whatever their endings; a word of three letters is no name."""
    words = re.findall(r"\w+", text.casefold())
    stems = {part: part[: max(4, len(part) - 2)] for part in re.findall(r"\w{4,}", name.casefold())}
    return sorted({word for word in words for stem in stems.values() if word.startswith(stem)})
