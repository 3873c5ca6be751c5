"""A letter's link opens one answer for one person, for thirty days, and is no sign-in (§4.3, R21)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from domain.workdays import in_days

# Whole days of the town, as the rating is counted: the link is good to the end of the last day that its letter names.
VALID_DAYS = 30
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
        (answer, person), signed_at = serializer.loads(token, return_timestamp=True)
    except BadSignature:
        return None
    return Invitation(answer, person, expired=at >= in_days(signed_at, VALID_DAYS).runs_out_at)
