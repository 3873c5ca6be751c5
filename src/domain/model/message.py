"""A message (сообщение) and the counter of its numbers."""

from typing import Any

from piccolo.columns import (
    UUID,
    BigSerial,
    Boolean,
    DoublePrecision,
    ForeignKey,
    Integer,
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person
from domain.model.rejection import Rejection
from domain.model.topic import Territory, Topic


class Message(Table):
    """One matter of one citizen, from the form to the rated answer.

    `key` is made with the form: the same key is the same message however often it is sent. `sending` counts the
    sendings (a correction is a new one), `round` the answers asked for, `reworks` the reworks in a row (R26),
    `version` every change. `joined_to` is the case that answers this message as well; a case itself is joined to none.
    `public_text` and `public_address` are the moderator's copies; the citizen's own `text` and `address` are never
    edited, and nobody of the public gets to see them. Whether anything of it waits to be published or rejected is kept
    by the database itself, in `undecided`.
    """

    id: BigSerial = BigSerial(primary_key=True)
    key = UUID(unique=True)
    number = Text(null=True, default=None, unique=True)
    author = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    topic = ForeignKey(Topic, null=False, on_delete=OnDelete.restrict)
    joined_to: Any = ForeignKey("self", null=True, on_delete=OnDelete.restrict)
    executor = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    territory = ForeignKey(Territory, null=True, on_delete=OnDelete.restrict)
    status = Text()
    sending = SmallInt(default=1)
    round = SmallInt(default=1)
    reworks = SmallInt(default=0)
    version = Integer(default=1)
    text = Text()
    address = Text()
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    consent = Boolean(default=False)
    public_text = Text(null=True, default=None)
    public_address = Text(null=True, default=None)
    published_at = Timestamptz(null=True, default=None)
    rejection = ForeignKey(Rejection, null=True, on_delete=OnDelete.restrict)
    sent_at = Timestamptz(default=None)
    registered_at = Timestamptz(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)


class NumberRow(Table, tablename="number_row"):
    """The last number given in a year: updated in the registering transaction, so numbers have no gaps (R07)."""

    year = Integer(primary_key=True)
    last = Integer(default=0)
