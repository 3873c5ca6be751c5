"""The four ways in which the domain says no.

Each carries a sentence for the person (an English msgid and its values), so that the portal can say it in their
language; the portal alone knows which HTTP number belongs to which way.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Sentence(NamedTuple):
    """A msgid of the catalogue and the values that its placeholders take."""

    msgid: str
    values: Mapping[str, Any]


def say(msgid: str, **values: Any) -> Sentence:
    return Sentence(msgid, values)


class Refusal(Exception):
    """What the four have in common: a sentence that says what happened and what to do."""

    def __init__(self, msgid: str, **values: Any) -> None:
        super().__init__(msgid % values if values else msgid)
        self.sentence = say(msgid, **values)


class NotAllowed(Refusal):
    """This person may never do this."""


class OutOfTurn(Refusal):
    """Not in this state, or no longer in time."""


class Stale(Refusal):
    """Somebody else moved the message first; `sentence` says who and what."""


class Unfit(Refusal):
    """What was sent does not fit; `errors` names each field that the person can mend."""

    def __init__(self, errors: Mapping[str, Sentence]) -> None:
        super().__init__("Please mend what is marked.")
        self.errors = dict(errors)
