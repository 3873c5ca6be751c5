"""What the letters ask the database: the message of an event and its people, and the term that the event opened."""

import json
from dataclasses import dataclass, replace
from typing import Any

from domain.authors import author_of
from domain.joined import joined_to
from domain.model import Event, Message, Organisation, Person, Rating, Term, Topic
from domain.moves import Role
from domain.publicity import public_place
from domain.rows import row
from domain.taking import SYSTEM
from domain.terms import Owed


@dataclass(frozen=True)
class About:
    """The message that a letter is about, and everybody around it."""

    message: Message
    author: Person
    topic: Topic
    executor: Person | None

    def shown(self) -> dict[str, Any]:
        """What every letter says of it: by its number, or by its topic while it has none.

        Officials read of the place without the flat: their letters lie in mailboxes outside of the portal.
        """
        label = f"№ {self.message.number}" if self.message.number else self.topic.name
        return {
            "message": self.message,
            "topic": self.topic,
            "label": label,
            "place": public_place(self.message.address),
        }


async def about(event: Event) -> About:
    message = await found(Message, event.message)
    return About(
        message=message,
        author=await found(Person, message.author),
        topic=await topic_of(message),
        executor=await found(Person, message.executor) if message.executor else None,
    )


async def sides(case: About) -> list[About]:
    """The same case for each of its authors, as their own message: none of them reads a word of another (R10)."""
    own = {case.author.id: case}
    for message in await joined_to(case.message):
        if message.author not in own:
            own[message.author] = replace(case, message=message, author=await person(message.author))
    return list(own.values())


async def silent(case: About) -> list[About]:
    """The same for those of its authors who have not rated its last answer (R23)."""
    of_it: Any = Rating.answer
    last = (of_it.message == case.message.id) & (of_it.round == case.message.round)
    rated = await Rating.select(Rating.person).where(last).output(as_list=True)
    return [side for side in await sides(case) if side.author.id not in rated]


async def veiled(event: Event, text: str) -> str:
    """The words of an author of the case as officials are written them: no letter opens who it is (R10)."""
    return (await author_of(event.message, by=SYSTEM, at=event.at)).voiced(text)


async def topic_of(message: Message) -> Topic:
    """A registered message keeps the name that its topic had then."""
    topic: Topic = await found(Topic, message.topic)
    asked = (topic.id, message.registered_at, topic.name)
    (then,) = await Topic.raw("SELECT stood('topics', {}, 'name', {}, {}) AS name", *asked)
    topic.name = then["name"]
    return topic


def told(event: Event) -> dict[str, Any]:
    """What the journal tells of the event beside who, when and which message."""
    return dict(json.loads(event.data))


async def found(table: Any, id: int) -> Any:
    """A row that a foreign key or the journal names, and that is never deleted."""
    there = await row(table, id)
    if there is None:
        raise LookupError(f"there is no {table._meta.tablename} {id}")
    return there


async def person(id: int) -> Person:
    return await found(Person, id)


async def department(official: Person) -> Organisation:
    return await found(Organisation, official.organisation)


async def officials(role: Role) -> list[Person]:
    """Everybody who has the role now."""
    return await Person.objects().where((Person.role == role) & Person.active.eq(True)).order_by(Person.id)


async def term(event: Event, kind: Owed) -> Term:
    """The term of this kind that ran when the event happened; a corrected calendar may have moved its day since."""
    opened = (Term.message == event.message) & (Term.kind == kind) & (Term.opened_at <= event.at)
    found_term = await Term.objects().where(opened).order_by(Term.id, ascending=False).first()
    if found_term is None:
        raise LookupError(f"event {event.id} opened no term of {kind}")
    return found_term
