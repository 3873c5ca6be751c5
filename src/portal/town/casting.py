"""Which messages the demo town gets: three months that are over, and queues as they look on a busy morning."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from domain.model import Topic
from domain.moves import Status
from domain.offering import in_season
from domain.workdays import TOWN
from portal.town import texts, typical
from portal.town.hours import Hours
from portal.town.plan import Plan

DAYS = 92
PAST = 206  # messages of the months behind us; the open queues come on top
RECENT = 21  # days within which what is still open was sent
OFTEN = ("gardens", "ekaterina", "maxim")  # they write more than the others

ROADS = "road-pothole"

# Sent, registered, accepted and answered so many working days ago: by this a queue gets its clocks.
IN_WORK = (8, 8, 9, 10, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 1)  # 8: due today; more: overdue
HELPERS = {4: 1, 6: 2, 9: 2, 10: 1, 12: 3, 13: 2, 14: 1, 16: 1, 17: 2}  # which of them have how many co-executors
IN_WORK_LONG = (14, 15, 13, 12, 11, 9, 7, 5, 3, 2)


class Casting:
    """Chooses topics, authors and moments by one seeded chance."""

    def __init__(self, hours: Hours, topics: dict[str, Topic], people: list[str]) -> None:
        self.hours, self.topics, self.chance = hours, topics, hours.chance
        self.authors = [*people, *OFTEN * 2]
        self.begins = hours.at - timedelta(days=DAYS)

    def everything(self) -> list[Plan]:
        return [*self.past(), *self.arrivals(), *self.at_the_executors(), *self.answered(), *self.contested()]

    def plan(
        self, sent_at: datetime, *, track: int | None = None, roads: bool = False, author: str = "", **rest: Any
    ) -> Plan:
        chance = Random(self.chance.getrandbits(64))
        topic = rest.pop("topic", None) or self.topic(sent_at, track, roads)
        return Plan(topic, author or self.chance.choice(self.authors), sent_at, chance, **rest)

    def topic(self, moment: datetime, track: int | None, roads: bool) -> str:
        """A topic in season, the more often the more people write on it; `roads` asks for one of Pavel's."""
        fitting = [
            story
            for story in texts.stories()
            if self.suits(self.topics[story["topic"]], moment, track)
            and (not roads or self.topics[story["topic"]].executor == self.topics[ROADS].executor)
        ]
        weights = [story["weight"] for story in fitting]
        return self.chance.choices(fitting, weights)[0]["topic"]

    def suits(self, topic: Topic, moment: datetime, track: int | None) -> bool:
        season = in_season(topic.season_from, topic.season_to, moment.astimezone(TOWN).date())
        return season and track in (None, topic.track)

    def evening(self, moment: datetime) -> datetime:
        """People write when they are awake."""
        hour = self.chance.choices(range(7, 23), (2, 4, 5, 5, 4, 4, 4, 3, 3, 3, 4, 5, 6, 6, 4, 2))[0]
        return moment.astimezone(TOWN).replace(
            hour=hour, minute=self.chance.randrange(60), second=self.chance.randrange(60)
        )

    # ----- what is over -----

    def past(self) -> Iterator[Plan]:
        span = DAYS - RECENT
        for number in range(PAST):
            sent_at = self.evening(self.begins + timedelta(days=number * span / PAST))
            if number % 11 == 5:
                yield self.plan(sent_at, topic=typical.TOPICS[number % len(typical.TOPICS)], typical=True)
                continue
            sent_back, handed_back = self.chance.random() < 0.09, self.chance.random() < 0.05
            # The reasons for which people hand back are those of the roads department.
            yield self.plan(
                sent_at, roads=handed_back, refusal=self.refusal(), sent_back=sent_back, handed_back=handed_back
            )

    def refusal(self) -> dict[str, Any] | None:
        return self.chance.choice(texts.words()["refusals"]) if self.chance.random() < 0.07 else None

    # ----- what waits for the moderator -----

    def arrivals(self) -> Iterator[Plan]:
        """New messages: since the office closed, and two that nobody has looked at in time."""
        closed = self.hours.ago(1, 17.1)
        for part in range(8):
            sent_at = closed + (self.hours.at - closed) * (part + self.chance.random()) / 8
            topic = typical.TOPICS[0] if part == 0 else None
            yield self.plan(min(sent_at, self.hours.at - timedelta(minutes=2)), topic=topic, until=Status.SUBMITTED)
        yield self.plan(self.hours.ago(1, 11), until=Status.SUBMITTED)
        yield self.plan(self.hours.ago(3, 12), until=Status.SUBMITTED)
        yield from self.refusals()
        for days in (1, 1, 2):
            yield self.sent(days, until=Status.HANDED_BACK, handed_back=True, roads=True)

    def refusals(self) -> Iterator[Plan]:
        """Refused and not corrected yet; the last one is corrected and waits again."""
        chosen = texts.words()["refusals"]
        for number, days in enumerate((2, 3, 5, 7, 9)):
            author = "anna" if number == 0 else ""
            refusal = chosen[number]
            yield self.plan(
                self.hours.ago(days, 9), topic=refusal["topic"], author=author, refusal=refusal, until=Status.REFUSED
            )
        again, late = chosen[-2], self.hours.ago(1, 16)
        yield self.plan(
            self.hours.ago(2, 10), topic=again["topic"], refusal=again, until=Status.SUBMITTED, when={"correct": late}
        )

    # ----- what waits for the executors -----

    def sent(self, days: int, **rest: Any) -> Plan:
        """Sent and registered on that working day, accepted soon after."""
        at = self.hours.ago
        when = {"register": at(days, 10), "accept": at(max(days - 1, 0), 9.5), **rest.pop("when", {})}
        return self.plan(at(days, 8.2), when=when, **rest)

    def at_the_executors(self) -> Iterator[Plan]:
        for number, days in enumerate((0, 0, 0, 1, 1, 1, 3)):
            yield self.sent(days, roads=number % 3 == 0, until=Status.REGISTERED)
        for number, days in enumerate(IN_WORK):
            author = ("anna", "boris")[number] if number < 2 else ""
            helpers = HELPERS.get(number, 0)
            yield self.sent(days, track=1, roads=number % 3 == 0, author=author, until=Status.IN_WORK, helpers=helpers)
        for number, days in enumerate(IN_WORK_LONG):
            yield self.sent(days, track=2, roads=number % 3 == 0, until=Status.IN_WORK)
        for number, days in enumerate((9, 8, 6, 5, 4, 3)):
            when = {"answer1": self.hours.ago(days % 2, 15)}
            yield self.sent(days, roads=number < 2, until=Status.IN_REVIEW, when=when, helpers=int(number == 1))
        for number, days in enumerate((8, 5, 4)):
            when = {"answer1": self.hours.ago(2, 11), "send_back": self.hours.ago(1, 10)}
            yield self.sent(days, roads=number == 0, until=Status.SENT_BACK, sent_back=True, when=when)

    # ----- what waits for the citizens, or for a date -----

    def answered(self) -> Iterator[Plan]:
        for number, days in enumerate((0, 0, 1, 1, 2, 3, 4, 5, 6, 8, 9, 11)):
            when = {"answer1": self.hours.ago(days + 1, 12), "review1": self.hours.ago(days, 10)}
            author = ("anna", "boris")[number] if number < 2 else ""
            outcome = "planned" if days == 4 else None
            planned_on = self.hours.ahead(12) if outcome else None
            yield self.sent(
                days + 6,
                author=author,
                until=Status.ANSWERED,
                choices=[],
                outcome=outcome,
                planned_on=planned_on,
                when=when,
            )
        for number, days in enumerate((1, 3)):
            topic, sent_at = typical.TOPICS[number], self.hours.ago(days, 9)
            yield self.plan(sent_at, topic=topic, typical=True, until=Status.ANSWERED, choices=[])
        for number, ahead in enumerate((1, 2, 5, 9, 14, 20)):
            author = "anna" if number == 2 else ""
            yield self.promised(9, self.hours.ahead(ahead), Status.PROMISED, ["accepted"], author=author)
        for days in (0, 1, 5):
            came = self.hours.ago(days, 9).date()
            yield self.promised(16 + days, came, Status.FOLLOW_UP, ["accepted"])

    def promised(self, answered: int, planned_on: Any, until: Status, choices: list[str], author: str = "") -> Plan:
        when = {"answer1": self.hours.ago(answered, 11), "review1": self.hours.ago(answered, 15)}
        when["rate1"] = self.hours.ago(answered - 2, 19)
        return self.sent(
            answered + 5,
            author=author,
            until=until,
            outcome="planned",
            planned_on=planned_on,
            choices=choices,
            when=when,
        )

    # ----- what was not solved -----

    def contested(self) -> Iterator[Plan]:
        """Reworks, one of them overdue, and the two ways to the commission."""
        for reworks, days in ((1, 0), (1, 1), (2, 2), (1, 5), (3, 1)):
            yield self.unsolved(reworks, days, Status.REWORK, roads=days == 1)
        yield self.unsolved(4, 3, Status.COMMISSION)
        yield self.unsolved(3, 6, Status.COMMISSION, appealed_by_moderator=True)

    def unsolved(self, times: int, days: int, until: Status, **rest: Any) -> Plan:
        """Answered and rated "not solved" so many times, the last time that many working days ago."""
        when: dict[str, datetime] = {}
        for round in range(times, 0, -1):
            back = days + (times - round) * 4
            when |= {f"rate{round}": self.hours.ago(back, 12), f"review{round}": self.hours.ago(back + 1, 15)}
            when[f"answer{round}"] = self.hours.ago(back + 2, 11)
        choices = ["unsolved"] * times
        return self.sent(days + times * 4 + 3, until=until, outcome="solved", choices=choices, when=when, **rest)
