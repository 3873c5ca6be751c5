"""The port: what the portal needs to know of a place that says who somebody is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Departure:
    """Where the browser goes to sign in, and the state that it has to bring back."""

    url: str
    state: str


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider vouches for them; `email` only when it has been verified there."""

    oid: str
    name: str
    given_name: str
    email: str | None
    is_organisation: bool = False


class Provider(Protocol):
    def departure(self, at: datetime) -> Departure: ...

    async def identify(self, code: str, at: datetime) -> Identity:
        """Raises NotAllowed, with the reason, for those who may not use the portal."""
        ...
