"""An answer as citizens read it (§4.3): its outcome, its text, the department that gave it, its files (R17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.model import Answer
from portal.cards.files import FileView

QUERY = """
SELECT an.id, an.round, an.outcome, an.greeting, an.text, an.public_text, an.planned_on, an.approved_at AS at,
       an.published_at, an.informed, an.informed_on, an.informed_number, an.informed_file,
       o.name AS organisation, r.choice, r.remarks, r.at AS rated_at
FROM answer an JOIN person p ON p.id = an.author LEFT JOIN organisation o ON o.id = p.organisation
LEFT JOIN rating r ON r.answer = an.id
WHERE an.message = {} AND an.state = 'approved' ORDER BY an.round DESC
"""

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
    id: int
    round: int
    outcome: str
    greeting: str | None
    text: str
    planned_on: date | None
    at: datetime
    organisation: str
    informed: InformedCard | None
    files: Sequence[FileView]


async def approved(message: int) -> list[Row]:
    """The answers that were let out, the newest first, each with its rating."""
    return await Answer.raw(QUERY, message)


def answer(row: Row, files: Sequence[FileView], *, to_its_author: bool) -> AnswerCard:
    """The greeting names the author of the message, and so is for them alone (R10)."""
    return AnswerCard(
        id=row["id"],
        round=row["round"],
        outcome=row["outcome"],
        greeting=row["greeting"] if to_its_author else None,
        text=row["text"],
        planned_on=row["planned_on"] if row["outcome"] == "planned" else None,
        at=row["at"],
        organisation=row["organisation"] or "",
        informed=informed(row, files, to_its_author=to_its_author) if row["informed"] else None,
        files=files,
    )


def informed(row: Row, files: Sequence[FileView], *, to_its_author: bool) -> InformedCard:
    """Everybody reads who was told and when; the number and the file are the author's to know (R10)."""
    organisation, on = row["informed"], row["informed_on"]
    if not to_its_author:
        return InformedCard(organisation, on, None, None)
    proof = next((file for file in files if file.id == row["informed_file"]), None)
    return InformedCard(organisation, on, row["informed_number"], proof)
