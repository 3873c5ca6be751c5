"""Which letters and pushes a citizen wants (§3, §4.3): whatever is switched off still stands in the cabinet."""

from collections.abc import Iterable
from enum import StrEnum

from domain.model import Person


class Subject(StrEnum):
    """What letters and pushes are about, as far as they may be declined.

    The link of a letter names its subject by its place here, so a new one comes last.
    """

    PROGRESS = "progress"
    QUESTIONS = "questions"
    ANSWERS = "answers"


# By the names of the letters; those of officials are their work and stand nowhere here, nor does a block (R29).
SUBJECT_OF = {
    "taken_in": Subject.PROGRESS,
    "registered": Subject.PROGRESS,
    "joined": Subject.PROGRESS,
    "detached": Subject.PROGRESS,
    "sent_to_rework": Subject.PROGRESS,
    "promise_came": Subject.PROGRESS,
    "brought_to_commission": Subject.PROGRESS,
    "closed_unrated": Subject.PROGRESS,
    "questioned": Subject.QUESTIONS,
    "refused": Subject.QUESTIONS,
    "answered": Subject.ANSWERS,
    "commission_decided": Subject.ANSWERS,
}
# §4.4 has it told by letter; its push may be declined.
ALWAYS_BY_LETTER = {"sent_to_rework"}
ONE_LESS = """
UPDATE person SET unwanted = unwanted || {}::text WHERE id = {} AND NOT unwanted @> ARRAY[{}::text] RETURNING id
"""


def declined_with(letter: str) -> Subject | None:
    """The subject with which this letter is declined; none when it is always sent."""
    return None if letter in ALWAYS_BY_LETTER else SUBJECT_OF.get(letter)


def wants(person: Person, letter: str) -> bool:
    return declined_with(letter) not in person.unwanted


def wants_push(person: Person, letter: str) -> bool:
    """Whether the browsers of this person are told of what this letter tells."""
    return SUBJECT_OF.get(letter) not in person.unwanted_pushes


async def choose(person: Person, wanted: Iterable[Subject]) -> None:
    """From now on letters about these subjects and no others."""
    await Person.update({Person.unwanted: all_but(wanted)}).where(Person.id == person.id)


async def choose_pushes(person: Person, wanted: Iterable[Subject]) -> None:
    """From now on pushes about these subjects and no others."""
    await Person.update({Person.unwanted_pushes: all_but(wanted)}).where(Person.id == person.id)


def all_but(wanted: Iterable[Subject]) -> list[str]:
    chosen = set(wanted)
    return [subject.value for subject in Subject if subject not in chosen]


async def decline(person: int, subject: Subject) -> None:
    """No more letters about this subject; the others stay as they were chosen."""
    await Person.raw(ONE_LESS, subject.value, person, subject.value)
