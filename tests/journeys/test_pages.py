"""Every main page on a narrow phone, in the dark, some of them wide: no scrolling sideways, nothing that shuts out."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, StorageState, ViewportSize
from tests.journeys import errands
from tests.journeys.conftest import Open

AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
NARROW = {"width": 360, "height": 740}
COLOURS = "runOnly: ['color-contrast']"  # the dark changes nothing else
# What is right with a page is left out: writing that up and sending it over takes longer than the examination itself.
EXAMINED = """
Promise.allSettled(document.getAnimations().map(fading => fading.finished))
    .then(() => axe.run({resultTypes: ['violations'], %s})).then(({ violations }) => violations)
"""
# Who looks, at what, and which link of that page is followed first.
PAGES = {
    "feed": (None, "/", None),
    "publication": (None, "/", ".feed h3 a"),
    "sign-in": (None, "/sign-in", None),
    "guest-form": (None, "/messages/new", None),
    "nothing": (None, "/no-such-page", None),
    "cabinet": ("Анна", "/messages", None),
    "message": ("Анна", "/messages/2", None),
    "refused": ("Анна", "/messages/1", None),
    "correction": ("Анна", "/messages/1/correction", None),
    "moderation": ("Марина", "/moderation", None),
    "review": ("Вера", "/moderation/3?queue=review", None),
    "execution": ("Павел", "/execution/4", None),
    "control": ("Елена", "/control", None),
    "mail": (None, "/dev/mail", None),
}


WIDE: ViewportSize = {"width": 1440, "height": 900}
ALSO_WIDE = {"feed", "message", "moderation", "execution", "control"}
Known = dict[str, StorageState]


@pytest.fixture(scope="module")
def known() -> Known:
    """The cookies of whoever has signed in; looking at the next page they need not do so again."""
    return {}


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_fits_a_narrow_phone_and_shuts_nobody_out(opened: Open, known: Known, name: str) -> None:
    page = await at(opened, known, name)

    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert wide <= 0
    assert await serious(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await serious(page, COLOURS) == []
    if name in ALSO_WIDE:
        await page.emulate_media(color_scheme="light")
        await page.set_viewport_size(WIDE)
        await page.reload()
        assert await serious(page) == []


async def at(opened: Open, known: Known, name: str) -> Page:
    who, address, first = PAGES[name]
    # The policy of the pages would keep the examiner out as it keeps everybody out; other journeys run under it.
    options = {"viewport": NARROW, "bypass_csp": True, "color_scheme": "light"}
    page: Page = await opened(**options, storage_state=known.get(who or ""))
    if who and who not in known:
        await errands.sign_in(page, who)
        known[who] = await page.context.storage_state()
    await page.goto(address)
    if first:
        await page.locator(first).first.click()
        await page.wait_for_url("**/publications/*")
    await page.wait_for_load_state("load")
    return page


async def serious(page: Page, rules: str = "") -> list[str]:
    if not await page.evaluate("'axe' in window"):
        await page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = await page.evaluate(EXAMINED % rules)
    bad = [each for each in found if each["impact"] in ("serious", "critical")]
    return [f"{each['id']}: {node['html'][:160]}" for each in bad for node in each["nodes"]]
