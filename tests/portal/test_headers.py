"""The headers of every answer: strict policies everywhere, nothing private kept, no token told to others."""

import dataclasses

import pytest
from litestar import get
from tests.people import Town
from tests.portal.conftest import HTMX, Browser, mount

from portal.app import create_app
from portal.door import Door
from portal.pages import fingerprint, go_to, page_or_fragment, unchanged
from portal.security.headers import SecurityHeaders
from portal.visit import PortalRequest
from workers.settings import Settings

EVERYWHERE = [
    "/sign-in",
    "/nowhere",
    "/health",
    "/answers/secret-token",
    "/questions/secret-token",
    "/sign-in/esia/return",
    "/settings/view",
]


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_every_answer_is_under_a_strict_policy(town: Town, browser: Browser, method: str, path: str) -> None:
    headers = (await browser.request(method, path)).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers
    assert len(headers.get_list("referrer-policy")) == 1


async def test_what_belongs_to_one_person_is_never_kept(town: Town, browser: Browser) -> None:
    as_guest = (await browser.get("/nowhere")).headers
    await browser.sign_in(town.anna)
    as_anna = (await browser.get("/nowhere")).headers

    assert "cache-control" not in as_guest
    assert as_anna["cache-control"] == "no-store"


async def test_a_page_with_a_token_in_its_address_tells_nobody(browser: Browser, town: Town) -> None:
    answer = await browser.get("/answers/a-secret-token")

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_page_and_its_piece_are_not_taken_for_each_other(browser: Browser, portal: Door, town: Town) -> None:
    answers = [await browser.get("/nowhere"), await browser.get("/nowhere", headers=HTMX)]

    assert [answer.headers["vary"] for answer in answers] == ["HX-Request, Cookie"] * 2
    assert ["<html" in answer.text for answer in answers] == [True, False]


async def test_head_says_what_get_would_without_the_body(browser: Browser, town: Town) -> None:
    got = await browser.get("/sign-in")
    head = await browser.head("/sign-in")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))


async def test_over_https_the_browser_is_told_to_stay_there(settings: Settings, town: Town) -> None:
    secure = create_app(dataclasses.replace(settings, public_url="https://otklik.example"))

    answer = await Browser(secure, base_url="https://otklik.example").get("/sign-in")

    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_the_one_foreign_place_a_form_may_lead_to_is_the_sign_in() -> None:
    headers = SecurityHeaders(public_url="https://otklik.example", sign_in_url="https://esia.gosuslugi.ru/aas")

    policy = dict(headers.added_to([], "/", private=False))[b"content-security-policy"]

    assert b"form-action 'self' https://esia.gosuslugi.ru;" in policy


async def test_a_page_that_has_not_changed_is_not_sent_again(portal: Door, browser: Browser, town: Town) -> None:
    @get("/tagged")
    async def tagged(request: PortalRequest) -> object:
        tag = fingerprint(request, "feed", 7)
        context = {"status": 404, "sentence": "x", "errors": [], "typed": []}
        return unchanged(request, tag) or page_or_fragment(
            request, "errors/page.html", "errors/_trouble.html", context, tag=tag
        )

    mount(portal, tagged)
    first = await browser.get("/tagged")
    seen = {"If-None-Match": first.headers["etag"]}
    again = await browser.get("/tagged", headers=seen)
    as_piece = await browser.get("/tagged", headers={**seen, **HTMX})
    await browser.post("/settings/view", data={"theme": "dark"})
    in_the_dark = await browser.get("/tagged", headers=seen)

    assert [first.status_code, again.status_code, as_piece.status_code, in_the_dark.status_code] == [200, 304, 200, 200]
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_after_a_change_the_browser_is_sent_on_by_get() -> None:
    answer = go_to("/messages")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/messages"
