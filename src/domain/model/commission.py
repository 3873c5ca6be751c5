"""The commission (§4.4, R27): its members, frozen case files, sittings with agenda, proposals and votes."""

from piccolo.columns import BigSerial, Boolean, Date, ForeignKey, Integer, SmallInt, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person


class DecisionKind(Table, tablename="decision_kind"):
    """What the commission can decide; `effect` is explain, instruct or close, the three that the portal carries out."""

    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    name = Text()
    effect = Text()
    position = Integer(default=0)
    active = Boolean(default=True)


class Member(Table, tablename="commission_member"):
    """A representative of the operator or the coordinator (`side`), from one day to another or for good."""

    id: BigSerial = BigSerial(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    side = Text()
    since = Date(default=None)
    until = Date(null=True, default=None)
    active = Boolean(default=True)


class CaseFile(Table, tablename="case_file"):
    """A case as it stood when it came to the commission: `hash` is the SHA-256 of `content`, and neither changes."""

    id: BigSerial = BigSerial(primary_key=True)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    frozen_at = Timestamptz(default=None)
    content = Text()
    hash = Text()


class Sitting(Table):
    """`state` is called or closed; `version` counts every change, so that of two secretaries at once one wins.

    `number` comes with the closing, and `protocol` (the SHA-256 of the file) with the worker that writes it.
    """

    id: BigSerial = BigSerial(primary_key=True)
    number = Integer(null=True, default=None)
    held_on = Date(default=None)
    state = Text(default="called")
    version = Integer(default=1)
    called_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    called_at = Timestamptz(default=None)
    changed_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    changed_at = Timestamptz(default=None)
    closed_at = Timestamptz(null=True, default=None)
    protocol = Text(null=True, default=None)


class AgendaItem(Table, tablename="agenda_item"):
    """A case on the agenda: `state` is waiting, decided or put_off."""

    id: BigSerial = BigSerial(primary_key=True)
    sitting = ForeignKey(Sitting, null=False, on_delete=OnDelete.restrict)
    case_file = ForeignKey(CaseFile, null=False, on_delete=OnDelete.restrict)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    position = SmallInt(default=1)
    state = Text(default="waiting")


class Presence(Table):
    """Who of the members was there, and whom they represented."""

    id: BigSerial = BigSerial(primary_key=True)
    sitting = ForeignKey(Sitting, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    side = Text()


class Proposal(Table):
    """A decision that was proposed; its kind is written down as it was called then. `outcome`: adopted or rejected."""

    id: BigSerial = BigSerial(primary_key=True)
    item = ForeignKey(AgendaItem, null=False, on_delete=OnDelete.restrict)
    kind = ForeignKey(DecisionKind, null=False, on_delete=OnDelete.restrict)
    kind_name = Text()
    effect = Text()
    text = Text()
    executor = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    due_on = Date(null=True, default=None)
    proposed_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    proposed_at = Timestamptz(default=None)
    outcome = Text(null=True, default=None)
    counted_at = Timestamptz(null=True, default=None)


class Vote(Table):
    """One member's voice on one proposal: `choice` is for, against or abstained; the secretary noted it."""

    id: BigSerial = BigSerial(primary_key=True)
    proposal = ForeignKey(Proposal, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    choice = Text()
    noted_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
