"""Somebody with a name: a citizen signed in through ЕСИА, or an official with a role (§2)."""

from piccolo.columns import BigSerial, Boolean, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.organisation import Organisation


class Person(Table):
    """`email` holds only an address that ЕСИА has verified; `consented_at` is consent to process personal data."""

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
