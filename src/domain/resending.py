"""A letter that did not arrive goes once more (§3, §4.3, §4.4): whoever moderates or controls says so."""

from datetime import datetime

from domain.database import atomic
from domain.errors import NotAllowed, Stale
from domain.events import Kind, record
from domain.model import Delivery, Message, Person
from domain.moves import Role

SENDERS = (Role.MODERATOR, Role.CONTROLLER)
# Under a new id: a mail program that has seen the earlier one would hide it. What nobody has tried yet goes by itself,
# as does what waits for the mail server.
# A letter of a digest leaves it and goes alone; the id of the digest is that of others as well. Whoever follows from
# outside is no reader of the case. A push is for a moment and does not go again.
AGAIN = r"""
UPDATE delivery SET resent = resent + 1, attempts = 0, failures = 0, next_at = {}, done_at = NULL, gave_up_at = NULL,
    bounced_at = NULL, error = NULL, digest = NULL, message_id = regexp_replace(
        message_id, '(\.r\d+)?@', CASE WHEN digest IS NULL THEN '' ELSE '.' || id END || '.r' || resent + 1 || '@')
WHERE id = {} AND resent = {} AND recipient ~ '^(person|head):' AND event IN (SELECT id FROM event WHERE message = {})
AND (done_at IS NOT NULL OR gave_up_at IS NOT NULL OR error NOT LIKE 'ServerAway:%')
RETURNING reaction, recipient
"""


async def resend(message: Message, letter: int, *, by: Person, at: datetime, resent: int) -> None:
    """Owe the letter (the id of its delivery) anew; `resent` is how often that was done when the page was read.

    Raises NotAllowed for other roles, Stale when somebody was faster or the letter is on its way.
    """
    if by.role not in SENDERS:
        raise NotAllowed("This is not yours to do.")
    async with atomic():
        sent = await Delivery.raw(AGAIN, at, letter, resent, message.id)
        if not sent:
            raise Stale("This letter is on its way, or somebody has just sent it again.")
        said = {"letter": sent[0]["reaction"], "recipient": sent[0]["recipient"]}
        await record(Kind.LETTER_RESENT, message, by=by, at=at, **said)
