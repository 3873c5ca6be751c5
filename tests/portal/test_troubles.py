"""How the portal says no: the right number, a sentence in the person's language, a page or a piece of one."""

import asyncio
import logging
from collections.abc import Callable

import asyncpg
import pytest
from litestar import get, post
from litestar.params import FromQuery
from tests.people import Town
from tests.portal.conftest import HTMX, Browser, mount

from domain.database import DB
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit, say
from domain.moves import Role
from domain.outages import DatabaseAway, DatabaseBusy
from portal import door
from portal.door import Door
from portal.given import ThePerson, only
from portal.security.sessions import Sessions
from portal.troubles import shortened
from workers.store import StoreAway

TROUBLES: dict[str, tuple[Callable[[], Exception], int]] = {
    "not allowed": (lambda: NotAllowed("This is not yours to do."), 403),
    "out of turn": (lambda: OutOfTurn("The message is in another state now."), 409),
    "stale": (lambda: Stale("%(name)s was faster.", name="Vera"), 409),
    "unfit": (lambda: Unfit({"text": say("No more than %(max_length)s characters fit here.", max_length=9)}), 422),
    "the database is away": (lambda: DatabaseAway("gone"), 503),
    "the database is busy": (lambda: DatabaseBusy("slow"), 503),
    "too slow": (lambda: TimeoutError(), 503),
    "the disk is full": (lambda: OSError(28, "No space left on device"), 507),
    "the store of files is away": (lambda: StoreAway(5, "gone"), 503),
    "the store of files is full": (lambda: StoreAway(28, "No space left on device"), 507),
    "text that no column takes": (lambda: asyncpg.CharacterNotInRepertoireError("\0"), 422),
    "a number that no column takes": (lambda: asyncpg.DataError("value out of int64 range"), 422),
    "not UTF-8": (lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), 400),
    "too deep": (lambda: RecursionError(), 400),
    "our own mistake": (lambda: KeyError("secret detail"), 500),
}


def failing(portal: Door) -> None:
    @get("/trouble")
    async def handler(name: FromQuery[str]) -> str:
        raise TROUBLES[name][0]()

    mount(portal, handler)


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarWarning")
async def test_every_trouble_has_its_number_and_two_shapes(portal: Door, browser: Browser, name: str) -> None:
    failing(portal)
    status = TROUBLES[name][1]

    page = await browser.get("/trouble", params={"name": name})
    piece = await browser.get("/trouble", params={"name": name}, headers=HTMX)

    assert (page.status_code, piece.status_code) == (status, status)
    assert "<html" in page.text
    assert "<html" not in piece.text
    assert (piece.headers["hx-retarget"], piece.headers["hx-reswap"]) == ("#trouble", "innerHTML")
    assert ("retry-after" in page.headers) == (status == 503)
    assert "secret detail" not in page.text + piece.text


async def test_the_sentence_is_in_the_language_of_the_person(portal: Door, browser: Browser) -> None:
    failing(portal)

    russian = await browser.get("/trouble?name=our own mistake")
    await browser.post("/settings/view", data={"language": "en"})
    english = await browser.get("/trouble?name=our own mistake")

    assert "У нас что-то сломалось" in russian.text
    assert "Something broke on our side" in english.text


async def test_who_was_faster_is_said(portal: Door, browser: Browser) -> None:
    failing(portal)

    assert "Vera was faster." in (await browser.get("/trouble?name=stale")).text


async def test_each_field_that_does_not_fit_is_said(portal: Door, browser: Browser) -> None:
    failing(portal)
    await browser.post("/settings/view", data={"language": "en"})

    piece = await browser.get("/trouble?name=unfit", headers=HTMX)

    assert "No more than 9 characters fit here." in piece.text


async def test_our_own_mistakes_are_written_down_with_their_story(
    portal: Door, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    failing(portal)

    with caplog.at_level(logging.ERROR):
        await browser.get("/trouble?name=our own mistake")
        await browser.get("/trouble?name=the database is away")

    ours, away = caplog.records
    assert ours.exc_info
    assert "secret detail" in caplog.text
    assert away.exc_info is None
    assert "DatabaseAway" in away.getMessage()


def test_a_token_in_an_address_is_not_written_down() -> None:
    assert shortened("/answers/abcdefghijkl/rating") == "/answers/abcdef"
    assert shortened("/questions/abcdefghijkl") == "/questions/abcdef"
    assert shortened("/messages/7") == "/messages/7"


async def test_a_page_that_nobody_has_is_not_there(browser: Browser, database: None) -> None:
    answer = await browser.get("/nowhere")

    assert answer.status_code == 404
    assert "<html" in answer.text


async def test_a_guest_is_led_to_the_sign_in_and_back(portal: Door, browser: Browser) -> None:
    needs_somebody(portal)

    page = await browser.get("/somebody?tab=2")
    piece = await browser.get("/somebody", headers=HTMX)

    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?return_to=/somebody%3Ftab%3D2")
    assert (piece.status_code, piece.headers["hx-redirect"]) == (401, "/sign-in?return_to=/")


async def test_a_guest_who_sends_something_is_not_led_away_from_what_they_typed(portal: Door, browser: Browser) -> None:
    needs_somebody(portal)

    answer = await browser.post("/somebody", headers=HTMX)

    assert answer.status_code == 401
    assert "hx-redirect" not in answer.headers
    assert answer.headers["hx-retarget"] == "#trouble"


def needs_somebody(portal: Door) -> None:
    @get("/somebody")
    async def show(person: ThePerson) -> str:
        return person.name

    @post("/somebody")
    async def create(person: ThePerson) -> str:
        return person.name

    mount(portal, show, create)


async def test_to_everybody_else_a_desk_is_not_there(town: Town, portal: Door) -> None:
    @get("/desk", guards=[only(Role.MODERATOR)])
    async def desk() -> str:
        return "work"

    mount(portal, desk)
    people = (town.marina, town.anna, town.pavel, town.elena, town.konstantin, town.yulia)
    statuses = [(await (await Browser(portal).sign_in(person)).get("/desk")).status_code for person in people]

    assert statuses == [200, 404, 404, 404, 404, 404]
    assert (await Browser(portal).get("/desk")).status_code == 303


async def test_a_database_that_is_gone_is_a_plain_page_and_then_it_is_back(
    town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.sign_in(town.anna)

    async def gone(*_: object) -> None:
        raise DatabaseAway("gone")

    with monkeypatch.context() as away:
        away.setattr(DB, "acquire", gone)
        answers = [await browser.get(path) for path in ("/health", "/nowhere", "/sign-in")]
    back = await browser.get("/health")

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert all(answer.headers["retry-after"] for answer in answers)
    assert "<html" in answers[1].text
    assert (back.status_code, back.text) == (200, "ok")


async def test_what_breaks_at_the_door_is_told_as_everything_else(
    town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.sign_in(town.anna)

    async def broken(*_: object) -> None:
        raise KeyError("secret detail")

    monkeypatch.setattr(Sessions, "find", broken)
    answer = await browser.get("/messages")

    assert answer.status_code == 500
    assert "<html" in answer.text
    assert "secret detail" not in answer.text


async def test_what_takes_too_long_is_given_up(portal: Door, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    @get("/slow")
    async def slow() -> None:
        await asyncio.sleep(5)

    @get("/patient", opt={"seconds": None})
    async def patient() -> str:
        await asyncio.sleep(0.2)
        return "done"

    mount(portal, slow, patient)
    monkeypatch.setattr(door, "SECONDS", 0.1)

    assert (await browser.get("/slow")).status_code == 503
    assert (await browser.get("/patient")).text == "done"


async def test_even_without_its_page_an_error_is_told(
    portal: Door, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(portal)
    monkeypatch.setattr(portal.rendering, "render", lambda *_: 1 / 0)

    answer = await browser.get("/trouble?name=the database is away")

    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/plain")
