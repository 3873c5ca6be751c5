"""What a program finds in the words of an answer and a person judges (R18, R19): pointed out, and never refused.

The executor mends it, or insists on it word for word; the reviewer sees both.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain import competence, follow_ups, informing, promises
from domain.errors import Sentence, Unfit, say
from domain.informing import Informed
from domain.wording import N_

UNDATED = N_("“%(words)s” promises without an exact date (clause 4.2).")
ANOTHER_DAY = N_("“%(words)s” names another date than the date of the solution (clause 4.2).")
ELSEWHERE = N_("“%(words)s”: the answer does not say which organisation was informed, and when (clause 4.2).")


@dataclass(frozen=True)
class Point:
    """`words` stand in the text as they are quoted, but for line breaks and the mark at their end."""

    rule: str
    words: str
    sentence: Sentence


def of(answer: Any, *, today: date) -> list[Point]:
    """Of an answer as the table or as a page has it."""
    said = {"outcome": answer.outcome, "planned_on": answer.planned_on, "informed": informing.of(answer)}
    return points(answer.text, **said, today=today)


def points(text: str, *, outcome: str | None, planned_on: date | None, informed: Informed, today: date) -> list[Point]:
    """Promises without a date (R18), another date than the one named, another organisation without proof (R19)."""
    own = follow_ups.unquoted(text)
    found = planned(own, planned_on, today) if outcome == "planned" else undated(own, today)
    if not informed:
        found += [point("R19", each.text, ELSEWHERE) for each in competence.find(own)]
    return list({each.words: each for each in found}.values())


def undated(text: str, today: date) -> list[Point]:
    return [point("R18", each.text, UNDATED) for each in promises.undated(text, today=today)]


def planned(text: str, planned_on: date | None, today: date) -> list[Point]:
    """A planned answer has its date in a field of its own; the text may name earlier steps, and no other end."""
    dated = [each for each in promises.find(text, today=today) if each.date]
    if planned_on is None or not dated:
        return []
    last = max(dated, key=lambda each: each.date or today)
    if last.date == planned_on:
        return []
    return [point("R18", last.text, ANOTHER_DAY)]


def point(rule: str, words: str, sentence: str) -> Point:
    quoted = " ".join(words.split()).rstrip(".,;:")
    return Point(rule, quoted, say(sentence, words=quoted))


def insisted(found: Collection[Point], insists: Collection[str]) -> list[str]:
    """The words that the executor insists on; Unfit while something pointed out is neither mended nor insisted on."""
    if any(each.words not in insists for each in found):
        raise Unfit({"insists": say("Mend what is pointed out, or confirm that it is right as it is (clause 4.2).")})
    return [each.words for each in found]
