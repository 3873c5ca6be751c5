"""A portal with its clock in the test's hand, and browsers to visit it with."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar
from tests.people import MONDAY

from domain.model import Person
from portal.app import furnished, routed
from portal.door import Door
from workers.settings import Settings

HOME = "http://testserver.local"
HTMX = {"HX-Request": "true"}


@dataclass
class Clock:
    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class Browser(httpx.AsyncClient):
    """Keeps its cookies, says where its requests come from, and does not follow redirects unasked."""

    def __init__(self, portal: Door, **options: Any) -> None:
        app: Any = portal  # Litestar and httpx type ASGI each in their own way
        self.portal = portal
        super().__init__(transport=httpx.ASGITransport(app), base_url=options.pop("base_url", HOME), **options)
        self.headers["Origin"] = str(self.base_url).rstrip("/")

    async def sign_in(self, person: Person) -> "Browser":
        """The real way in; from then on every request carries the token that the session's pages have for htmx."""
        answer = await self.post(
            f"/sign-in/people/{person.id}", data={"csrf_token": self.headers.get("X-CSRF-Token", "")}
        )
        assert answer.status_code == 303, answer.text
        self.headers["X-CSRF-Token"] = self.portal.csrf.token(self.cookies[self.portal.sessions.cookie])
        return self

    async def csrf_token(self) -> str:
        """As a page says it."""
        found = re.search(
            r'X-CSRF-Token&#34;: &#34;([0-9a-f]*)|"X-CSRF-Token": "([0-9a-f]*)', (await self.get("/nowhere")).text
        )
        assert found
        return found[1] or found[2]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def addresses() -> Litestar:
    return routed(development=True)


@pytest.fixture
def portal(addresses: Litestar, settings: Settings, clock: Clock) -> Door:
    """Furnished anew for every test; its addresses are those of all the others."""
    return furnished(addresses, settings, clock)


@pytest.fixture
def browser(portal: Door) -> Browser:
    return Browser(portal)


def mount(portal: Door, *handlers: Any) -> None:
    """A few addresses that no real portal has, to see what its frame does with them."""
    own = routed(development=True)
    own.state = cast(Litestar, portal.app).state
    for handler in handlers:
        own.register(handler)
    portal.app = own
