"""What of their messages an author has not read yet (§2, R21): a message that was opened has been read."""

from domain.events import Kind
from domain.joined import COURSE
from domain.model import Message, Person, Seen

# What others did and the author is told of; what they did themselves is no news to them.
NEWS = (
    Kind.REGISTERED, Kind.ANSWERED_AT_ONCE, Kind.REFUSED, Kind.QUESTIONED, Kind.JOINED, Kind.DETACHED, Kind.ACCEPTED,
    Kind.HANDED_BACK, Kind.REROUTED, Kind.PUBLISHED, Kind.ANSWER_PUBLISHED, Kind.PUBLICATION_REJECTED,
    Kind.SENT_FOR_REVIEW, Kind.SENT_BACK, Kind.APPROVED, Kind.SENT_TO_REWORK, Kind.BROUGHT_TO_COMMISSION,
    Kind.SITTING_CALLED, Kind.DECIDED, Kind.BLOCKED, Kind.BLOCK_LIFTED, Kind.BLOCK_KEPT, Kind.BLOCK_ENDED,
    Kind.PROMISE_CAME, Kind.TERM_MISSED, Kind.TERM_RECOUNTED, Kind.CLOSED,
)  # fmt: skip
KINDS = ", ".join(f"'{kind}'" for kind in NEWS)
OF_THE_CASE = ", ".join(f"'{kind}'" for kind in NEWS if kind in COURSE)
# Beside a message `m`, with what happens to the case that it is joined to. A part of the case is between two executors,
# its author hears nothing of it.
UNREAD = f"""
EXISTS (SELECT FROM event e WHERE e.message = ANY(ARRAY[m.id, m.joined_to]) AND e.kind IN ({KINDS})
    AND (e.message = m.id OR e.kind IN ({OF_THE_CASE})) AND e.actor IS DISTINCT FROM m.author
    AND e.data->>'owed' IS DISTINCT FROM 'part' AND e.id > COALESCE((SELECT event FROM seen WHERE message = m.id), 0))
"""  # noqa: S608
# Beside the columns of a person `person`; nothing for officials, who have written no messages.
HOW_MANY = f"(SELECT count(*) FROM message m WHERE m.author = person.id AND {UNREAD}) AS unread"  # noqa: S608
NOTICED = f"""
INSERT INTO seen (message, event) SELECT m.id, max(e.id)
FROM message m JOIN event e ON e.message = ANY(ARRAY[m.id, m.joined_to])
WHERE m.author = {{}} AND ({{}}::bigint IS NULL OR m.id = {{}}) AND {UNREAD} GROUP BY m.id
ON CONFLICT (message) DO UPDATE SET event = excluded.event WHERE seen.event < excluded.event RETURNING id
"""  # noqa: S608


async def notice(message: Message, *, by: Person) -> None:
    """The author has opened it."""
    await read(by, message.id)


async def notice_all(*, by: Person) -> None:
    """The author marks everything as read."""
    await read(by, None)


async def read(by: Person, message: int | None) -> None:
    by.unread -= len(await Seen.raw(NOTICED, by.id, message, message))
