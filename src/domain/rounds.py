"""The one answer that a message has in its round (R15): which it is, and who may write in it now (§4.2)."""

from collections.abc import Sequence

from domain import moves
from domain.errors import NotAllowed
from domain.model import Answer, Message, Person
from domain.taking import stale


async def current(message: Message) -> Answer | None:
    """Answers of earlier rounds stay in the history."""
    return await Answer.objects().get((Answer.message == message.id) & (Answer.round == message.round))


async def current_of_each(messages: Sequence[Message]) -> dict[int, Answer]:
    """The same for many, by the message."""
    rounds = {each.id: each.round for each in messages}
    if not rounds:
        return {}
    answers = await Answer.objects().where(Answer.message.is_in(list(rounds)))
    return {each.message: each for each in answers if each.round == rounds[each.message]}


async def must_write(message: Message, by: Person) -> None:
    """Only the executor of the case or their deputy, and only while the answer is theirs to write."""
    if not moves.SEND_FOR_REVIEW.is_for(by, message):
        raise NotAllowed("This is not yours to do.")
    if message.status not in moves.WRITABLE:
        raise await stale(message, by)
