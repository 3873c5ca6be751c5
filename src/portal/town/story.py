"""One message of the demo town while it lives: who is in it, and when its next step comes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.model import Ground, Message, Person, Topic
from domain.moves import Status
from portal.town import acts, texts
from portal.town.album import Album
from portal.town.hours import Hours
from portal.town.plan import Plan

# A part of a story yields the moment of its next step and is resumed when that moment has come for the whole town:
# so the steps of all messages happen in the order of time.
Moments = AsyncIterator[datetime]


@dataclass(frozen=True)
class Cast:
    """Everybody and everything that a story can name."""

    people: dict[str, Person]
    topics: dict[str, Topic]
    grounds: dict[str, Ground]
    territories: list[tuple[int, list[str]]]
    album: Album
    hours: Hours

    def by_id(self, id: int) -> Person:
        return next(person for person in self.people.values() if person.id == id)


class Story:
    """The message, and what its plan leaves open until it happens."""

    message: Message

    def __init__(self, plan: Plan, cast: Cast) -> None:
        self.plan, self.cast, self.chance = plan, cast, plan.chance
        self.data = texts.story_of(plan.topic)
        self.topic = cast.topics[plan.topic]
        self.author = cast.people[plan.author]
        self.moderator, self.reviewer = self.chance.sample([cast.people[key] for key in ("marina", "vera", "artem")], 2)
        self.now = plan.sent_at
        self.seed: int | None = None  # of the place, once it has been photographed
        self.said = texts.Said("", "")
        self.files: list[UUID] = []  # of the message, and then those of its latest answer
        self.promised_on: date | None = None
        self.choices = list(plan.choices or [])

    def stopped(self, *statuses: Status) -> bool:
        """Whether the story ends here for now."""
        return self.message.status == self.plan.until and self.plan.until in statuses and not self.choices

    def next(self, step: str, natural: datetime) -> datetime:
        """The moment of a step: the fixed one or the natural one, never before what has already happened."""
        self.now = max(self.plan.when.get(step, natural), self.now + timedelta(minutes=self.chance.uniform(1, 4)))
        return self.now

    def soon(self, step: str, low: float, high: float, *, late: float = 0.0, far: float = 0.0) -> datetime:
        """The moment of a step that takes so many office hours; now and then far too many."""
        hours = far if self.chance.random() < late else self.chance.uniform(low, high)
        return self.next(step, self.cast.hours.later(self.now, hours))

    def key(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    @property
    def executor(self) -> Person:
        return self.cast.by_id(self.message.executor)

    async def photos(self, key: UUID) -> list[UUID]:
        """A photo of what is wrong, where the drawings have such a scene."""
        if "scene" not in self.data:
            return []
        taken_at = self.now - timedelta(minutes=self.chance.uniform(4, 200))
        self.seed, file = await self.cast.album.before(
            self.data["scene"], key=key, by=self.author, at=taken_at, chance=self.chance
        )
        self.files.append(file)
        return [file]

    async def act(self, key: UUID) -> list[UUID]:
        """Anna gets the act of the work as well; it is never published."""
        if self.plan.author != "anna" or not self.message.number:
            return []
        act = acts.written(number=self.message.number, place=self.message.address, on=self.now)
        return [await self.cast.album.scanned(act, key=key, by=self.executor, at=self.now, chance=self.chance)]

    async def mended(self, key: UUID) -> list[UUID]:
        """A photo of the same place mended, now and then, if the author has sent one of it before."""
        if self.seed is None or self.chance.random() > 0.6:
            return []
        taken_at = self.now - timedelta(minutes=self.chance.uniform(6, 90))
        scene, album = self.data["scene"], self.cast.album
        taken: dict[str, Any] = {"key": key, "by": self.executor, "at": taken_at, "chance": self.chance}
        return [await album.after(self.message, scene, self.seed, **taken)]
