"""Every main page on the narrowest phone and in the dark: no scrolling sideways, nothing that shuts somebody out."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page
from tests.journeys import errands
from tests.journeys.conftest import Open

AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
NARROW = {"width": 360, "height": 740}
COLOURS = "runOnly: ['color-contrast']"  # the dark changes nothing else
# What is right with a page is left out: writing that up and sending it over takes longer than the examination itself.
EXAMINED = "axe.run({resultTypes: ['violations'], %s}).then(({ violations }) => violations)"
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


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_fits_a_narrow_phone_and_shuts_nobody_out(opened: Open, name: str) -> None:
    page = await at(opened, name, NARROW)

    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert wide <= 0
    assert await serious(page) == []
    await page.emulate_media(color_scheme="dark")
    await page.evaluate("Promise.all(document.getAnimations().map(fading => fading.finished))")
    assert await serious(page, COLOURS) == []


@pytest.mark.parametrize("name", ["feed", "message", "moderation", "execution", "control"])
async def test_a_page_shuts_nobody_out_on_a_wide_screen(opened: Open, name: str) -> None:
    page = await at(opened, name, {"width": 1440, "height": 900})

    assert await serious(page) == []


async def at(opened: Open, name: str, size: dict[str, int]) -> Page:
    who, address, first = PAGES[name]
    # The policy of the pages would keep the examiner out as it keeps everybody out; other journeys run under it.
    page: Page = await opened(viewport=size, bypass_csp=True, color_scheme="light", reduced_motion="reduce")
    if who:
        await errands.sign_in(page, who)
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
