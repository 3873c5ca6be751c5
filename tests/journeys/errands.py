"""What people do at the keyboard: each errand works with scripts and without them, because the pages do."""

import re
from typing import Any

from playwright.async_api import FilePayload, Locator, Page, expect
from tests.workers.drawing import quarters, saved

PLACE = re.compile(r"/messages/(\d+)")


def photo(name: str, width: int = 640) -> FilePayload:
    """Another width is another picture: one document never answers two messages (R16)."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": saved(quarters(width, 480))}


async def sign_in(page: Page, name: str) -> None:
    """As one of the demo people, by one click."""
    await page.goto("/sign-in")
    await page.get_by_role("button", name=name).first.click()
    await expect(page.locator(".account:visible")).to_have_count(1)


async def sign_in_through_esia(page: Page, persona: str) -> None:
    """From the page of signing in, through the emulator, past the first consent if it is asked for."""
    await page.locator("form[action='/sign-in/esia'] button").click()
    await page.get_by_text(persona).click()
    await page.locator("button[name=decision][value=allow]").click()
    await page.wait_for_load_state()
    if "/sign-in/consent" in page.url:
        await page.locator("#f-consent").check()
        await page.locator("form:has(#f-consent) button[data-kind=primary]").click()
    await expect(page.locator(".account:visible")).to_have_count(1)


async def fill_in(page: Page, *, text: str, address: str, files: list[Any], consent: str = "given") -> None:
    await page.locator("#f-topic summary").first.click()
    await page.locator("input[name=topic]").first.check()
    await page.locator("#f-text").fill(text)
    await page.locator("#f-address").fill(address)
    await page.locator("#f-files").set_input_files(files)
    await page.locator(f"input[name=consent][value={consent}]").check()


async def send(page: Page) -> int:
    """Press the button of the form; the number in the address of the message."""
    await page.locator("#message-form button[data-kind=primary]").click()
    await page.wait_for_url(re.compile(r"/messages/\d+"))
    found = PLACE.search(page.url)
    assert found
    return int(found[1])


async def see_new(page: Page, message: int) -> None:
    """A new row waits behind a button, so that nothing moves; in an empty queue it is just there."""
    row, waiting = page.locator(f"#row-{message}"), page.locator("[data-show]:not([hidden])")
    await expect(row.or_(waiting).first).to_be_visible()
    if await waiting.count():
        await waiting.click()
    await expect(row).to_be_visible()


async def register(page: Page, message: int, *, publish: bool = True) -> None:
    await page.goto(f"/moderation/{message}")
    form = page.locator("#decision-registration")
    if publish:
        await form.locator("input[name=publish]").check()
    await press(form)


async def accept(page: Page, message: int) -> None:
    await page.goto(f"/execution/{message}")
    await press(page.locator(f"form[action='/messages/{message}/acceptance']"))
    await page.goto(f"/execution/{message}")
    await expect(page.locator("#answer")).to_be_visible()


async def answer(page: Page, message: int, *, text: str, files: list[FilePayload]) -> None:
    await page.goto(f"/execution/{message}")
    form = page.locator(f"form[action='/messages/{message}/answer']")
    await form.locator("input[name=outcome][value=solved]").check()
    await form.locator("#f-text").fill(text)
    for done in await form.locator("input[name^=remark_][value=done]").all():
        await done.check()
    for reply in await form.locator("textarea[name^=reply_]").all():
        await reply.fill("Доделано.")
    await form.locator("#f-files").set_input_files(files)
    await form.locator("button[formaction$='/answer/review']").click()
    await expect(form).to_have_count(0)


async def approve(page: Page, message: int) -> None:
    await page.goto(f"/moderation/{message}?queue=review")
    form = page.locator("#review-form")
    for line in await form.locator("input[value=kept]").all():
        await line.check()
    await press(form)


async def press(form: Locator) -> None:
    """A decision leads on to the next message: its own form is gone then."""
    address = await form.get_attribute("action")
    await form.locator("button[data-kind=primary]:not([formaction])").click()
    await expect(form.page.locator(f"form[action='{address}']")).to_have_count(0)


async def rate(page: Page, choice: str, **said: Any) -> None:
    form = page.locator("form#rating")
    await form.locator(f"input[name=choice][value={choice}]").check()
    if remarks := said.get("remarks"):
        await form.locator("#f-remarks").fill(remarks)
    await form.locator("button[data-kind=primary]").click()
    await expect(page.locator("form#rating")).to_have_count(0)
