"""The controller of the demo town has asked why the longest delays are there, and one executor has answered (§5.1)."""

from datetime import timedelta

from domain import controlling
from domain.model import Message
from portal.town.story import Cast

ASKED, SECOND = 3, timedelta(seconds=1)
QUESTION = "Сообщение стоит без движения. Что мешает и когда будет ответ?"
REASON = "Ждём поставку материала: подрядчик обещает его в четверг. Ответ отправим в пятницу."
LONGEST = """
SELECT m.id, (SELECT max(at) FROM event WHERE message = m.id) AS last FROM message m JOIN (
    SELECT message, min(runs_out_at) AS since FROM term
    WHERE runs_out_at <= {} AND met_at IS NULL AND void_at IS NULL
    AND kind IN ('acceptance','answer','rework','follow_up','instruction') GROUP BY message
) late ON late.message = m.id WHERE m.executor IS NOT NULL AND m.status <> 'handed_back' ORDER BY since, m.id LIMIT {}
"""


async def ask(cast: Cast) -> None:
    at = cast.hours.just_now()
    rows = {row["id"]: row["last"] for row in await Message.raw(LONGEST, at, ASKED)}
    late = await Message.objects().where(Message.id.is_in(list(rows))).order_by(Message.id) if rows else []
    for message in late:
        moment = max(at, rows[message.id] + SECOND)
        await controlling.ask_reason(message, QUESTION, by=cast.people["elena"], at=moment)
        if message is late[0]:
            executor = cast.by_id(message.executor)
            await controlling.give_reason(message, REASON, by=executor, at=moment + SECOND)
