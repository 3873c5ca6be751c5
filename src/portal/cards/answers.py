"""An answer as citizens read it (§4.3): its outcome, its text, the department that gave it, its files (R17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain import fates
from domain.directories.reading import named_then
from domain.fates import Promise
from domain.model import Answer
from portal.cards.files import FileView
from portal.desk.answers import REMARKS, RemarkView

QUERY = f"""
SELECT an.id, an.round, an.outcome, an.greeting, an.text, an.public_text, an.approved_at AS at, an.published_at,
       an.informed, an.informed_on, an.informed_number, an.informed_file,
       {named_then("organisations", "o", "an.approved_at")} AS organisation,
       own.choice, own.remarks, own.at AS rated_at, {REMARKS.format(rating="own")} AS lines,
       r.choice = 'unsolved' AS contested, {fates.PROMISE} AS promise
FROM answer an JOIN message m ON m.id = an.message JOIN person p ON p.id = an.author
LEFT JOIN organisation o ON o.id = p.organisation
LEFT JOIN rating own ON own.answer = an.id AND own.person = {{}} {fates.DECISIVE} {fates.AFTERWARDS}
WHERE an.message = {{}} AND an.state = 'approved' ORDER BY an.round DESC
"""  # noqa: S608

Row = dict[str, Any]


@dataclass(frozen=True)
class InformedCard:
    """Another organisation that is competent and was told of the matter (R19); the proof is its author's to see."""

    organisation: str
    on: date
    number: str | None
    proof: FileView | None


@dataclass(frozen=True)
class AnswerCard:
    """`reworks` is how many times in a row it was asked for, `additional` that a promise came due before it."""

    id: int
    round: int
    outcome: str
    greeting: str | None
    text: str
    at: datetime
    organisation: str
    informed: InformedCard | None
    files: Sequence[FileView]
    promise: Promise | None
    reworks: int
    additional: bool
    replies: Sequence[RemarkView]


async def approved(case: int, reader: int = 0) -> list[Row]:
    """The answers that were let out, the newest first, each with its reader's rating and what it says to their remarks.

    Of several authors each reads their own words only (R10); everybody is nobody of them.
    """
    rows = await Answer.raw(QUERY, reader, case)
    before: Row = {"contested": False, "promise": None, "lines": [], "reworks": 0}
    for row in reversed(rows):
        contested = before["contested"]
        row["promise"] = fates.promise(row["promise"])
        row["reworks"] = before["reworks"] + 1 if contested else 0
        row["additional"] = before["promise"] is not None and not contested
        row["replies"] = [RemarkView(*line) for line in before["lines"]]
        before = row
    return rows


def answer(row: Row, files: Sequence[FileView], *, to_its_author: bool) -> AnswerCard:
    """The greeting names the author of the message, and the remarks are their words: both for them alone (R10)."""
    return AnswerCard(
        id=row["id"],
        round=row["round"],
        outcome=row["outcome"],
        greeting=row["greeting"] if to_its_author else None,
        text=row["text"],
        at=row["at"],
        organisation=row["organisation"] or "",
        informed=informed(row, files, to_its_author=to_its_author) if row["informed"] else None,
        files=files,
        promise=row["promise"],
        reworks=row["reworks"],
        additional=row["additional"],
        replies=row["replies"] if to_its_author else (),
    )


def informed(row: Row, files: Sequence[FileView], *, to_its_author: bool) -> InformedCard:
    """Everybody reads who was told and when; the number and the file are the author's to know (R10)."""
    organisation, on = row["informed"], row["informed_on"]
    if not to_its_author:
        return InformedCard(organisation, on, None, None)
    proof = next((file for file in files if file.id == row["informed_file"]), None)
    return InformedCard(organisation, on, row["informed_number"], proof)


def promises(rows: Sequence[Row]) -> list[Promise]:
    """The dates that were named in these answers, oldest first: each later one is a shift (R22)."""
    return [row["promise"] for row in reversed(rows) if row["promise"]]
