"""The moderator lets messages in or says why not, and lets answers out or sends them back (§3, §4.2)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain import moves
from domain.case_files import freeze
from domain.chosen import known_executor, known_territory, known_topic, responsible
from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit, say
from domain.events import Kind, record
from domain.evidence import evidence, in_short
from domain.joined import close_windows, names_one_of_several, opened_by
from domain.model import Answer, Ground, Message, Person
from domain.numbering import next_number
from domain.offers import call_off
from domain.publicity import copied, made_public, show
from domain.rounds import current
from domain.rulebook import rulebook
from domain.taking import take
from domain.terms import (
    ANSWERS,
    TRACK_WORKDAYS,
    Owed,
    at_the_executor,
    cancel,
    decided_on,
    hand_on,
    meet,
    owe,
    owed,
)
from domain.wording import N_
from domain.workdays import TOWN

# What an answer can break, each with its clause.
ANSWER_RULES = {
    "R13": "4.1", "R14": "4.1", "R15": "4.2", "R16": "4.2", "R17": "4.2, 4.3", "R18": "4.2", "R19": "4.2",
}  # fmt: skip
NAMES_ONE = N_("The answer goes to several authors and names one of them: send it back (clause 4.1).")
IN_WORDS = {
    "R13": N_("Photos are JPEG, PNG or TIFF (HEIC becomes one), scans also PDF, at most 50 MB together"),
    "R14": N_("Photos are upright, sharp and need no cropping"),
    "R15": N_("One answer to one message"),
    "R16": N_("No document that answers another message"),
    "R17": N_("On the substance: every question is answered"),
    "R18": N_("No promise without an exact date"),
    "R19": N_("Another organisation is informed, and there is proof"),
}


async def register(
    message: Message,
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
    """Give the message its number and send it to the executor responsible for the topic in its territory (R07).

    `topic` and `executor` replace the citizen's choice and the responsible one; `public_text` publishes at once,
    with the place and the photos that were chosen for everybody.
    Raises Unfit when one of them stands in no directory or the message may not be published.
    """
    book = await rulebook()
    async with atomic():
        chosen = await known_topic(topic, message)
        official = await responsible(chosen, await known_territory(territory), executor)
        public = made_public(message, chosen, public_text, at=at, place=public_address)
        chose = {} if chosen.id == message.topic else {"topic_was": message.topic}
        sent_to = {"topic": chosen.id, "executor": official.id}
        number = message.number or await next_number(at)
        await take(
            moves.REGISTER, message, by=by, number=number, registered_at=at, territory=territory, **sent_to, **public
        )
        await decided_on(message, at=at)
        days = TRACK_WORKDAYS[chosen.track]
        await owe(
            owed(Owed.ANSWER, message, book, at=at, days=days, owed_by=official.id),
            *at_the_executor(message, book, official.id, at),
        )
        await record(Kind.REGISTERED, message, by=by, at=at, number=number, territory=territory, **sent_to, **chose)
        if public:
            shown = {"place": public["public_address"], "photos": await show(message, photos)}
            await record(Kind.PUBLISHED, message, by=by, at=at, text=public["public_text"], **shown)


async def refuse(
    message: Message, *, by: Person, at: datetime, grounds: Sequence[int], reason: str, proposal: str
) -> None:
    """Refuse registration: one or more grounds, the reason in words, and what to correct (R08)."""
    named = await Ground.objects().where(Ground.id.is_in(list(grounds)) & Ground.active.eq(True)) if grounds else []
    errors = {}
    if not named or len(named) != len(set(grounds)):
        errors["grounds"] = say("Name at least one ground of the moderation rules.")
    if not reason.strip():
        errors["reason"] = say("Say in words why the message is refused.")
    if not proposal.strip():
        errors["proposal"] = say("Propose what the author can correct.")
    if errors:
        raise Unfit(errors)
    async with atomic():
        await take(moves.REFUSE, message, by=by)
        await decided_on(message, at=at)
        said = {
            "grounds": [ground.code for ground in named],
            "reason": reason.strip(),
            "proposal": proposal.strip(),
        }
        await record(Kind.REFUSED, message, by=by, at=at, **said)


async def reroute(message: Message, *, by: Person, at: datetime, executor: int) -> None:
    """Send a message that was handed back to another executor; the answer term keeps running (R12)."""
    official = await known_executor(executor)
    book = await rulebook()
    async with atomic():
        await take(moves.REROUTE, message, by=by, executor=official.id)
        await hand_on(message, Owed.ANSWER, to=official.id)
        await owe(*at_the_executor(message, book, official.id, at))
        await record(Kind.REROUTED, message, by=by, at=at, executor=official.id)


@dataclass(frozen=True)
class Review:
    """What the reviewer has looked at: this version of the answer, in which they found these rules kept."""

    version: int | None
    kept: Collection[str]


async def approve(
    message: Message,
    review: Review,
    *,
    by: Person,
    at: datetime,
    publish: bool = False,
    public_text: str | None = None,
    photos: Iterable[UUID] = (),
) -> None:
    """Let the answer out to the citizen: a second person, never its author (R21); a promise starts its clock (R22).

    They confirm every rule, in the version that is let out (R20). Published is the moderator's copy of it, with the
    chosen photos, where the message is. Raises OutOfTurn when the date that it promises is no longer ahead (R18).
    """
    answer = await answer_in_review(message, by)
    if answer.outcome == "planned" and answer.planned_on <= at.astimezone(TOWN).date():
        raise OutOfTurn("The promised date came while the answer waited: send it back for a new one (clause 4.2).")
    confirmed = confirmed_by(review, answer)
    book = await rulebook()
    warned = in_short(await evidence(message, answer.id, by=by, metres=book.limits.photo_metres))
    copy: dict[Any, Any] = {}
    if publish and message.published_at:
        copy = {"published_at": at, "public_text": copied(answer.text if public_text is None else public_text)}
    async with atomic():
        await take(moves.APPROVE, message, by=by, answered_at=at)
        let_out: dict[Any, Any] = {"state": "approved", "reviewer": by.id, "approved_at": at, **confirmed, **copy}
        await Answer.update(let_out).where(Answer.id == answer.id)
        await meet(message, *ANSWERS, at=at)
        await cancel(message, Owed.PART, at=at)
        if await names_one_of_several(message, answer.text):
            raise Unfit({"rules": say(NAMES_ONE)})
        await owe(*await opened_by(answer, message, book, at=at))
        said = {"answer": answer.id, "outcome": answer.outcome, **confirmed, **warned}
        await record(Kind.APPROVED, message, by=by, at=at, **said)
        if copy:
            shown = {"text": copy["public_text"], "photos": await show(message, photos, answer=answer.id)}
            await record(Kind.ANSWER_PUBLISHED, message, by=by, at=at, answer=answer.id, **shown)


async def answer_in_review(message: Message, by: Person) -> Answer:
    answer = await current(message)
    if answer is not None and answer.author == by.id:
        raise NotAllowed("The author of an answer never approves it.")
    if answer is None:
        raise NotAllowed("There is no answer to approve.")
    return answer


def confirmed_by(review: Review, answer: Answer) -> dict[str, Any]:
    """Every rule of 4.1 and 4.2, in the version that was read: what nobody has looked at is not let out."""
    must_be_read(answer, review.version)
    if not ANSWER_RULES.keys() <= set(review.kept):
        confirm = say("Confirm each rule of the answer, or send it back with the broken one (clause 4.2).")
        raise Unfit({"rules": confirm})
    return {"confirmed": list(ANSWER_RULES), "reviewed_version": answer.version}


def must_be_read(answer: Answer, version: int | None) -> None:
    if version != answer.version:
        raise Stale("The answer has been written anew since you opened it: look at it again.")


async def send_back(
    message: Message, *, by: Person, at: datetime, rules: Sequence[str], remark: str, version: int | None = None
) -> None:
    """Send the answer back to its executor with the broken rule named; no rework, and the term keeps running (R20).

    `version` is that of the answer in which the fault was found; Stale tells of one written anew since.
    """
    errors = {}
    if not rules or not set(rules) <= set(ANSWER_RULES):
        errors["rules"] = say("Name the rule that the answer breaks (clause 4.2).")
    if not remark.strip():
        errors["remark"] = say("Say what has to be mended.")
    if errors:
        raise Unfit(errors)
    answer = await current(message)
    if answer is not None and version is not None:
        must_be_read(answer, version)
    async with atomic():
        await take(moves.SEND_BACK, message, by=by)
        await Answer.update({"state": "sent_back", "rules": list(rules), "remark": remark.strip()}).where(
            (Answer.message == message.id) & (Answer.round == message.round)
        )
        await record(Kind.SENT_BACK, message, by=by, at=at, rules=list(rules), remark=remark.strip())


async def bring_to_commission(message: Message, *, by: Person, at: datetime, reason: str) -> None:
    """From the third rework in a row on the moderator may bring the case to the commission (R27)."""
    if not moves.BRING_TO_COMMISSION.is_for(by, message):
        raise NotAllowed("This is not yours to do.")
    if message.reworks < moves.REWORKS_AT_MOST:
        raise Unfit({"reason": say("A case goes to the commission after three reworks in a row.")})
    if not reason.strip():
        raise Unfit({"reason": say("Say why the case goes to the commission.")})
    async with atomic():
        await take(moves.BRING_TO_COMMISSION, message, by=by)
        await call_off(message, by=by, at=at)
        await cancel(message, *ANSWERS, Owed.PART, Owed.PROMISE, at=at)
        await close_windows(message, at=at)
        await record(Kind.BROUGHT_TO_COMMISSION, message, by=by, at=at, reason=reason.strip())
        await freeze(message, at=at)
