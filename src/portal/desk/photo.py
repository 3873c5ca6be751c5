"""One photo of an answer, or of a part of it, as whoever attached it turns and crops it (§4.1, R14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.errors import OutOfTurn
from domain.model import Attachment, Message, Person
from domain.moves import WRITABLE, acting
from domain.shares import LIVELY
from portal.desk.answers import named

# Theirs is what stands in the answer of this round for its executor, and in their own part for a co-executor.
PHOTO = """
SELECT f.id, f.name, f.state, f.reason, f.width, f.height, f.version, f.edit IS NOT NULL AS edited, f.as_is,
       ARRAY(SELECT jsonb_object_keys(f.marks)) AS marks, p.id AS part
FROM attachment f LEFT JOIN answer a ON a.id = f.answer LEFT JOIN part p ON p.id = f.part
WHERE f.id = {} AND f.kind <> 'pdf' AND (
    (a.message = {} AND a.round = {} AND {})
    OR (f.answer IS NULL AND p.message = {} AND p.round = {} AND p.executor = ANY({}::bigint[])
        AND p.removed_at IS NULL)
)
"""


@dataclass(frozen=True)
class Photo:
    id: UUID
    name: str
    state: str
    reason: str | None
    width: int | None
    height: int | None
    version: int
    edited: bool
    as_is: bool
    marks: Sequence[str]
    part: int | None

    @property
    def unfit(self) -> list[str]:
        return named(self.marks)

    @property
    def ready(self) -> bool:
        return self.state == "ready"


async def photo_to_edit(message: Message, id: UUID, person: Person) -> Photo | None:
    """None for what is not theirs; OutOfTurn when the answer has gone."""
    where = (message.id, message.round)
    people = list(acting(person))
    rows = await Attachment.raw(PHOTO, id, *where, message.executor in people, *where, people)
    if not rows:
        return None
    photo = Photo(**rows[0])
    if message.status not in (WRITABLE if photo.part is None else LIVELY):
        raise OutOfTurn("This can no longer be done: the message is in another state now.")
    return photo
