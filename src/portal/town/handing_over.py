"""An executor of the demo town hands a case over to the head of the department, who has not answered yet (§4.1)."""

from datetime import timedelta

from domain import handing_over
from domain.model import Message
from domain.moves import OFFERABLE
from portal.town.story import Cast

WORDS = "Материалы заказаны, бригада назначена. Со среды меня нет, доведите, пожалуйста, до ответа."
LAST = "SELECT max(at) AS last FROM event WHERE message = {}"


async def offer(cast: Cast) -> None:
    giver, taker = cast.people["roman"], cast.people["sergey"]
    theirs = (Message.executor == giver.id) & Message.status.is_in(list(OFFERABLE))
    message = await Message.objects().where(theirs).order_by(Message.id, ascending=False).first()
    free = await handing_over.colleagues(message, on=cast.hours.at.date()) if message else []
    if message is None or taker.id not in [each["id"] for each in free]:
        return
    (row,) = await Message.raw(LAST, message.id)
    at = max(cast.hours.just_now(), row["last"] + timedelta(seconds=1))
    await handing_over.offer(message, taker.id, WORDS, by=giver, at=at)
