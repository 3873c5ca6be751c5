"""The way of a message in five steps, for its author and for everybody (§3–§4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date

from domain.model import Message
from domain.moves import Status
from domain.terms import ANSWERS, Owed
from domain.wording import N_, translations
from domain.workdays import TOWN
from portal.clocks import Timed

S = Status
ICONS = ("send", "hash", "wrench", "message-square-text", "star")
NAMES = (N_("Sent"), N_("Registered"), N_("In work"), N_("Answer"), N_("Rating"))
# Which step a message stands at; before it everything is done, after it everything is ahead.
PLACE = {
    S.SUBMITTED: 1, S.QUESTIONED: 1, S.REFUSED: 1,
    S.JOINED: 2, S.REGISTERED: 2, S.HANDED_BACK: 2, S.IN_WORK: 2, S.REWORK: 2, S.FOLLOW_UP: 2,
    S.IN_REVIEW: 3, S.SENT_BACK: 3, S.ANSWERED: 4, S.PROMISED: 4, S.COMMISSION: 4, S.CLOSED: 5,
}  # fmt: skip
SPECIAL = {
    S.SUBMITTED: N_("Registration"),
    S.QUESTIONED: N_("Question to you"),
    S.REFUSED: N_("Registration refused"),
    S.JOINED: N_("Joined to another"),
    S.REWORK: N_("Rework"),
    S.FOLLOW_UP: N_("Additional answer"),
    S.PROMISED: N_("The promised day"),
    S.COMMISSION: N_("Commission"),
}
WAITS_FOR = {1: (Owed.DECISION,), 2: (Owed.ACCEPTANCE,), 3: ANSWERS}
WAITS_AT_THE_END = {S.ANSWERED: Owed.RATING, S.PROMISED: Owed.PROMISE}


@dataclass(frozen=True)
class Step:
    name: str
    note: str
    icon: str
    state: str


def steps(
    message: Message, case: Message, status: Status, terms: Sequence[Timed], organisation: str, language: str
) -> list[Step]:
    """`status` may be a plainer one than the message's own: what the public sees of it.

    `case` is the message whose answer it gets: another one where it is joined to that.
    """
    place = PLACE[status]
    words = translations(language)
    names = [SPECIAL.get(status, name) if step == place else name for step, name in enumerate(NAMES)]
    notes = done_notes(message, case, organisation, language)
    return [
        Step(
            name=words.gettext(names[step]),
            note=notes[step] if step < place else ahead_note(step, status, terms, language),
            icon=ICONS[step],
            state="done" if step < place else "current" if step == place else "ahead",
        )
        for step in range(len(NAMES))
    ]


def done_notes(message: Message, case: Message, organisation: str, language: str) -> list[str]:
    moments = (message.sent_at, message.registered_at, None, case.answered_at, case.closed_at)
    notes = [day(moment, language) if moment else "" for moment in moments]
    notes[2] = organisation
    return notes


def ahead_note(step: int, status: Status, terms: Sequence[Timed], language: str) -> str:
    """The day by which this step is due, where its clock runs."""
    kinds: tuple[Owed, ...] = WAITS_FOR.get(step, ())
    if step == len(NAMES) - 1 and status in WAITS_AT_THE_END:
        kinds = (WAITS_AT_THE_END[status],)
    running = [term for term in terms if term.kind in kinds and term.met_at is None and term.void_at is None]
    if not running:
        return ""
    return translations(language).gettext("by %(day)s") % {"day": day(running[-1].due_on, language)}


def day(value: date | datetime, language: str) -> str:
    return written(value.astimezone(TOWN).date() if isinstance(value, datetime) else value, language)


@lru_cache(1024)
def written(value: date, language: str) -> str:
    return format_date(value, "d MMMM", locale=language)
