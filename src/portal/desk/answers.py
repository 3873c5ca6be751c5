"""The answers of a case, one a round, with their files and how they were rated (R15, R23)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from domain import fates
from domain.authors import Author
from domain.fates import Promise
from domain.wording import N_

# The remarks of a rating, line by line, each with what the next answer says to it.
REMARKS = """
ARRAY(SELECT one FROM (SELECT id, position, text, outcome, reply FROM remark
      WHERE rating = {rating}.id ORDER BY position) one)
"""
# Questions about the message `m`: cases.py asks them all in one statement. Their columns stand in the order of the
# fields below.
ANSWERS = f"""
SELECT an.id, an.round, an.state, an.outcome, an.greeting, an.text, an.planned_on, an.version, an.rules, an.remark,
       an.sent_for_review_at, an.approved_at, sa.name AS standard, an.standard_version, au.name AS author,
       rv.name AS reviewer, r.id AS rating, r.choice, r.remarks, r.at AS rated_at,
       an.informed, an.informed_on, an.informed_number, an.informed_file, an.confirmed,
       {REMARKS.format(rating="r")} AS lines, {fates.PROMISE} AS promise
FROM answer an JOIN person au ON au.id = an.author LEFT JOIN person rv ON rv.id = an.reviewer
{fates.DECISIVE} {fates.AFTERWARDS}
LEFT JOIN standard_answer_version sa ON sa.standard_answer = an.standard_answer AND sa.version = an.standard_version
WHERE an.message = m.id ORDER BY an.round DESC
"""
# Beside each file of an answer: the number of another message that it answers already (R16).
FILES = """
SELECT f.id, f.name, f.kind, f.size, f.width, f.height, f.state, f.reason, f.answer, f.rating,
       (SELECT om.number FROM attachment o JOIN answer oa ON oa.id = o.answer JOIN message om ON om.id = oa.message
        WHERE o.content_hash = f.content_hash AND f.answer IS NOT NULL AND om.id <> f.message AND oa.state <> 'draft'
        LIMIT 1) AS elsewhere, f.as_is, ARRAY(SELECT jsonb_object_keys(f.marks)) AS marks, f.pages, f.before
FROM attachment f WHERE f.message = m.id ORDER BY f.received_at, f.id
"""


# The marks of a photo (R14) in words, in the order of what to mend first.
MARKS = {
    "sideways": N_("lies on its side"),
    "borders": N_("wide borders"),
    "small": N_("too small"),
    "dark": N_("too dark"),
    "blurred": N_("blurred"),
    "pages": N_("several pages, the first is shown"),
}


def named(marks: Iterable[str]) -> list[str]:
    known = set(marks)
    return [label for mark, label in MARKS.items() if mark in known]


@dataclass(frozen=True)
class File:
    """`before` is the photo of the question beside which one of the answer is shown."""

    id: UUID
    name: str
    kind: str
    size: int
    width: int | None
    height: int | None
    state: str
    reason: str | None
    answer: int | None
    rating: int | None
    elsewhere: str | None
    as_is: bool
    marks: Sequence[str] = ()
    pages: int | None = None
    before: "File | None" = None

    @property
    def unfit(self) -> list[str]:
        return named(self.marks)

    @property
    def photo(self) -> bool:
        return self.url is not None and not self.pages

    @property
    def several(self) -> bool:
        """A scan in TIFF of which only the first page is shown."""
        return "pages" in self.marks

    @property
    def url(self) -> str | None:
        return f"/files/{self.id}/small" if self.state == "ready" else None

    @property
    def medium(self) -> str:
        return f"/files/{self.id}/medium"

    @property
    def full(self) -> str:
        """A scan in PDF has a page of its own, where its pages stand one below the other."""
        return f"/files/{self.id}" if self.pages else f"/files/{self.id}/large"


@dataclass(frozen=True)
class RemarkView:
    """One line of the remarks; `outcome` is done or explained once the next answer has gone through it."""

    id: int
    position: int
    text: str
    outcome: str | None
    reply: str


@dataclass(frozen=True)
class AnswerView:
    """One round: the answer with its files, and the rating that it got with the files of the remarks.

    `lines` are the remarks to it, `replies` those to the answer before, which this one goes through.
    """

    id: int
    round: int
    state: str
    outcome: str | None
    greeting: str | None
    text: str
    planned_on: date | None
    version: int
    rules: list[str]
    remark: str | None
    sent_for_review_at: datetime | None
    approved_at: datetime | None
    standard: str | None
    standard_version: int | None
    author: str
    reviewer: str | None
    rating: int | None
    choice: str | None
    remarks: str | None
    rated_at: datetime | None
    informed: str | None
    informed_on: date | None
    informed_number: str | None
    informed_file: UUID | None
    confirmed: list[str]
    lines: list[RemarkView]
    promise: Promise | None
    replies: list[RemarkView] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    rating_files: list[File] = field(default_factory=list)

    @property
    def proof(self) -> File | None:
        """The file that shows that another organisation was told (R19)."""
        return next((file for file in self.files if file.id == self.informed_file), None)


def files(rows: Sequence[Sequence[Any]]) -> list[File]:
    """Everything attached to the message, its answers and the remarks to them; their last column is the pair."""
    alone = {row[0]: File(*row[:-1]) for row in rows}
    return [replace(alone[row[0]], before=alone.get(row[-1])) for row in rows]


def answers(rows: Sequence[Sequence[Any]], files: Sequence[File], author: Author) -> list[AnswerView]:
    """The latest round first, each with its own files; how it addresses the author waits to be opened (R10)."""
    views = [seen(read(row), author) for row in rows]
    for place, view in enumerate(views):
        view.replies.extend(to_be_answered(views[place + 1 :]))
        view.files.extend(file for file in files if file.answer == view.id)
        view.rating_files.extend(file for file in files if file.rating is not None and file.rating == view.rating)
    return views


def read(row: Sequence[Any]) -> AnswerView:
    """A row of ANSWERS, with the rows that lie in it."""
    view = AnswerView(*row)
    lines, promise = cast(Any, view.lines), cast(Any, view.promise)
    return replace(view, lines=[RemarkView(*line) for line in lines], promise=fates.promise(promise))


def seen(view: AnswerView, author: Author) -> AnswerView:
    lines = [replace(line, text=author.voiced(line.text)) for line in view.lines]
    remarks = view.remarks and author.voiced(view.remarks)
    return replace(view, greeting=view.greeting if author.contacts else None, remarks=remarks, lines=lines)


def to_be_answered(earlier: Sequence[AnswerView]) -> list[RemarkView]:
    """The remarks to the last answer that the citizen got: whatever was drafted since has not reached them."""
    return next((each.lines for each in earlier if each.state == "approved"), [])
