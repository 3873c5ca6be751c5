"""The portal, plugged together on one screen."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from domain.database import close_pool, open_pool
from portal import routes, signing_in
from portal.door import Door, allow_time
from portal.forms import ORDINARY_BODY
from portal.given import DEPENDENCIES, clock
from portal.rendering import Rendering
from portal.security.csrf import Csrf
from portal.security.headers import SecurityHeaders
from portal.security.sessions import Sessions
from portal.static import Static
from portal.troubles import answer
from portal.visit import PortalRequest
from workers.demo import refuse_demo_people
from workers.settings import Settings


def create_app(settings: Settings, *, clock: Callable[[], datetime] = clock) -> Door:
    return furnished(routed(development=not settings.production), settings, clock)


def routed(*, development: bool) -> Litestar:
    """Every address and its handler, still of no town: Litestar takes longer over this than all the rest."""
    # Litestar types its hooks by its own request class, whatever class it is told to use.
    troubles: Any = {Exception: answer, HTTPException: answer}
    return Litestar(
        [*routes.ROUTES, *(routes.DEVELOPMENT if development else [])],
        dependencies=DEPENDENCIES,
        request_class=PortalRequest,
        before_request=before_request,
        exception_handlers=troubles,
        request_max_body_size=ORDINARY_BODY,
        lifespan=[database],
        openapi_config=None,
        logging_config=None,
    )


async def before_request(request: Any) -> None:
    allow_time(request)
    await request.app.state.csrf.check(request)


def furnished(app: Litestar, settings: Settings, clock: Callable[[], datetime]) -> Door:
    """The portal of one town: what its settings say, at its own moment."""
    development = not settings.production
    static = Static(watch=development)
    csrf = Csrf(secret=settings.secret_key, public_url=settings.public_url)
    provider, emulator = signing_in.provider_for(settings, clock)
    app.state = State({"settings": settings, "provider": provider, "emulator": emulator, "csrf": csrf})
    return Door(
        app,
        static=static,
        rendering=Rendering(
            development=development,
            town=settings.town_name,
            asset=static.asset,
            version=static.version,
            pushes=settings.vapid_private_key is not None,
        ),
        sessions=Sessions(secure=settings.public_url.startswith("https:")),
        csrf=csrf,
        headers=SecurityHeaders(public_url=settings.public_url, sign_in_url=settings.esia_url),
        clock=clock,
    )


@asynccontextmanager
async def database(_: Litestar) -> AsyncIterator[None]:
    # An empty pool opens without PostgreSQL: pages that start before it say so, and find it when it is there.
    await open_pool(min_size=0, session_locks=False)
    await refuse_demo_people()
    yield
    await close_pool()
