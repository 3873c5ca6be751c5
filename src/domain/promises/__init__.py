"""Promises in free text (§4.2, R18): found by the forms of Russian words, each with its exact date or without one.

    find("Яму заделаем в ближайшее время.", today=…) → [Promise(4, 30, "заделаем в ближайшее время", None)]

Pure: a text and a day in, places in the text out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.promises.clauses import Clause, Sentence, sentences
from domain.promises.dates import Day, days
from domain.promises.phrases import ABOUT, ASKING, BEGINNING, DEEDS, IF, OURS, PARTICIPLE, REPORTED, SOON
from domain.promises.predicates import Span, promise, speaks, times


@dataclass(frozen=True)
class Promise:
    """`text` is what stands from `start` to `end`, in characters; no `date` means that none is named exactly."""

    start: int
    end: int
    text: str
    date: date | None


@dataclass(frozen=True)
class Claim:
    """A promise of one clause: the words that promise, and the times that belong to them."""

    clause: int
    words: Span
    day: Day | None
    vague: tuple[Span, ...] = ()
    begins: bool = False
    beside: Day | None = None  # the date of another promise of the same breath

    def span(self) -> Span:
        parts = [self.words, *self.vague, *([Span(self.day.start, self.day.end)] if self.day else [])]
        return Span(min(part.start for part in parts), max(part.end for part in parts))


def find(text: str, *, today: date) -> list[Promise]:
    """Every promise of the text, in its order. Whatever the text is, it is read once from end to end."""
    told = [(sentence, of_sentence(sentence, today)) for sentence in sentences(text)]
    found: list[Promise] = []
    for place, (_, claims) in enumerate(told):
        beside = [told[near][0] for near in (place + 1, place - 1) if 0 <= near < len(told) and not told[near][1]]
        term = next((day for sentence in beside if (day := named_term(sentence, today))), None)
        for claim in claims:
            start, end = claim.span()
            day = claim.day or claim.beside or (term if not claim.vague else None)
            found.append(Promise(start, end, text[start:end], day.date if day else None))
    return found


def undated(text: str, *, today: date) -> list[Promise]:
    """Those that break clause 4.2."""
    return [each for each in find(text, today=today) if each.date is None]


def named_term(sentence: Sentence, today: date) -> Day | None:
    """«Срок – 15 декабря 2026 года.» dates the promise of the sentence beside it."""
    if "срок" not in sentence.text or any(speaks(clause) for clause in sentence.clauses):
        return None
    found = days(sentence.text, today)
    return found[-1] if found else None


def of_sentence(sentence: Sentence, today: date) -> list[Claim]:
    if sentence.asks:
        return []
    said = [Time.of(clause, today) for clause in sentence.clauses]
    claims = list(spoken(sentence.clauses, said))
    claims = claims or list(unspoken(sentence, said))
    return shared([gathered(claim, claims, sentence.clauses, said) for claim in claims])


@dataclass(frozen=True)
class Time:
    """What a clause says of time."""

    day: Day | None
    vague: tuple[Span, ...]

    @classmethod
    def of(cls, clause: Clause, today: date) -> "Time":
        exact = days(clause.plain, today)
        chosen = next((day for day in reversed(exact) if is_limit(clause, day)), exact[-1] if exact else None)
        shifted = replace(chosen, start=chosen.start + clause.start, end=chosen.end + clause.start) if chosen else None
        return cls(shifted, tuple(times(clause)))

    def __bool__(self) -> bool:
        return self.day is not None or bool(self.vague)


def is_limit(clause: Clause, day: Day) -> bool:
    return clause.plain[: day.start].rstrip().endswith((" до", " к", " по", "позднее", "позже", "срок"))


def spoken(clauses: Sequence[Clause], said: Sequence[Time]) -> Iterator[Claim]:
    """Promises made by a predicate; conditions, questions and the words of others make none."""
    conditional = any(IF.search(clause.plain) for clause in clauses)
    anytime = any(said)
    reported = quoted = False
    for place, clause in enumerate(clauses):
        reported = (reported or REPORTED.search(clause.plain) is not None) and not OURS.search(clause.plain)
        quoted = reported and (
            clause.first in ("что", "чтобы", "будто", "якобы", "о") or (quoted and clause.after != ",")
        )
        if quoted or asks(clause) or (conditional and not anytime):
            continue
        near = bool(said[place]) or (
            place + 1 < len(clauses) and bool(said[place + 1]) and not speaks(clauses[place + 1])
        )
        if span := promise(clause, timed=near):
            begins = BEGINNING.match(clause.plain, span.start - clause.start) is not None
            yield Claim(place, span, said[place].day, said[place].vague, begins)


def asks(clause: Clause) -> bool:
    """«когда будет …», «если приедут …», «будет ли …»."""
    return clause.first in ASKING or any(word.text == "ли" for word in clause.words)


def unspoken(sentence: Sentence, said: Sequence[Time]) -> Iterator[Claim]:
    """«Ремонт – в ближайшее время»: a deed and a time without any verb."""
    run: list[int] = []
    for place, clause in enumerate([*sentence.clauses, None]):
        if clause is not None and not speaks(clause):
            run.append(place)
            continue
        if run and (span := nominal([sentence.clauses[each] for each in run], alone=len(run) == len(sentence.clauses))):
            timed = next(each for each in run if said[each])
            yield Claim(timed, span, said[timed].day, said[timed].vague)
        run = []


def nominal(run: Sequence[Clause], *, alone: bool) -> Span | None:
    text = " ".join(clause.plain for clause in run)
    dashed = any(clause.after in ("-", "–", "—", ":") for clause in run[1:])
    soon = SOON.search(text)
    if not ((alone and soon) or (DEEDS.search(text) and (alone or dashed) and (soon or ABOUT.search(text)))):
        return None
    whole = [word for clause in run for word in clause.words]
    return Span(whole[0].start, whole[-1].end)


def gathered(claim: Claim, claims: Sequence[Claim], clauses: Sequence[Clause], said: Sequence[Time]) -> Claim:
    """Times that stand in clauses of no predicate belong to the promise beside them."""
    taken = {each.clause for each in claims}
    for step in (1, -1):
        place = claim.clause + step
        while 0 <= place < len(clauses) and place not in taken and is_free(clauses[place]):
            day = claim.day or said[place].day
            claim = replace(claim, day=day, vague=claim.vague or said[place].vague)
            place += step
    return claim


def is_free(clause: Clause) -> bool:
    """«, а бордюр – до 5 декабря» begins another matter."""
    other = clause.first == "а" and "именно" not in clause.plain
    return not other and not speaks(clause) and not PARTICIPLE.search(clause.plain)


def shared(claims: Sequence[Claim]) -> list[Claim]:
    """One date for all that is promised in one breath: «до 15 декабря заделаем яму и починим тротуар»."""
    dated = [claim for claim in claims if claim.day]
    if not dated:
        return list(claims)
    return [claim if claim.day or stands_open(claim) else replace(claim, beside=near(claim, dated)) for claim in claims]


def stands_open(claim: Claim) -> bool:
    """A vague time of its own takes no date of another; who only begins soon may well end on a day that is named."""
    return bool(claim.vague) and not claim.begins


def near(claim: Claim, dated: Sequence[Claim]) -> Day | None:
    return min(dated, key=lambda each: abs(each.clause - claim.clause)).day
