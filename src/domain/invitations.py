"""A letter's link opens one answer for one person, for thirty days, and is no sign-in (§4.3, R21)."""

from dataclasses import dataclass

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

VALID_SECONDS = 30 * 24 * 3600
SALT = "answer"


@dataclass(frozen=True)
class Invitation:
    answer: int
    person: int
    expired: bool = False


def sign(invitation: Invitation, secret: str) -> str:
    return URLSafeTimedSerializer(secret, salt=SALT).dumps([invitation.answer, invitation.person])


def read(token: str, secret: str) -> Invitation | None:
    """Whom the token invites to what; an expired one still says so, anything else is nothing."""
    serializer = URLSafeTimedSerializer(secret, salt=SALT)
    try:
        return Invitation(*serializer.loads(token, max_age=VALID_SECONDS))
    except SignatureExpired as late:
        answer, person = serializer.load_payload(late.payload or b"")
        return Invitation(answer, person, expired=True)
    except BadSignature:
        return None
