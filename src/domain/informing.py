"""Another organisation is competent: the answer says which one was told, when, and how that is proved (§4.2, R19)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.errors import Sentence, say
from domain.workdays import in_town

ORGANISATION_AT_MOST = 200
NUMBER_AT_MOST = 60


@dataclass(frozen=True)
class Informed:
    """Who was told, on which day, and the proof: an outgoing number, or a file of the answer."""

    organisation: str = ""
    on: date | None = None
    number: str = ""
    file: UUID | None = None

    def __bool__(self) -> bool:
        return any((self.organisation.strip(), self.on, self.number.strip(), self.file))

    def columns(self) -> dict[Any, Any]:
        return {
            "informed": self.organisation.strip() or None,
            "informed_on": self.on,
            "informed_number": self.number.strip() or None,
            "informed_file": self.file,
        }


NOBODY = Informed()


def of(answer: Any) -> Informed:
    """What an answer says of it, whether it comes from the table or from a page."""
    return Informed(answer.informed or "", answer.informed_on, answer.informed_number or "", answer.informed_file)


def too_long(informed: Informed) -> dict[str, Sentence]:
    """What does not even fit into a draft."""
    lengths = {"informed": ORGANISATION_AT_MOST, "informed_number": NUMBER_AT_MOST}
    written = {"informed": informed.organisation, "informed_number": informed.number}
    return {
        name: say("No more than %(max_length)s characters fit here.", max_length=most)
        for name, most in lengths.items()
        if len(written[name]) > most
    }


def misfits(
    informed: Informed, *, sent_at: datetime, at: datetime, files: Collection[UUID] = ()
) -> dict[str, Sentence]:
    """What the proof lacks; nothing said of another organisation needs none. `files` are those of the answer."""
    if not informed:
        return {}
    errors: dict[str, Sentence] = {}
    if not informed.organisation.strip():
        errors["informed"] = say("Name the organisation that was informed (clause 4.2).")
    if wrong := wrong_day(informed.on, in_town(sent_at).date(), in_town(at).date()):
        errors["informed_on"] = wrong
    if informed.file is not None and informed.file not in files:
        errors["informed_file"] = say("Choose the proof among the files of this answer (clause 4.2).")
    elif not informed.number.strip() and informed.file is None:
        errors["informed_number"] = say(
            "Prove that the organisation was informed: an outgoing number or a file of the answer (clause 4.2)."
        )
    return errors


def wrong_day(on: date | None, first: date, today: date) -> Sentence | None:
    if on is None:
        return say("Say on which day the organisation was informed (clause 4.2).")
    if on > today:
        return say("The organisation is informed before the answer goes: this day is still to come (clause 4.2).")
    if on < first:
        return say("The organisation is informed of this message: this day is before it was sent (clause 4.2).")
    return None
