"""The door: every request passes it once, before Litestar; here live the few things that are true of all of them."""

import asyncio
import re
from collections.abc import Callable, MutableMapping
from datetime import datetime
from typing import Any

from litestar.exceptions import HTTPException, NotFoundException
from litestar.types import ASGIApp, Receive, Scope, Send

from portal import troubles
from portal.giving_way import Page, Turns, brings_files
from portal.rendering import Rendering
from portal.security.csrf import Csrf
from portal.security.headers import SecurityHeaders
from portal.security.sessions import Sessions
from portal.view import COOKIE, View
from portal.visit import PortalRequest, Visit

SECONDS = 20
QUERY_BYTES = 4096
COOKIE_BYTES = 8192
# Litestar 2.25.0 reads /messages/٣, /messages/+3 and /messages/1_000 as numbers, and a number of thirty digits too.
ODD_NUMBER = re.compile(r"/(?![0-9]{1,18}(?:/|$))\s*[+-]?[0-9][0-9_]*\s*(?:/|$)")

Event = MutableMapping[str, Any]


class Door:
    def __init__(
        self,
        app: ASGIApp,
        *,
        static: ASGIApp,
        rendering: Rendering,
        sessions: Sessions,
        csrf: Csrf,
        headers: SecurityHeaders,
        clock: Callable[[], datetime],
    ) -> None:
        self.app = app
        self.static = static
        self.rendering = rendering
        self.sessions = sessions
        self.csrf = csrf
        self.headers = headers
        self.clock = clock
        self.turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind: str = scope["type"]
        if kind != "http":
            await self.app(scope, receive, send)
        elif scope["path"].startswith("/static/"):
            await self.static(scope, receive, send)
        else:
            await self._serve(dict(scope), receive, send)

    async def _serve(self, scope: Any, receive: Receive, send: Send) -> None:
        visit = scope["visit"] = self._visit(scope)
        answer = Answer(send, scope, visit, self.headers)
        if answer.head:
            scope["method"] = "GET"
            visit.only_asks = True
            # A part is something to be got, and HEAD gets nothing (RFC 9110, section 14.2).
            scope["headers"] = [header for header in scope["headers"] if header[0] != b"range"]
            receive = _nothing_to_read()
        try:
            async with asyncio.timeout(SECONDS) as scope["limit"]:
                _refuse_oddities(scope)
                await self._recognise(visit, pressed=not asks_by_itself(scope))
                await self._turn(scope, receive, answer)
        # Whatever breaks outside of Litestar is told as what breaks inside it.
        except Exception as trouble:
            if answer.started:
                raise
            request = PortalRequest(scope, receive, answer)
            response = troubles.answer(request, trouble)
            await response.to_asgi_response(app=None, request=request)(scope, receive, answer)

    async def _turn(self, scope: Any, receive: Receive, answer: "Answer") -> None:
        work = self.app(scope, receive, answer)
        if brings_files(scope):
            await self.turns.give_way(work)
        elif scope["method"] == "GET":
            answer.page = self.turns.page()
            try:
                await work
            finally:
                answer.page.begins()
        else:
            await work

    def _visit(self, scope: Any) -> Visit:
        cookies = parse_cookies(scope["headers"])
        view = View.read(cookies.get(COOKIE, ""))
        return Visit(self.clock(), cookies, view, self.rendering, self.sessions)

    async def _recognise(self, visit: Visit, *, pressed: bool) -> None:
        """A guest has no cookie, and costs no query."""
        token = visit.cookies.get(self.sessions.cookie)
        if token and (session := await self.sessions.find(token, visit.now, pressed=pressed)):
            visit.session = session
            visit.csrf_token = self.csrf.token(token)


class Answer:
    """What goes out: the headers that every answer carries, and for HEAD no body."""

    def __init__(self, send: Send, scope: Any, visit: Visit, headers: SecurityHeaders) -> None:
        self.send = send
        self.path = scope["path"]
        self.head = scope["method"] == "HEAD"
        self.visit = visit
        self.headers = headers
        self.started = False
        self.page: Page | None = None

    async def __call__(self, event: Any) -> None:
        if event["type"] == "http.response.start":
            self.started = True
            if self.page:
                self.page.begins()
            private = self.visit.session is not None
            event["headers"] = self.headers.added_to(event["headers"], self.path, private=private)
        elif self.head and event["type"] == "http.response.body":
            event = {"type": "http.response.body", "body": b"", "more_body": event.get("more_body", False)}
        await self.send(event)


def asks_by_itself(scope: Any) -> bool:
    """The stream of news, and what scripts ask when there is news or time has passed (static/js/page.js)."""
    return scope["path"] == "/live" or any(name == b"asked-by-itself" for name, _ in scope["headers"])


def parse_cookies(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Ours are plain tokens; of two with one name the first holds, as browsers send the more exact one first."""
    cookies: dict[str, str] = {}
    for name, value in headers:
        if name == b"cookie" and len(value) <= COOKIE_BYTES:
            for pair in value.decode("latin-1").split(";"):
                key, _, content = pair.strip().partition("=")
                cookies.setdefault(key, content)
    return cookies


def _refuse_oddities(scope: Any) -> None:
    path = scope["path"]
    # Litestar leaves empty segments out, so that //messages would be a second address of the same page.
    if not path.isascii() or not path.isprintable() or "//" in path or ODD_NUMBER.search(path):
        raise NotFoundException
    query = scope.get("query_string", b"")
    if len(query) > QUERY_BYTES:
        raise HTTPException(status_code=414)
    if b"\0" in query or b"%00" in query:
        raise HTTPException(status_code=400)
    if any(name == b"cookie" and len(value) > COOKIE_BYTES for name, value in scope["headers"]):
        raise HTTPException(status_code=431)


def _nothing_to_read() -> Receive:
    """For HEAD: an empty request, then gone; an endless stream of news ends at once instead of never."""
    events: list[Event] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        return events.pop() if events else {"type": "http.disconnect"}

    return receive


def allow_time(request: PortalRequest) -> None:
    """Routes that need another limit say `opt={"seconds": …}`; None is for the streams that stay open."""
    scope: Any = request.scope
    options = request.route_handler.opt
    if "seconds" in options:
        seconds = options["seconds"]
        now = asyncio.get_running_loop().time()
        scope["limit"].reschedule(None if seconds is None else now + seconds)
