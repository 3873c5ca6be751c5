"""A photo or a scan: of a message, of a co-executor's part, of an answer, or of the remarks to one."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.answer import Answer, Rating
from domain.model.message import Message
from domain.model.part import Part
from domain.model.person import Person
from domain.model.rejection import Rejection


class Attachment(Table):
    """A received file; `key` is the key of the form that it came with, until the form is sent.

    `content_hash` is the SHA-256 of the original in the object store, `sizes` the hashes of its prepared sizes
    (small, medium, large): of a scan in PDF those of its first page, with `document`, which is what everybody but the
    officials of the case gets, and `page-2` and further, its other pages. `pages` is their number, and its `width` and
    `height` are in points, those of a photo in pixels.
    `state` is received, ready or refused; `reason` is a sentence (msgid) of a refused one.
    `shown` is the moderator's choice; `covers` are the areas that everybody sees covered, `covered` the hashes of the
    sizes made so. What then is public the database itself says, in the generated column `public_sizes`.
    `edit` is the turn and the crop by which `sizes` were made, none for the original; `marks` are what makes the photo
    unfit to be sent, each with its measure, or what a scan holds and its document lacks; `as_is` says that the photo is
    readable nevertheless.
    `print` is what the same picture is known again by, none for one that is too plain; `traces` are what the file says
    of its making (when, where, with what), for the officials of the case alone: the place of somebody's telephone is
    nobody else's business. `before` is the photo of the question beside which this photo of the answer is shown.
    """

    id = UUID(primary_key=True)
    key = UUID(index=True)
    message = ForeignKey(Message, null=True, on_delete=OnDelete.restrict)
    answer = ForeignKey(Answer, null=True, on_delete=OnDelete.restrict)
    rating = ForeignKey(Rating, null=True, on_delete=OnDelete.restrict)
    part = ForeignKey(Part, null=True, on_delete=OnDelete.restrict)
    name = Text()
    content_hash = Text(index=True)
    kind = Text()
    size = BigInt(default=0)
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    pages = Integer(null=True, default=None)
    sizes = JSONB(default="{}")
    state = Text(default="received")
    reason = Text(null=True, default=None)
    shown = Boolean(default=False)
    covers = JSONB(default="[]")
    covered = JSONB(null=True, default=None)
    edit = JSONB(null=True, default=None)
    marks = JSONB(default="{}")
    as_is = Boolean(default=False)
    print = Text(null=True, default=None)
    traces = JSONB(default="{}")
    before = UUID(null=True, default=None)  # an Attachment of the same message
    version = Integer(default=1)
    rejection = ForeignKey(Rejection, null=True, on_delete=OnDelete.restrict)
    uploaded_by = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    received_at = Timestamptz(default=None)
