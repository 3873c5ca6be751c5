"""Forged requests: nothing that changes something gets through from elsewhere, or with the token of another session."""

import httpx
import pytest
from tests.people import Town
from tests.portal.conftest import HOME, HTMX, Browser

from domain.model import Session
from portal.door import Door
from portal.security.csrf import Csrf

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FOREIGN = [
    {"Origin": "http://elsewhere.example"},
    {"Origin": "http://testserver.local.elsewhere.example"},
    {"Origin": "https://testserver.local"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_what_comes_from_elsewhere_changes_nothing(town: Town, browser: Browser, headers: dict[str, str]) -> None:
    await browser.sign_in(town.anna)

    answer = await browser.post("/sign-out", headers=headers)

    assert answer.status_code == 403
    assert await Session.count() == 1


async def test_a_page_without_referrer_sends_no_origin_and_is_still_ours(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.anna)

    answer = await browser.post("/sign-out", headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 303


async def test_a_guest_needs_no_token(browser: Browser, town: Town) -> None:
    answer = await browser.post("/settings/view", data={"theme": "dark"})

    assert answer.status_code == 303


async def test_the_token_may_come_in_the_form_or_in_the_header(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.anna)
    token = browser.headers["X-CSRF-Token"]

    by_header = await browser.post("/settings/view", data={"theme": "dark"})
    del browser.headers["X-CSRF-Token"]
    by_field = await browser.post("/settings/view", data={"theme": "dark", "csrf_token": token})
    by_part = await browser.post("/settings/view", data={"csrf_token": token}, files={"other": b"x"})
    without = await browser.post("/settings/view", data={"theme": "dark"})

    assert [by_header.status_code, by_field.status_code, by_part.status_code] == [303, 303, 303]
    assert without.status_code == 403


async def test_the_token_of_another_session_does_not_fit(town: Town, portal: Door, browser: Browser) -> None:
    boris = await Browser(portal).sign_in(town.boris)
    await browser.sign_in(town.anna)

    answer = await browser.post("/sign-out", headers={"X-CSRF-Token": boris.headers["X-CSRF-Token"]})

    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["жетон".encode(), b"\xff\xfe", b"0" * 10_000])
async def test_a_token_that_is_no_text_is_refused_in_peace(town: Town, browser: Browser, token: bytes) -> None:
    await browser.sign_in(town.anna)

    by_header = await browser.post("/sign-out", headers=[(b"X-CSRF-Token", token)])
    del browser.headers["X-CSRF-Token"]
    by_field = await browser.post("/sign-out", content=b"csrf_token=" + token, headers=FORM)
    by_file = await browser.post("/sign-out", files={"csrf_token": ("token.txt", token)})

    assert by_header.status_code == 403
    assert by_field.status_code in (400, 403)
    assert by_file.status_code == 403


async def test_a_refusal_says_what_to_do(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.anna)

    answer = await browser.post("/sign-out", headers={**HTMX, "X-CSRF-Token": "old"})

    assert answer.headers["HX-Retarget"] == "#trouble"
    assert "<html" not in answer.text


def test_over_https_only_the_public_address_is_our_own() -> None:
    csrf = Csrf(secret="s", public_url="https://otklik.example")

    assert csrf.is_own("https://otklik.example", "otklik.example")
    assert not csrf.is_own("http://otklik.example", "otklik.example")
    assert not csrf.is_own("https://elsewhere.example", "elsewhere.example")


async def test_asking_changes_nothing_whatever_is_asked_for(town: Town, portal: Door, browser: Browser) -> None:
    await browser.sign_in(town.anna)

    answers: list[httpx.Response] = [
        await browser.request(method, HOME + path)
        for method in ("GET", "HEAD", "OPTIONS")
        for path in ("/sign-out", "/sign-in/esia", "/sign-in/consent", f"/sign-in/people/{town.boris.id}")
    ]

    assert await Session.count() == 1
    assert all(answer.status_code < 500 for answer in answers)
