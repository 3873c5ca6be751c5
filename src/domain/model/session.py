"""Who is signed in, and what a guest has typed so far."""

from piccolo.columns import JSONB, UUID, BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person


class Session(Table):
    """Only the hash of the token is kept: a stolen table signs nobody in."""

    id: BigSerial = BigSerial(primary_key=True)
    token_hash = Text(unique=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    created_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None, index=True)


class Draft(Table):
    """What a guest typed before signing in (R02), under the key of the form."""

    key = UUID(primary_key=True)
    data = JSONB(default="{}")
    saved_at = Timestamptz(default=None, index=True)
