"""What happens has a name from one list, and a row that is history, audit trail and outbox at once (R33)."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.model import Event, Message
from domain.moves import Mover, Role


class Kind(StrEnum):
    SUBMITTED = "message:submitted"
    CORRECTED = "message:corrected"
    REGISTERED = "message:registered"
    ANSWERED_AT_ONCE = "message:answered_at_once"
    REFUSED = "message:refused"
    QUESTIONED = "message:questioned"
    REPLIED = "message:replied"
    JOINED = "message:joined"
    DETACHED = "message:detached"
    TOOK_IN = "message:took_in"
    LET_GO = "message:let_go"
    ACCEPTED = "message:accepted"
    HANDED_BACK = "message:handed_back"
    REROUTED = "message:rerouted"
    PUBLISHED = "message:published"
    ANSWER_PUBLISHED = "answer:published"
    PUBLICATION_REJECTED = "publication:rejected"
    PHOTO_COVERED = "photo:covered"
    PHOTO_EDITED = "photo:edited"
    PHOTO_CONFIRMED = "photo:confirmed"
    AUTHOR_OPENED = "author:opened"
    ORIGINAL_TAKEN = "file:original_taken"
    CONSENT_WITHDRAWN = "message:consent_withdrawn"
    PART_NAMED = "part:named"
    PART_WRITTEN = "part:written"
    PART_DONE = "part:done"
    PART_REMOVED = "part:removed"
    HAND_OVER_OFFERED = "hand_over:offered"
    HAND_OVER_TAKEN = "hand_over:taken"
    HAND_OVER_RETURNED = "hand_over:returned"
    HAND_OVER_WITHDRAWN = "hand_over:withdrawn"
    DRAFTED = "answer:drafted"
    SENT_FOR_REVIEW = "answer:sent_for_review"
    SENT_BACK = "answer:sent_back"
    APPROVED = "answer:approved"
    RATED = "answer:rated"
    SENT_TO_REWORK = "message:sent_to_rework"
    BROUGHT_TO_COMMISSION = "message:brought_to_commission"
    CLOSED = "message:closed"
    PROMISE_CAME = "message:promise_came"
    SITTING_CALLED = "commission:called"
    PRESENCE_NOTED = "commission:presence_noted"
    DECISION_PROPOSED = "commission:proposed"
    VOTED = "commission:voted"
    DECIDED = "commission:decided"
    SITTING_CLOSED = "commission:closed"
    BLOCKED = "author:blocked"
    OBJECTED = "author:objected"
    BLOCK_LIFTED = "author:block_lifted"
    BLOCK_KEPT = "author:block_kept"
    BLOCK_ENDED = "author:block_ended"
    TERM_REMINDER = "term:reminder"
    TERM_MISSED = "term:missed"
    TERM_ESCALATED = "term:escalated"
    REASON_ASKED = "reason:asked"
    REASON_GIVEN = "reason:given"
    TERM_RECOUNTED = "term:recounted"
    LETTER_RETURNED = "letter:returned"
    LETTER_RESENT = "letter:resent"
    SUBSCRIPTION_ASKED = "subscription:asked"


# As words and not as rows: every move says it, and Piccolo takes longer to put an INSERT together than to send it.
RECORDED = "INSERT INTO event (kind, message, actor, at, data) VALUES ({}, {}, {}, {}, {})"
RECORDED_EACH = """
INSERT INTO event (kind, message, actor, at, data)
SELECT kind, message, {}::bigint, {}::timestamptz, data::jsonb
FROM unnest({}::text[], {}::bigint[], {}::text[]) line (kind, message, data)
"""


async def record(kind: Kind, message: Message | None, *, by: Mover, at: datetime, **data: Any) -> None:
    """Write one line of the journal, inside the transaction of the change that it tells of.

    What a deputy does stands under their own name, with the one in whose place they act.
    """
    if message and by.role == Role.EXECUTOR and message.executor in by.stands_in_for:
        data.setdefault("instead_of", message.executor)
    await Event.raw(RECORDED, kind, message.id if message else None, by.id, at, as_json(data))


async def record_each(lines: Sequence[tuple[Kind, int, dict[str, Any]]], *, by: Mover, at: datetime) -> None:
    """Write a line for each of many messages (its kind, its message, what it tells), all of the same moment."""
    if lines:
        kinds, messages, told = zip(*((kind, message, as_json(data)) for kind, message, data in lines), strict=True)
        await Event.raw(RECORDED_EACH, by.id, at, list(kinds), list(messages), list(told))


def as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, default=str, ensure_ascii=False)
