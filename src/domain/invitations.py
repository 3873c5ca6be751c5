"""A letter's link opens one answer or question for one person, for thirty days, and is no sign-in (§3, §4.3, R21).

Others decline such letters, confirm a subscription (for three days) or end it; each is good for what it was signed for
and for nothing else. The `person` of a subscription is its subscriber, who may be a guest.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from domain.workdays import in_days

# Whole days of the town, as the rating is counted: the link is good to the end of the last day that its letter names.
VALID_DAYS = 30
CONFIRMED_WITHIN = timedelta(days=3)  # after this the wish of a guest is forgotten, and so is its link
# A link to the one is none to another.
ANSWER, QUESTION, DECLINING, CONFIRMING, FOLLOWING = "answer", "question", "declining", "confirming", "following"


@dataclass(frozen=True)
class Invitation:
    to: int  # the id of what is opened
    person: int
    expired: bool = False


class Dated(TimestampSigner):
    """Signs as of a given moment, so that a letter which is sent twice carries one and the same link."""

    def __init__(self, *keys: Any, at: datetime, **options: Any) -> None:
        super().__init__(*keys, **options)
        self.at = at

    def get_timestamp(self) -> int:
        return int(self.at.timestamp())


def sign(invitation: Invitation, secret: str, *, at: datetime, what: str = ANSWER) -> str:
    """The token, valid from that moment on."""
    serializer = URLSafeTimedSerializer(secret, salt=what, signer=Dated, signer_kwargs={"at": at})
    return str(serializer.dumps([invitation.to, invitation.person]))


def read(token: str, secret: str, *, at: datetime, what: str = ANSWER) -> Invitation | None:
    """Whom the token invites to what; an expired one still says so, anything else is nothing."""
    serializer = URLSafeTimedSerializer(secret, salt=what, signer=Dated, signer_kwargs={"at": at})
    try:
        (to, person), signed_at = serializer.loads(token, return_timestamp=True)
    except BadSignature:
        return None
    end = signed_at + CONFIRMED_WITHIN if what == CONFIRMING else in_days(signed_at, VALID_DAYS).runs_out_at
    return Invitation(to, person, expired=at >= end)
