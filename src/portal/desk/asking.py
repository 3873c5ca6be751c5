"""One visit to a desk: who asks, when, in which language, under which rules; and the form that did not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.model import Person
from domain.rulebook import Rulebook, rulebook
from portal.forms import Typed


@dataclass(frozen=True)
class Asked:
    person: Person
    at: datetime
    language: str
    book: Rulebook


@dataclass(frozen=True)
class Attempt:
    """A form that did not fit, or came too late: which one, what was typed, and what is wrong with it."""

    decision: str
    form: Typed
    errors: Mapping[str, str] = field(default_factory=dict)
    late: bool = False


async def asked(person: Person, at: datetime, language: str) -> Asked:
    return Asked(person, at, language, await rulebook())
