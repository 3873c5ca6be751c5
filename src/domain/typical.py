"""A typical message is registered and answered in one act, with a standard answer of the directory (§2, R09)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain import informing, moves, placeholders, pointed
from domain.chosen import known_territory, known_topic, responsible
from domain.database import atomic
from domain.errors import Sentence, Unfit, say
from domain.events import Kind, record
from domain.informing import NOBODY, Informed
from domain.joined import opened_by
from domain.model import Answer, Category, Message, Organisation, Person, StandardAnswer, Topic
from domain.numbering import next_number
from domain.publicity import made_public, public_place, show
from domain.rulebook import rulebook
from domain.standard_answers import matching
from domain.substance import TEXT_AT_MOST, substance
from domain.taking import take
from domain.terms import decided_on, owe
from domain.wording import N_
from domain.workdays import TOWN

GREETING_AT_MOST = 200
NOTHING_TO_PUT_IN = N_("There is nothing to put in here: %(names)s.")


@dataclass(frozen=True)
class Reply:
    """A standard answer as the moderator sends it: which one, in which version, and what it says to this author.

    `insists` are the words that were pointed out and are right as they are (R18, R19).
    """

    standard: int | None
    version: int | None
    outcome: str | None
    text: str
    greeting: str = ""
    planned_on: date | None = None
    informed: Informed = NOBODY
    insists: Collection[str] = ()


async def prepare(
    message: Message,
    standard: int,
    *,
    at: datetime,
    topic: int | None = None,
    territory: int | None = None,
    executor: int | None = None,
    planned_on: date | None = None,
) -> Reply:
    """What the standard answer says to this author, for the moderator to look at before it is sent.

    The form of address names them, so its placeholder stays until then (R10).
    """
    chosen = await known_topic(topic, message)
    official = await responsible(chosen, await known_territory(territory), executor)
    found = next((each for each in await matching(chosen.id) if each.id == standard), None)
    if found is None:
        raise Unfit({"standard": say("Choose a standard answer of this topic.")})
    known = await facts(message, chosen, official, planned_on, at=at)
    text = placeholders.filled(placeholders.without_greeting(found.text), known)
    greeting = f"{{{placeholders.GREETING}}}" if placeholders.greets(found.text) else ""
    return Reply(found.id, found.version, found.outcome, text, greeting, planned_on)


async def answer_at_once(
    message: Message,
    reply: Reply,
    *,
    by: Person,
    at: datetime,
    topic: int | None = None,
    territory: int | None = None,
    executor: int | None = None,
    public_text: str | None = None,
    public_address: str | None = None,
    photos: Iterable[UUID] = (),
) -> None:
    """Give the message its number and its answer; what is not solved comes to `executor`, or who is responsible.

    `public_text` publishes the message and the answer at once, the answer without its form of address (R10). Raises
    Unfit for what does not fit, the rules of every answer among it (R17–R19).
    """
    chosen = await known_topic(topic, message)
    official = await responsible(chosen, await known_territory(territory), executor)
    author = await author_of(message)
    public = made_public(message, chosen, public_text, at=at, place=public_address)
    book = await rulebook()
    async with atomic():
        number = message.number or await next_number(at)
        known = {**await facts(message, chosen, official, reply.planned_on, at=at), placeholders.NUMBER: number}
        addressed = placeholders.filled(reply.greeting, {placeholders.GREETING: placeholders.greeting(author)})
        ready = replace(reply, greeting=addressed, text=placeholders.filled(reply.text, known).strip())
        standard = await fitting(message, ready, chosen, author, at=at, public=bool(public))
        # As the moderator has it before them: the number, which is put in last, changes no words.
        stays = pointed.insisted(pointed.of(draft(reply), today=at.astimezone(TOWN).date()), reply.insists)
        changes = {"topic": chosen.id, "executor": official.id, "territory": territory, **public}
        times = {"registered_at": at, "answered_at": at}
        await take(moves.ANSWER_AT_ONCE, message, by=by, number=number, **changes, **times)
        answer = await write(message, ready, by=by, at=at, published=bool(public))
        await decided_on(message, at=at)
        await owe(*await opened_by(answer, message, book, at=at))
        said = {"number": number, "topic": chosen.id, "executor": official.id, "standard": standard.name}
        await record(Kind.ANSWERED_AT_ONCE, message, by=by, at=at, **said, **told(answer), insists=stays)
        if public:
            shown = {"place": public["public_address"], "photos": await show(message, photos)}
            await record(Kind.PUBLISHED, message, by=by, at=at, text=public["public_text"], **shown)
            let_out = {"answer": answer.id, "text": answer.public_text, "photos": []}
            await record(Kind.ANSWER_PUBLISHED, message, by=by, at=at, **let_out)


async def author_of(message: Message) -> Person:
    author = await Person.objects().get(Person.id == message.author)
    if author is None:
        raise LookupError(f"person {message.author} of message {message.id} is gone")
    return author


async def facts(
    message: Message, topic: Topic, executor: Person, planned_on: date | None, *, at: datetime
) -> dict[str, str]:
    """What the placeholders stand for; nothing of it says who the author is (R10)."""
    category = await Category.objects().get(Category.id == topic.category)
    department = await Organisation.objects().get(Organisation.id == executor.organisation)
    known = {
        "тема": topic.name,
        "категория": category.name if category else "",
        "адрес": public_place(message.address),
        "отправлено": placeholders.day(message.sent_at.astimezone(TOWN).date()),
        "зарегистрировано": placeholders.day(at.astimezone(TOWN).date()),
        "отдел": department.name if department else "",
    }
    return known | ({"срок": placeholders.day(planned_on)} if planned_on else {})


async def fitting(
    message: Message, reply: Reply, topic: Topic, author: Person, *, at: datetime, public: bool
) -> StandardAnswer:
    """The standard answer that the reply was made from; Unfit names everything that does not fit at once."""
    errors: dict[str, Sentence] = {}
    standard = await StandardAnswer.objects().get(StandardAnswer.id == reply.standard) if reply.standard else None
    if wrong := wrong_standard(standard, reply, topic):
        errors["standard"] = wrong
    if len(reply.greeting) > GREETING_AT_MOST:
        errors["greeting"] = say("No more than %(max_length)s characters fit here.", max_length=GREETING_AT_MOST)
    elif odd := placeholders.IN_BRACES.findall(reply.greeting):
        errors["greeting"] = say(NOTHING_TO_PUT_IN, names=", ".join(dict.fromkeys(odd)))
    today = at.astimezone(TOWN).date()
    errors |= substance(draft(reply), today=today)
    errors |= informing.too_long(reply.informed) | informing.misfits(reply.informed, sent_at=message.sent_at, at=at)
    if wrong := wrong_text(reply.text):
        errors["text"] = wrong
    elif public and placeholders.names(author, reply.text):
        errors["text"] = say("The text names the author, and it is to be published: leave the name to the greeting.")
    if errors or standard is None:
        raise Unfit(errors)
    return standard


def wrong_standard(standard: StandardAnswer | None, reply: Reply, topic: Topic) -> Sentence | None:
    """The standard answer is one of the topic, in force, and in the version that the moderator has read."""
    if standard is None or not standard.active or standard.topic != topic.id:
        return say("Choose a standard answer of this topic.")
    if reply.version is None:
        return say("Fill in the standard answer first, and then change it as you like.")
    if standard.version != reply.version:
        return say("The standard answer has a new version: fill in anew and look at what has changed.")
    return None


def wrong_text(text: str) -> Sentence | None:
    if odd := placeholders.odd_ones(text) or placeholders.IN_BRACES.findall(text):
        return say(NOTHING_TO_PUT_IN, names=", ".join(dict.fromkeys(odd)))
    if len(text) > TEXT_AT_MOST:
        return say("The text is longer than %(count)d characters. Shorten it.", count=TEXT_AT_MOST)
    return None


def draft(reply: Reply) -> Answer:
    said: dict[str, Any] = {"outcome": reply.outcome, "text": reply.text, "planned_on": reply.planned_on}
    return Answer(_ignore_missing=True, **said, **reply.informed.columns())


async def write(message: Message, reply: Reply, *, by: Person, at: datetime, published: bool) -> Answer:
    """No second person stands behind a standard answer: that its text was approved is what the directory means."""
    answer = Answer(
        message=message.id,
        round=message.round,
        state="approved",
        outcome=reply.outcome,
        text=reply.text,
        planned_on=reply.planned_on if reply.outcome == "planned" else None,
        author=by.id,
        approved_at=at,
        public_text=reply.text if published else None,
        published_at=at if published else None,
        standard_answer=reply.standard,
        standard_version=reply.version,
        greeting=reply.greeting.strip() or None,
        **reply.informed.columns(),
    )
    await Answer.insert(answer)
    return answer


def told(answer: Answer) -> dict[str, Any]:
    said = ("outcome", "text", "planned_on", "standard_answer", "standard_version")
    return {"answer": answer.id, **{name: getattr(answer, name) for name in said}, **informing.of(answer).columns()}
