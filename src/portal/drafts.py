"""What a guest has typed waits under the key of its form until they have signed in (R02)."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response

from domain.events import as_json
from domain.model import Draft
from portal.forms import Typed
from portal.routes.sign_ins import DRAFT_COOKIE
from portal.security.sessions import own_cookie
from portal.visit import PortalRequest

LASTS = timedelta(days=1)
FIELDS = ("key", "topic", "text", "address", "latitude", "longitude", "consent", "uploads")


async def save(form: Typed, key: UUID, *, at: datetime) -> None:
    """The last word counts: a form sent twice is one draft. What nobody came back for is forgotten."""
    data = as_json({name: values for name in FIELDS if (values := form.all(name))})
    row = Draft(key=key, data=data, saved_at=at)
    await Draft.insert(row).on_conflict(Draft.key, "DO UPDATE", [Draft.data, Draft.saved_at])
    await Draft.delete().where(Draft.saved_at < at - LASTS)


async def find(request: PortalRequest, *, at: datetime) -> Typed | None:
    """The draft of this browser; the cookie is typed by whoever sends it."""
    key = key_of(request)
    if key is None:
        return None
    row = await Draft.select(Draft.data).where((Draft.key == key) & (Draft.saved_at >= at - LASTS)).first()
    return Typed(json.loads(row["data"])) if row else None


async def forget(request: PortalRequest, response: Response[Any]) -> None:
    """It has been sent; whatever else the browser holds under the name goes as well."""
    key = key_of(request)
    if key is not None:
        await Draft.delete().where(Draft.key == key)
        response.set_cookie(cookie(request, "", 0))


def remember(request: PortalRequest, response: Response[Any], key: UUID) -> None:
    response.set_cookie(cookie(request, str(key), int(LASTS.total_seconds())))


def cookie(request: PortalRequest, value: str, seconds: int) -> Any:
    return own_cookie(DRAFT_COOKIE, value, seconds, secure=request.visit.sessions.secure)


def key_of(request: PortalRequest) -> UUID | None:
    try:
        return UUID(request.cookies.get(DRAFT_COOKIE, ""))
    except ValueError:
        return None
