"""What in a clause promises a deed (R18): a future of ours or theirs, a plan, a present with a time to come."""

from typing import NamedTuple

from domain.promises.clauses import PREDICATES, Clause
from domain.promises.phrases import (
    ABOUT,
    BETWEEN,
    BY_LAW,
    CONSEQUENCE,
    FORESEEN,
    HABIT,
    NEGATED,
    NEGATIONS,
    NO_DEED,
    OBLIGED,
    OTHERS,
    PLANS,
    READERS,
    SAYING,
    SOON,
    SPEAKING,
    STATES,
    UNDERTAKES,
    WAS,
    WOULD,
)
from domain.promises.speech import Form, Word


class Span(NamedTuple):
    start: int
    end: int


def times(clause: Clause) -> list[Span]:
    """Vague times: none of them is a date that somebody could hold in hand."""
    found = [*SOON.finditer(clause.plain), *ABOUT.finditer(clause.plain)]
    return [
        Span(clause.start + match.start(), clause.start + match.end())
        for match in found
        if not clause.plain[: match.start()].endswith("не ")
    ]


def promise(clause: Clause, *, timed: bool) -> Span | None:
    """The words that promise, if any do. `timed` tells that a time is named for this clause, exact or vague."""
    if WOULD.search(clause.plain):
        return None
    for place, word in enumerate(clause.words):
        if not negated(clause.words, place) and (span := by_verb(clause, place, word, timed)):
            return span
    return by_plan(clause) or by_duty(clause, timed)


def by_verb(clause: Clause, place: int, word: Word, timed: bool) -> Span | None:
    match word.form:
        case Form.BE:
            return future_of_be(clause.words, place, timed)
        case Form.FUTURE if is_deed(clause, place, word, timed):
            return Span(word.start, word.end)
        case Form.MAYBE if timed or (word.reading.person == "1per" and not HABIT.search(clause.plain)):
            is_said = word.reading.lemma in SPEAKING
            return Span(word.start, word.end) if is_deed(clause, place, word, timed) and not is_said else None
        case Form.PRESENT if timed and is_beginning(clause, word):
            return Span(word.start, word.end)
        case _:
            return None


def negated(words: list[Word], place: int) -> bool:
    before = [word.text for word in words[max(0, place - 3) : place]]
    while before and before[-1] in BETWEEN:
        before.pop()
    return bool(before) and before[-1] in NEGATIONS


def future_of_be(words: list[Word], place: int, timed: bool) -> Span | None:
    """«будет» with what it leads: a participle, an infinitive, a state; alone it promises only with a time."""
    around = [word.text for word in (*words[max(0, place - 1) : place], *words[place + 1 : place + 3])]
    following = words[place + 1].text if place + 1 < len(words) else ""
    if following in ("не", "ли", "бы") or any(NO_DEED.fullmatch(each) for each in around):
        return None
    near = [*words[place + 1 : place + 9], *reversed(words[max(0, place - 4) : place])]
    led = next((word for word in near if word.form in (Form.DONE, Form.INFINITIVE)), None)
    led = led or next((word for word in near[:3] if STATES.fullmatch(word.text)), None)
    last = place == len(words) - 1 and place > 0  # «площадка будет»
    if led is None and (not (timed or last) or "это" in around):
        return None
    ends = [words[place], *([led] if led else [])]
    return Span(min(word.start for word in ends), max(word.end for word in ends))


def is_deed(clause: Clause, place: int, word: Word, timed: bool) -> bool:
    lemma, person = word.reading.lemma, word.reading.person
    following = clause.words[place + 1] if place + 1 < len(clause.words) else None
    if following is not None and following.text == "ли":
        return False
    if lemma == "смочь":
        return person == "1per" or timed
    if lemma == "стать":
        return following is not None and not NO_DEED.fullmatch(following.text)
    subject = {each.text for each in clause.words[:place]}
    return lemma not in SAYING and not (person == "3per" and (lemma in CONSEQUENCE or subject & OTHERS))


def is_beginning(clause: Clause, word: Word) -> bool:
    """«приступаем на следующей неделе»: a present that means the future."""
    if READERS.search(clause.plain) or HABIT.search(clause.plain):
        return False
    if UNDERTAKES.fullmatch(word.text):
        return True
    ours = word.reading.person == "1per" and word.reading.lemma not in SPEAKING
    return ours and SOON.search(clause.plain) is not None


def by_plan(clause: Clause) -> Span | None:
    text = clause.plain
    for match in PLANS.finditer(text):
        said = match[0]
        if past_or_negated(text, match.start(), match.end()) or ("план" in said and NEGATED.search(text)):
            continue
        if READERS.search(text) and said == "предстоит":
            continue
        return Span(clause.start + match.start(), clause.start + match.end())
    foreseen = FORESEEN.search(text)
    if foreseen and not past_or_negated(text, foreseen.start(), foreseen.end()) and not BY_LAW.search(text):
        return Span(clause.start + foreseen.start(), clause.start + foreseen.end())
    return None


def past_or_negated(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 24) : start].split(), text[end : end + 8].split()
    while before and before[-1] in BETWEEN:
        before.pop()
    told = before[-1] if before else ""
    return told in NEGATIONS or WAS.fullmatch(told) is not None or bool(after and WAS.fullmatch(after[0]))


def by_duty(clause: Clause, timed: bool) -> Span | None:
    """«подрядчик обязан устранить до …»: a duty with a time is a promise in another's name."""
    duty = OBLIGED.search(clause.plain)
    if duty is None or not timed or READERS.search(clause.plain):
        return None
    if past_or_negated(clause.plain, duty.start(), duty.end()):
        return None
    return Span(clause.start + duty.start(), clause.start + duty.end())


def speaks(clause: Clause) -> bool:
    """Whether the clause has a predicate of its own, so that its times belong to it."""
    return clause.has(*PREDICATES)
