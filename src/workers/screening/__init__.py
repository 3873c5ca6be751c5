"""What a program sees in a message before a person reads it (§3): hints with reasons, never acted on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.personal import Found, found
from domain.screening import Seen
from domain.screening.danger import dangers
from domain.screening.obscenity import obscenities
from domain.screening.signs import has_place, signs
from workers.screening.names import names
from workers.screening.topics import READ_AT_MOST, Line, Model, Suggested

# One matter goes on where a sentence ends, another begins with these words.
BREAK = re.compile(
    r"[.!?;\n]+|,?\s(?:а\s)?(?:и\s)?(?:ещё|еще|также|кроме того|заодно|во-вторых|в-третьих|плюс)\s"
    r"|,?\s(?:и|а)\s|\)\s|\d\)"
)
ANOTHER = re.compile(
    r"(?<!\w)(?:ещё|еще|также|кроме того|заодно|во-вторых|в-третьих|второй вопрос|плюс|и последнее|2[.)])(?!\w)", re.I
)
SURE, QUITE_SURE = 0.25, 0.6  # of the category of a piece, with a word that begins another matter or without it
PIECES_AT_MOST = 60


@dataclass(frozen=True)
class Screened:
    """`grounds` are codes of the directory, each with the words that speak for it, or none for the whole text."""

    topics: Sequence[Suggested]
    personal: Sequence[Found]
    obscene: Sequence[Seen]
    dangers: Sequence[Seen]
    grounds: Mapping[str, Sequence[str]]


def screen(text: str, model: Model, lines: Mapping[str, Line], *, placed: bool = False) -> Screened:
    """`lines` are the topics by code; `placed`: its author has said elsewhere where it is."""
    private = found(text, names(text))
    # Nothing as long as this is a message; numbers alone are looked for to the very end.
    text = text[:READ_AT_MOST]
    abuse, danger = obscenities(text), dangers(text)
    said: dict[str, Sequence[Seen | Found]] = {"G01": abuse, "G03": private, "G16": danger, **signs(text)}
    grounds = {code: words_of(text, pieces) for code, pieces in said.items() if pieces or code in ("G13", "G18")}
    if not grounds.keys() & {"G13", "G15", "G18"}:
        if asked := questions(text, model, lines):
            grounds["G11"] = asked
        if not (placed or has_place(text)):
            grounds["G12"] = ()
    return Screened(suggested(text, model, lines), private, abuse, danger, dict(sorted(grounds.items())))


def words_of(text: str, pieces: Sequence[Seen | Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(text[piece.start : piece.end].split()) for piece in pieces))


def suggested(text: str, model: Model, lines: Mapping[str, Line], *, at_most: int = 3) -> list[Suggested]:
    """Those to which at least one word leads, and that are in use."""
    return [each for each in model.suggest(text, at_most) if each.words and each.topic in lines]


def questions(text: str, model: Model, lines: Mapping[str, Line]) -> tuple[str, ...]:
    """The names of the topics, if the text asks about several things that are not of one category."""
    sure = SURE if ANOTHER.search(text) else QUITE_SURE
    told: dict[str, str] = {}
    for piece in [piece for piece in BREAK.split(text[:3000])[:PIECES_AT_MOST] if piece]:
        likeliest = suggested(piece, model, lines, at_most=8)
        if not likeliest:
            continue
        first = lines[likeliest[0].topic]
        if sum(each.score for each in likeliest if lines[each.topic].category == first.category) >= sure:
            told[first.category] = first.name
    return tuple(told.values()) if len(told) > 1 else ()
