"""A letter's link opens one answer for one person, for thirty days, and is no sign-in (§4.3, R21)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

VALID_SECONDS = 30 * 24 * 3600
SALT = "answer"


@dataclass(frozen=True)
class Invitation:
    answer: int
    person: int
    expired: bool = False


class Dated(TimestampSigner):
    """Signs as of a given moment, so that a letter which is sent twice carries one and the same link."""

    def __init__(self, *keys: Any, at: datetime, **options: Any) -> None:
        super().__init__(*keys, **options)
        self.at = at

    def get_timestamp(self) -> int:
        return int(self.at.timestamp())


def sign(invitation: Invitation, secret: str, *, at: datetime) -> str:
    """The token, valid from that moment on."""
    serializer = URLSafeTimedSerializer(secret, salt=SALT, signer=Dated, signer_kwargs={"at": at})
    return str(serializer.dumps([invitation.answer, invitation.person]))


def read(token: str, secret: str, *, at: datetime) -> Invitation | None:
    """Whom the token invites to what; an expired one still says so, anything else is nothing."""
    serializer = URLSafeTimedSerializer(secret, salt=SALT, signer=Dated, signer_kwargs={"at": at})
    try:
        return Invitation(*serializer.loads(token, max_age=VALID_SECONDS))
    except SignatureExpired as late:
        answer, person = serializer.load_payload(late.payload or b"")
        return Invitation(answer, person, expired=True)
    except BadSignature:
        return None
