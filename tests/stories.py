"""How the tests of the domain walk a message: each step is a verb, so a story reads as the regulation does."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.people import MONDAY, Town

from domain import (
    answering,
    blocking,
    clarifying,
    convening,
    executing,
    joining,
    moderating,
    parts,
    pointed,
    rating,
    remarks,
    resolving,
    rounds,
    standard_answers,
    submitting,
    typical,
)
from domain.answering import Written
from domain.directories import reading
from domain.directories.calendar import CALENDAR_DAYS
from domain.directories.limits import LIMITS
from domain.keeping import keep
from domain.model import (
    Answer,
    Block,
    BlockGround,
    CaseFile,
    DecisionKind,
    Event,
    Message,
    Part,
    Person,
    Proposal,
    Sitting,
    StandardAnswer,
    Term,
    Topic,
)
from domain.moderating import ANSWER_RULES, Review
from domain.parts import Report
from domain.resolving import Proposed
from domain.shares import Wish
from domain.sittings import agenda, present
from domain.submitting import Matter
from domain.terms import RUNNING
from domain.typical import Reply

HOUR = timedelta(hours=1)


async def submitted(town: Town, *, at: datetime = MONDAY, consent: bool = True) -> Message:
    matter = Matter(text="A deep hole at the bus stop.", topic=town.pothole.id, address="Mira 41", consent=consent)
    return await submitting.submit(matter, key=uuid4(), by=town.anna, at=at)


async def registered(town: Town, *, at: datetime = MONDAY) -> Message:
    message = await submitted(town, at=at)
    await moderating.register(message, by=town.marina, at=at + HOUR)
    return message


async def another(town: Town, by: Person, *, at: datetime = MONDAY + 2 * HOUR, topic: Topic | None = None) -> Message:
    """Somebody else writes of the same hole."""
    said = Matter("It is as wide as a wheel.", (topic or town.pothole).id, address="Shop at Mira 43", consent=True)
    return await submitting.submit(said, key=uuid4(), by=by, at=at)


async def joined(town: Town, message: Message, case: Message, *, at: datetime = MONDAY + 3 * HOUR) -> Message:
    await joining.join(message, case.number or "", by=town.marina, at=at)
    return message


async def case_of_two(town: Town) -> tuple[Message, Message]:
    """Anna's case in work, and Boris's message that was joined to it while it waited."""
    case = await in_work(town)
    message = await joined(town, await another(town, town.boris), case)
    return await fresh(case), message


async def answered_to_two(town: Town, *, written: Written | None = None) -> tuple[Message, Message]:
    case, message = await case_of_two(town)
    await answer(town, case, at=MONDAY + 4 * HOUR, written=written or DONE)
    await approve(town, case, at=MONDAY + 5 * HOUR)
    return case, message


async def questions_allowed(town: Town, *, days: int = 1, at: datetime = MONDAY) -> None:
    """The operator switches clarifying questions on."""
    (row,) = await reading.rows(LIMITS)
    allowed = {"clarifying": True, "clarifying_workdays": days, "clarifying_ground": town.grounds["G19"].id}
    await keep(LIMITS, allowed, row=row["id"], by=town.yulia, at=at)


async def questioned(town: Town, *, at: datetime = MONDAY, days: int = 1) -> Message:
    """Sent, and an hour later the moderator asks."""
    await questions_allowed(town, days=days, at=at)
    message = await submitted(town, at=at)
    await clarifying.ask(message, "How deep is it?", by=town.marina, at=at + HOUR)
    return message


async def in_work(town: Town, *, at: datetime = MONDAY) -> Message:
    message = await registered(town, at=at)
    await executing.accept(message, by=town.pavel, at=at + 2 * HOUR)
    return message


DONE = Written(outcome="solved", text="The hole was filled on 3 March.")


async def in_review(town: Town, *, at: datetime = MONDAY, written: Written = DONE) -> Message:
    message = await in_work(town, at=at)
    await answer(town, message, at=at + 3 * HOUR, written=written)
    return message


async def answer(town: Town, message: Message, *, at: datetime, written: Written = DONE) -> None:
    gone_through = replace(written, replies=await replies_to(message))
    await answering.draft(message, gone_through, by=town.pavel, at=at)
    await answering.send_for_review(message, by=town.pavel, at=at, insists=await pointed_out(message, at=at))


async def pointed_out(message: Message, *, at: datetime) -> list[str]:
    """What an executor confirms who has read every word that was pointed out."""
    answer = await the_answer(message)
    return [each.words for each in pointed.of(answer, today=at.date())]


async def looked(message: Message) -> Review:
    """What a reviewer confirms who has looked at every rule."""
    answer = await rounds.current(message)
    return Review(answer.version if answer else None, ANSWER_RULES)


async def judged(message: Message) -> dict[str, str]:
    """The same as a reviewer's form sends it."""
    review = await looked(message)
    return {"version": str(review.version), **dict.fromkeys(review.kept, "kept")}


async def approve(town: Town, message: Message, *, at: datetime, **options: Any) -> None:
    await moderating.approve(message, await looked(message), by=town.vera, at=at, **options)


async def replies_to(message: Message) -> dict[int, remarks.Reply]:
    """Every remark that the answer has to go through is done."""
    return {each.id: remarks.Reply("done", "Filled again.") for each in await remarks.to_be_answered(message)}


async def answered(town: Town, *, at: datetime = MONDAY, written: Written = DONE) -> Message:
    message = await in_review(town, at=at, written=written)
    await approve(town, message, at=at + 4 * HOUR)
    return message


async def taken_to_the_answer(town: Town, message: Message, *, at: datetime = MONDAY, publish: bool = True) -> None:
    """From a registered message to its approved answer; the answer is published when the message is."""
    await executing.accept(message, by=town.pavel, at=at + 3 * HOUR)
    await answer(town, message, at=at + 4 * HOUR)
    await approve(town, message, at=at + 5 * HOUR, publish=publish)


async def reworked(town: Town, message: Message, *, at: datetime) -> None:
    """One whole turn: not solved, a new answer, approved."""
    await rating.rate(message, by=town.anna, at=at, choice="unsolved", remarks="Still there.")
    await answer(town, message, at=at + HOUR)
    await approve(town, message, at=at + 2 * HOUR)


DUE = date(2026, 3, 6)


async def shared(town: Town, *, at: datetime = MONDAY, due_on: date = DUE, message: Message | None = None) -> Part:
    """Pavel's case, of which Sergey has a part."""
    message = message or await in_work(town, at=at)
    wish = Wish(town.sergey.id, "Close the water and cut the pipe.", due_on)
    return await parts.name(message, wish, by=town.pavel, at=at + 3 * HOUR)


async def case_of(part: Part) -> Message:
    found = await Message.objects().get(Message.id == part.message)
    assert found is not None
    return found


async def brought(town: Town, part: Part, text: str = "The pipe is cut.", *, at: datetime = MONDAY + 4 * HOUR) -> Part:
    """The part written and done."""
    message = await case_of(part)
    await parts.write(message, part.id, Report(text), by=town.sergey, at=at)
    await parts.complete(message, part.id, by=town.sergey, at=at)
    return part


GREETING = "{обращение} Сообщение № {номер} на тему «{тема}» рассмотрено: {адрес}."


async def standard(
    town: Town, text: str = GREETING, *, topic: Topic | None = None, outcome: str = "impossible", at: datetime = MONDAY
) -> StandardAnswer:
    """A standard answer of the directory, in force from that day on."""
    code = f"answer-{await StandardAnswer.count() + 1}"
    kept = StandardAnswer(code=code, topic=(topic or town.pothole).id, name="Гарантия", outcome=outcome, text=text)
    await StandardAnswer.insert(kept)
    await standard_answers.note_version(kept.id, by=town.marina, at=at, in_force_from=at.date())
    kept.version = 1
    return kept


async def answered_at_once(town: Town, *, at: datetime = MONDAY, public_text: str | None = None) -> Message:
    message = await submitted(town, at=at)
    reply = await typical.prepare(message, (await standard(town, at=at)).id, at=at)
    await typical.answer_at_once(message, reply, by=town.marina, at=at + HOUR, public_text=public_text)
    return message


def reply_of(kept: StandardAnswer, **changes: Any) -> Reply:
    """What a moderator sends who has typed everything anew."""
    said = {"outcome": kept.outcome, "text": "The contractor mends it under warranty.", **changes}
    return Reply(kept.id, kept.version, **said)


async def in_commission(town: Town, *, at: datetime = MONDAY, message: Message | None = None) -> Message:
    """Not solved for the fourth time in a row."""
    message = message or await answered(town, at=at)
    for turn in range(1, 4):
        await reworked(town, message, at=at + timedelta(days=turn))
    await rating.rate(message, by=town.anna, at=at + timedelta(days=4), choice="unsolved", remarks="Still a hole.")
    return message


async def the_file(message: Message) -> CaseFile:
    """The latest file of the case, as the commission has it."""
    found = (
        await CaseFile.objects().where(CaseFile.message == message.id).order_by(CaseFile.id, ascending=False).first()
    )
    assert found is not None
    return found


async def sitting_on(town: Town, *messages: Message, at: datetime, present: str = "yulia gleb konstantin") -> Sitting:
    """Called for that very day by Lidia, with these people present."""
    files = [(await the_file(message)).id for message in messages]
    sitting = await convening.call(at.date(), files, by=town.lidia, at=at)
    people = [getattr(town, name).id for name in present.split()]
    await convening.note_presence(sitting, people, by=town.lidia, at=at)
    return sitting


async def kind_of(effect: str) -> int:
    kind = await DecisionKind.objects().get(DecisionKind.effect == effect)
    assert kind is not None
    return int(kind.id)


async def proposed(town: Town, sitting: Sitting, *, at: datetime, effect: str = "explain", place: int = 0) -> Proposal:
    """Proposed on the case at this place of the agenda; an instruction goes to Sergey, with three weeks for it."""
    said = Proposed(
        kind=await kind_of(effect),
        text="The road is on private land.",
        executor=town.sergey.id if effect == "instruct" else None,
        due_on=(at + timedelta(days=21)).date() if effect == "instruct" else None,
    )
    item = (await agenda(sitting))[place].id
    return await resolving.propose(sitting, item, said, by=town.lidia, at=at)


async def votes(sitting: Sitting, *choices: str) -> list[tuple[int, str]]:
    """How those who are present vote, in their order; all are for it when nothing is said."""
    there = [each["person"] for each in await present(sitting)]
    return list(zip(there, choices or ["for"] * len(there), strict=True))


async def decided(town: Town, message: Message, *, at: datetime, effect: str = "explain") -> Sitting:
    """A whole sitting about one case, up to the decision that all are for."""
    sitting = await sitting_on(town, message, at=at)
    proposal = await proposed(town, sitting, at=at, effect=effect)
    await resolving.vote(sitting, proposal.id, await votes(sitting), by=town.lidia, at=at)
    return sitting


async def block_ground(code: str = "B01") -> int:
    ground = await BlockGround.objects().get(BlockGround.code == code)
    assert ground is not None
    return int(ground.id)


async def blocked(town: Town, message: Message, *, at: datetime, days: int = 7) -> Block:
    """Marina blocks the author of this message."""
    said = {"ground": await block_ground(), "days": days, "explanation": "Insults in every line."}
    return await blocking.block(message, by=town.marina, at=at, **said)  # type: ignore[arg-type]


async def running(message: Message) -> dict[str, str]:
    """What is owed now: kind of the term and its last day."""
    rows = await Term.select(Term.kind, Term.due_on).where(RUNNING & (Term.message == message.id)).order_by(Term.kind)
    return {row["kind"]: row["due_on"].isoformat() for row in rows}


async def journal(message: Message) -> list[str]:
    rows = await Event.select(Event.kind).where(Event.message == message.id).order_by(Event.id)
    return [row["kind"] for row in rows]


async def fresh(message: Message) -> Message:
    """The message as it stands in the database."""
    found = await Message.objects().get(Message.id == message.id)
    assert found is not None
    return found


async def the_answer(message: Message) -> Answer:
    """The answer of the message's present round."""
    found = await rounds.current(await fresh(message))
    assert found is not None
    return found


async def told(message: Message, kind: str) -> Event:
    """The last line of this kind in the message's journal, its data as Python."""
    lines = Event.objects().where((Event.message == message.id) & (Event.kind == kind))
    found = await lines.order_by(Event.id, ascending=False).output(load_json=True).first()
    assert found is not None
    return found


async def told_as_written(message: Message, kind: str) -> Event:
    """The same line as the relay hands it to a reaction: its data as JSON."""
    lines = Event.objects().where((Event.message == message.id) & (Event.kind == kind))
    found = await lines.order_by(Event.id, ascending=False).first()
    assert found is not None
    return found


async def correct_day(day: date, *, working: bool, reason: str, by: Person, at: datetime) -> None:
    """The operator moves one day on or off."""
    known = await reading.known_by_key(CALENDAR_DAYS)
    row = known.get((day,), {}).get("id")
    values = {"day": day, "working": working, "reason": reason, "active": True}
    await keep(CALENDAR_DAYS, values, row=row, by=by, at=at)
