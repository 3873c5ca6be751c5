"""How a term came by its last day (R04–R06, R30, R34): what began it, the rule, every day, what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from domain import counting
from domain.counting import Counting
from domain.events import Kind
from domain.terms import Owed
from domain.wording import N_, translations
from domain.workdays import in_town
from portal.cards.steps import day
from portal.clock_days import ExplainedDay, explained
from portal.clocks import Timed, limit_of, why_counted_again

BEGAN = {
    Owed.REGISTRATION: N_("Sent on %(moment)s."),
    Owed.DECISION: N_("Sent on %(moment)s."),
    Owed.CLARIFICATION: N_("Asked on %(moment)s."),
    Owed.ACCEPTANCE: N_("Sent to the executor on %(moment)s."),
    Owed.RETURN: N_("Sent to the executor on %(moment)s."),
    Owed.ANSWER: N_("Registered on %(moment)s."),
    Owed.REWORK: N_("Rated “not solved” on %(moment)s."),
    Owed.FOLLOW_UP: N_("The promised day came: %(day)s."),
    Owed.INSTRUCTION: N_("The commission named this day in its decision of %(moment)s. The calendar does not move it."),
    Owed.PART: N_("The executor of the case named this day on %(moment)s. The calendar does not move it."),
    Owed.PROMISE: N_("The executor named this day in the answer of %(moment)s. The calendar does not move it."),
    Owed.RATING: N_("The answer was sent on %(moment)s."),
}
NAMED_ENDS = {
    Owed.INSTRUCTION: N_("It is late when that day is over."),
    Owed.PART: N_("It is late when that day is over."),
    Owed.PROMISE: N_("When that day comes, an additional answer is due."),
}
TO_THE_END = N_("The last day is counted to its end.")
PROVISIONAL = N_("A year of these days has no official calendar yet: the date is provisional.")


class Countable(Timed, Protocol):
    """A row of `term`, as far as its explanation needs to know it."""

    @property
    def id(self) -> int: ...
    @property
    def missed_at(self) -> datetime | None: ...
    @property
    def counting(self) -> str | None: ...


@dataclass(frozen=True)
class Explanation:
    """`sentences` say from what and by which rule; `days` are empty where a day was named or every day counts."""

    sentences: Sequence[str]
    days: Sequence[ExplainedDay]
    again: Sequence[str]
    provisional: str | None


def explanation(term: Countable, journal: Iterable[Mapping[str, Any]], *, language: str) -> Explanation:
    """`journal` holds the events of the message (kind, at, data); those of other kinds and terms are passed over."""
    telling = Telling(term, language)
    return Explanation(
        sentences=[*telling.beginning(), *telling.end()],
        days=telling.days(),
        again=[telling.again(event) for event in recounts_of(term.id, journal)],
        provisional=translations(language).gettext(PROVISIONAL) if term.provisional else None,
    )


def recounts_of(term: int, journal: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """How often the calendar moved this term, oldest first."""
    told = [event for event in journal if event["kind"] == Kind.TERM_RECOUNTED and event["data"]["term"] == term]
    return sorted(told, key=lambda event: event["at"])


class Telling:
    """One term, told in one language."""

    def __init__(self, term: Countable, language: str) -> None:
        self.term, self.language, self.kind = term, language, Owed(term.kind)
        self.words = translations(language)
        self.counting: Counting | None = counting.read(term.counting) if term.counting else None
        self.opened_on = in_town(term.opened_at).date()

    def say(self, msgid: str, **values: Any) -> str:
        return self.words.gettext(msgid) % values

    def moment(self, value: datetime) -> str:
        return f"{day(value, self.language)}, {in_town(value):%H:%M}"

    def beginning(self) -> list[str]:
        began = self.say(
            BEGAN[self.kind], moment=self.moment(self.term.opened_at), day=day(self.opened_on, self.language)
        )
        if self.kind in NAMED_ENDS:
            return [began, self.say(NAMED_ENDS[self.kind])]
        return [began, *self.rule(), self.last_moment()]

    def last_moment(self) -> str:
        """A reply to a question has to come while the decision on registration can still be made (R06)."""
        ends = in_town(self.term.runs_out_at)
        if self.kind != Owed.CLARIFICATION or ends.date() > self.term.due_on:
            return self.say(TO_THE_END)
        return self.say(
            "The reply has to come before %(moment)s: the decision is due that day.", moment=self.moment(ends)
        )

    def rule(self) -> list[str]:
        match self.kind:
            case Owed.REGISTRATION:
                return [self.registration()] if self.counting else []
            case Owed.RATING:
                return [self.calendar_days()]
            case Owed.CLARIFICATION if not self.counting:
                return []
            case Owed.DECISION:
                return [*self.moment_of_sending(), self.workdays()]
            case _:
                return [self.workdays()]

    def registration(self) -> str:
        """The rule of 17:00, with the hour that held then (R05)."""
        hour = f"{self.counting.hour}:00" if self.counting else ""
        if self.arrived_off:
            return self.say("That was a day off: registration is due on the first working day after it.")
        if self.term.due_on == self.opened_on:
            return self.say("That was before %(hour)s of a working day: registration is due that day.", hour=hour)
        return self.say("That was not before %(hour)s: registration is due on the next working day.", hour=hour)

    def moment_of_sending(self) -> list[str]:
        """What arrives on a day off counts as sent on the first working day after it (R04)."""
        first = next((each.date for each in self.days() if each.number == 0), None)
        if not self.arrived_off or first is None:
            return []
        monday = day(first, self.language)
        return [
            self.say("That was a day off: the moment of sending is the start of %(day)s, a working day.", day=monday)
        ]

    @property
    def arrived_off(self) -> bool:
        return self.counting is not None and any(off.day == self.opened_on for off in self.counting.skipped)

    def workdays(self) -> str:
        num = limit_of(self.term)
        told = self.words.ngettext(
            "%(num)s working day is counted, from the day after.",
            "%(num)s working days are counted, from the day after.",
            num,
        )
        return told % {"num": num}

    def calendar_days(self) -> str:
        if self.term.workdays is None:
            return self.say("It ends before the promised day: then an additional answer is due, and is rated.")
        num = limit_of(self.term)
        told = self.words.ngettext(
            "%(num)s calendar day is counted, days off too.", "%(num)s calendar days are counted, days off too.", num
        )
        return told % {"num": num}

    def end(self) -> list[str]:
        """How it stands: nothing to say while it runs."""
        met, void, missed = self.term.met_at, self.term.void_at, self.term.missed_at
        if void:
            return [self.say("No longer counted since %(moment)s.", moment=self.moment(void))]
        if met and met >= self.term.runs_out_at and self.kind != Owed.PROMISE:
            return [self.say("Met late, on %(moment)s.", moment=self.moment(met))]
        if met:
            return [self.say("Met on %(moment)s.", moment=self.moment(met))]
        return [self.say("Ran out unmet.")] if missed else []

    def days(self) -> Sequence[ExplainedDay]:
        if self.counting is None:
            return ()
        limit = limit_of(self.term)
        return explained(self.counting, self.opened_on, self.term.due_on, limit, language=self.language)

    def again(self, event: Mapping[str, Any]) -> str:
        said = event["data"]
        was, now = (day(date.fromisoformat(said[name]), self.language) for name in ("was", "is"))
        why = why_counted_again(said, self.language)
        values = {"moment": self.moment(event["at"]), "why": why, "was": was, "now": now}
        return self.say("Counted again on %(moment)s: %(why)s; was %(was)s, now %(now)s.", **values)
