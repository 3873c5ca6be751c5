"""A frozen case file as the members of the commission read it (§4.4, R27): nothing in it is looked up anew."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from domain import case_files
from domain.authors import Author, author_of
from domain.model import CaseFile, Person
from domain.terms import Owed
from domain.wording import translations
from portal.clocks import LABELS
from portal.desk import journal
from portal.desk.headlines import headline
from portal.desk.journal import Entry
from portal.explanations import explanation

MOMENTS = (
    "sent_at", "registered_at", "approved_at", "sent_for_review_at", "rated_at", "met_at", "missed_at", "void_at",
    "opened_at", "runs_out_at", "at",
)  # fmt: skip
DAYS = ("planned_on", "due_on", "informed_on")


@dataclass(frozen=True)
class FrozenCase:
    file: CaseFile
    author: Author
    title: str
    message: dict[str, Any]
    answers: list[dict[str, Any]]
    clocks: list[dict[str, Any]]
    files: list[dict[str, Any]]
    journal: list[Entry]


async def frozen(file: CaseFile, language: str, *, by: Person, at: datetime) -> FrozenCase:
    """The content of the file, with its hash proved right; names and dates are those of then.

    What it says of its author is shown as anywhere else: a file that was frozen before 0046 holds their name.
    """
    author = await author_of(file.message, by=by, at=at)
    content = case_files.opened(file)
    words = translations(language)
    clocks = [dated(each) for each in content["clocks"]]
    # What the journal of today tells beyond what was kept then is not told.
    events = [defaultdict(lambda: None, dated(each)) for each in content["journal"]]
    return FrozenCase(
        file=file,
        author=author,
        title=headline(author.veiled(content["message"]["text"])),
        message=veiled(dated(content["message"]), author),
        # Files that were frozen before remarks were lines have none.
        answers=[{"lines": [], **veiled(dated(each), author)} for each in reversed(content["answers"])],
        clocks=[
            {
                **each,
                "owed_by": owing(each),
                "label": words.gettext(label),
                "why": explanation(counted(each), events, language=language),
            }
            for each in clocks
            for label in [LABELS[each["kind"]]]
        ],
        files=content["files"],
        journal=journal.journal(events, language=language, veiled=author.voiced),
    )


def owing(clock: dict[str, Any]) -> str | None:
    """The official who owed it; what its author owed, a reply or a rating, is told without a name."""
    return None if clock["kind"] in (Owed.CLARIFICATION, Owed.RATING) else clock["owed_by"]


def counted(clock: dict[str, Any]) -> Any:
    """As a row of `term`; a file that was frozen before counts were kept says nothing of them."""
    return SimpleNamespace(**{"counting": None, "met_at": None, "missed_at": None, "void_at": None} | clock)


def veiled(row: dict[str, Any], author: Author) -> dict[str, Any]:
    """What the author wrote in the message or to an answer; what officials wrote stays as it is."""
    theirs = {"remarks": row["remarks"] and author.voiced(row["remarks"])} if "remarks" in row else {}
    if "address" in row:
        theirs = {"text": author.veiled(row["text"]), "address": author.place(row["address"])}
    lines = [{**line, "text": author.voiced(line["text"])} for line in row.get("lines", ())]
    return {**row, **theirs, **({"lines": lines} if "lines" in row else {})}


def dated(row: dict[str, Any]) -> dict[str, Any]:
    """The moments and days of a row as such; JSON has them as words."""
    moments = {name: datetime.fromisoformat(row[name]) for name in MOMENTS if row.get(name)}
    days = {name: date.fromisoformat(row[name]) for name in DAYS if row.get(name)}
    return {**row, **moments, **days}
