"""Somebody with a name: a citizen signed in through ЕСИА, or an official with a role (§2)."""

from piccolo.columns import Array, BigSerial, Boolean, Date, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.organisation import Organisation


class Person(Table):
    """`email` holds only an address that ЕСИА has verified; `consented_at` is consent to process personal data;
    `unwanted` are the subjects about which they want no letters, `unwanted_pushes` those of which no browser of theirs
    is told (domain/choosing.py). `heads` is who leads their department: sees its cases, and keeps its phrases.

    `stands_in_for` is no column: whose cases this person takes on today, read with the sign-in (domain/standing_in.py).
    Nor is `unread`: to how many of their messages something has happened (domain/noticing.py).
    """

    stands_in_for: tuple[int, ...] = ()
    unread: int = 0

    id: BigSerial = BigSerial(primary_key=True)
    role = Text()
    name = Text()
    given_name = Text()
    email = Text(null=True, default=None)
    organisation = ForeignKey(Organisation, null=True, on_delete=OnDelete.restrict)
    position = Text()
    esia_oid = Text(null=True, default=None, unique=True)
    is_organisation = Boolean(default=False)
    consented_at = Timestamptz(null=True, default=None)
    language = Text(default="ru")
    active = Boolean(default=True)
    heads = Boolean(default=False)
    unwanted = Array(base_column=Text(), default=list)
    unwanted_pushes = Array(base_column=Text(), default=list)


class Absence(Table):
    """From the first day to the last the deputy sees and does what the absent one would."""

    id: BigSerial = BigSerial(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    first_day = Date(default=None)
    last_day = Date(default=None)
    deputy = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    active = Boolean(default=True)
