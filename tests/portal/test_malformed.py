"""Malformed HTTP: whatever is sent, the sender is told so; never a 500, and nothing of it stays in memory."""

import gc
import tracemalloc
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

import pytest
from litestar import get, post
from litestar.params import FromPath, FromQuery
from tests.people import Town
from tests.portal.conftest import Browser, mount

from domain.model import Message
from portal.door import Door
from portal.forms import ORDINARY_BODY, UPLOAD_BODY, typed
from portal.given import MaybePerson
from portal.visit import PortalRequest

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def part(body: bytes = b"x", head: bytes = b'Content-Disposition: form-data; name="text"') -> bytes:
    return b"--b\r\n" + head + b"\r\n\r\n" + body + b"\r\n--b--\r\n"


def charset(name: bytes, body: bytes = b"x") -> bytes:
    head = b'Content-Disposition: form-data; name="text"\r\nContent-Type: text/plain; charset=' + name
    return part(body, head)


BODIES: dict[str, tuple[str, bytes]] = {
    "urlencoded, invalid utf-8": (URLENCODED, b"text=%ff%fe"),
    "urlencoded, raw invalid utf-8": (URLENCODED, b"text=\xff\xfe"),
    "urlencoded, lone surrogate": (URLENCODED, b"text=%ED%A0%80"),
    "urlencoded, overlong": (URLENCODED, b"text=%C0%AF"),
    "urlencoded, NUL": (URLENCODED, b"text=%00"),
    "urlencoded, raw NUL": (URLENCODED, b"text=\0"),
    "urlencoded, NUL in a name": (URLENCODED, b"te%00xt=1"),
    "urlencoded, charset utf-16": (f"{URLENCODED}; charset=utf-16", b"text=x"),
    "urlencoded, charset rot13": (f"{URLENCODED}; charset=rot13", b"text=x"),
    "urlencoded, unknown charset": (f"{URLENCODED}; charset=none-such", b"text=x"),
    "urlencoded, many fields": (URLENCODED, b"a=1&" * 10_000),
    "multipart, invalid utf-8": (MULTIPART, part(b"\xff\xfe")),
    "multipart, lone surrogate": (MULTIPART, part(b"\xed\xa0\x80")),
    "multipart, NUL": (MULTIPART, part(b"a\0b")),
    "multipart, unknown charset": (MULTIPART, charset(b"none-such")),
    "multipart, rot13": (MULTIPART, charset(b"rot13")),
    "multipart, idna": (MULTIPART, charset(b"idna", b"xn--\xff")),
    "multipart, utf-7": (MULTIPART, charset(b"utf-7", b"+ADw-script+AD4-")),
    "multipart, odd utf-16": (MULTIPART, charset(b"utf-16", b"abc")),
    "multipart, hex codec": (MULTIPART, charset(b"hex", b"zz")),
    "multipart, zlib codec": (MULTIPART, charset(b"zlib", b"zz")),
    "multipart, empty charset": (MULTIPART, charset(b"")),
    "multipart, charset not ASCII": (MULTIPART, charset("ю".encode())),
    "multipart, invalid utf-8 in a name": (MULTIPART, part(head=b'Content-Disposition: form-data; name="\xff"')),
    "multipart, NUL in a name": (MULTIPART, part(head=b'Content-Disposition: form-data; name="a\0"')),
    "multipart, no name": (MULTIPART, part(head=b"Content-Disposition: form-data")),
    "multipart, no disposition": (MULTIPART, part(head=b"X-Other: 1")),
    "multipart, header without colon": (MULTIPART, part(head=b"nothing")),
    "multipart, header of a megabyte": (MULTIPART, part(head=b"X-Long: " + b"x" * 2**20)),
    "multipart, no boundary": ("multipart/form-data", part()),
    "multipart, empty boundary": ("multipart/form-data; boundary=", part()),
    "multipart, long boundary": ("multipart/form-data; boundary=" + "b" * 5000, part()),
    "multipart, other boundary": ("multipart/form-data; boundary=other", part()),
    "multipart, cut short": (MULTIPART, part()[:-12]),
    "multipart, cut in the headers": (MULTIPART, b"--b\r\nContent-Dispo"),
    "multipart, empty": (MULTIPART, b""),
    "multipart, only dashes": (MULTIPART, b"--b--"),
    "multipart, thousands of parts": (MULTIPART, part()[:-7] * 5000 + b"--b--\r\n"),
    "multipart, a field of a megabyte": (MULTIPART, part(b"x" * 2**20)),
    "multipart, wrong length of a part": (
        MULTIPART, part(head=b'Content-Disposition: form-data; name="text"\r\nContent-Length: 99'),
    ),
    "json, deeply nested": ("application/json", b"[" * 30_000),
    "json, broken": ("application/json", b"{"),
    "msgpack": ("application/x-msgpack", b"\xc1" * 100),
    "no kind at all": ("", b"text=x"),
    "a kind that is not ASCII": ("text/ю", b"x"),
    "text": ("text/plain", b"text=x"),
    "xml": ("application/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
}  # fmt: skip

PATHS = [
    "/number/%D9%A3", "/number/" + "9" * 30, "/number/" + "9" * 5000, "/number/-1", "/number/+1", "/number/1_000",
    "/number/%201", "/number/1%20", "/number/1.0", "/number/1e3", "/number/0x1", "/number/%00", "/number/1%00",
    "/number/%ED%A0%80", "/number/%ff", "/number/%", "/number/%zz", "/number/..", "/number/%2e%2e/%2e%2e/etc",
    "/number/" + "a/" * 500, "//number//1", "/%0d%0aX-Injected:%20yes", "/number/1;a=b", "/\u044e",
]  # fmt: skip

QUERIES = [
    b"page=1&page=2", b"page=%ff", b"page=%00", b"q=%00", b"q=%ED%A0%80", b"q=%", b"q=%zz", b"q=\xff", b"=&=&&&", b"?",
    b"page=" + b"9" * 400, b"page=\xd9\xa3", b"q=" + b"x" * 100_000, b"a=1&" * 20_000, b"q[]=1&q[a]=2", b"page=NaN",
]  # fmt: skip

COOKIES = [
    b"=", b";;;", b"session", b"session=", b"session=\xff\xfe", b"session=%00", b'session="a; b="', b"view=\xd1\x8e",
    b"view=" + b"x:1|" * 1000, b"session=" + b"x" * 7000, b"session=" + b"x" * 100_000, b"a=1; " * 5000,
    b"$Version=1; session=1", b"view=language:xx|theme:%00", b"sign-in=.....",
]  # fmt: skip

METHODS = ["FOO", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "\u0416"]


@pytest.fixture
async def odd(town: Town, portal: Door, browser: Browser) -> Browser:
    """A portal with one address that reads a form, and one that reads a number and a query, and asks the database."""

    @post("/form", status_code=200)
    async def form(request: PortalRequest, visitor: MaybePerson) -> dict[str, Any]:
        return (await typed(request)).fields

    @post("/upload", status_code=200, request_max_body_size=UPLOAD_BODY)
    async def upload(request: PortalRequest) -> dict[str, Any]:
        return (await typed(request)).fields

    @get("/number/{number:int}")
    async def number(number: FromPath[int], page: FromQuery[int] = 1, q: FromQuery[str] = "") -> dict[str, Any]:
        return {"found": await Message.count().where((Message.id == number) & (Message.text != q)), "page": page}

    mount(portal, form, upload, number)
    return browser


async def test_a_malformed_body_is_told_so(odd: Browser, town: Town) -> None:
    await odd.sign_in(town.anna)

    wrong = {}
    for name, (kind, body) in BODIES.items():
        for address in ("/form", "/upload", "/settings/view"):
            answer = await odd.post(address, content=body, headers=[(b"Content-Type", kind.encode())])
            if answer.status_code not in (200, 303, 400, 413):
                wrong[name, address] = answer.status_code

    assert wrong == {}


async def test_nothing_that_is_not_clean_text_gets_through(odd: Browser) -> None:
    harmless = {
        "multipart, empty", "multipart, only dashes", "multipart, no name", "multipart, empty charset",
        "multipart, charset not ASCII",
    }  # fmt: skip

    through = set()
    for name, (kind, body) in BODIES.items():
        answer = await odd.post("/upload", content=body, headers=[(b"Content-Type", kind.encode())])
        if answer.status_code == 200 and answer.json() != {}:
            through.add(name)

    assert through <= harmless


async def test_an_odd_address_is_not_there(odd: Browser, portal: Door) -> None:
    found = {}
    for path in PATHS:
        status, headers = await asked(portal, "GET", unquote(path, errors="replace"))
        if status not in (400, 404) or b"x-injected" in headers:
            found[path] = status

    assert found == {}


async def test_an_ordinary_number_is(odd: Browser) -> None:
    assert (await odd.get("/number/17?page=2&q=яма")).json() == {"found": 0, "page": 2}
    assert (await odd.get("/number/999999999999999999")).status_code == 200


async def test_an_odd_query_is_told_so(odd: Browser, portal: Door) -> None:
    wrong = {}
    for query in QUERIES:
        status, _ = await asked(portal, "GET", "/number/1", query=query)
        if status not in (200, 400, 414, 422):
            wrong[query[:30]] = status

    assert wrong == {}


async def test_a_query_with_a_nul_never_comes_as_far_as_the_database(odd: Browser, portal: Door) -> None:
    statuses = [(await asked(portal, "GET", "/number/1", query=query))[0] for query in (b"q=%00", b"q=\0", b"%00=1")]

    assert statuses == [400, 400, 400]


async def test_odd_cookies_are_nobodys(odd: Browser, portal: Door) -> None:
    wrong = {}
    for cookie in COOKIES:
        status, _ = await asked(portal, "GET", "/sign-in", headers=[(b"cookie", cookie)])
        if status not in (200, 431):
            wrong[cookie[:30]] = status

    assert wrong == {}


async def test_odd_headers_are_no_reason_to_fall(odd: Browser, portal: Door) -> None:
    wrong = {}
    for name in (b"content-type", b"content-length", b"accept", b"hx-request", b"if-none-match", b"origin", b"host"):
        for value in (b"", b"\xff\xfe", b"-1", b"9" * 5000, "ю".encode(), b'a;b="', b"*/*;q=x"):
            for method, path in (("GET", "/sign-in"), ("POST", "/form")):
                status, _ = await asked(portal, method, path, headers=[(name, value)])
                if status not in (200, 303, 400, 403, 413):
                    wrong[name, value[:20], path] = status

    assert wrong == {}


async def test_an_unknown_method_is_told_which_are_known(odd: Browser, portal: Door) -> None:
    for method in METHODS:
        for path in ("/sign-in", "/form", "/static/css/base.css"):
            status, headers = await asked(portal, method, path)

            assert (status, b"allow" in headers) == (405, True), (method, path)


async def asked(
    portal: Door, method: str, path: str, *, query: bytes = b"", headers: Sequence[tuple[bytes, bytes]] = ()
) -> tuple[int, dict[bytes, bytes]]:
    """Below httpx, which mends much of this before it is sent."""
    started: dict[str, Any] = {}
    scope: Any = {"type": "http", "method": method, "path": path, "scheme": "http"}
    scope.update(headers=list(headers), query_string=query)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        started.update(event if event["type"] == "http.response.start" else {})

    await portal(scope, receive, send)
    return started["status"], dict(started["headers"])


async def test_a_body_over_the_limit_is_refused_while_it_comes(odd: Browser) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * 10_000

    announced = await odd.post("/form", content=b"a=" + b"x" * ORDINARY_BODY, headers={"Content-Type": URLENCODED})
    chunked = await odd.post("/form", content=endless(), headers={"Content-Type": URLENCODED})

    assert (announced.status_code, chunked.status_code) == (413, 413)


async def test_bodies_do_not_stay_in_memory(odd: Browser) -> None:
    async def send(number: int) -> None:
        body = b"text=" + str(number).encode() + b"x" * 60_000
        assert (await odd.post("/form", content=body, headers={"Content-Type": URLENCODED})).status_code == 200

    await send(0)
    gc.collect()
    tracemalloc.start()
    for number in range(1, 101):
        await send(number)
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert grown < 1_000_000


async def test_addresses_queries_and_cookies_do_not_stay_in_memory(odd: Browser) -> None:
    async def send(number: int) -> None:
        cookie = f"session={number}{'x' * 6000}; view={number}{'y' * 1000}"
        await odd.get(f"/sign-in?return_to={number}{'x' * 3000}", headers={"Cookie": cookie})

    await send(0)
    gc.collect()
    tracemalloc.start()
    for number in range(1, 301):
        await send(number)
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # Litestar keeps the last 1024 queries; the door lets none through that is longer than 4 KB.
    assert grown < 6_000_000
