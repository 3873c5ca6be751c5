"""Two moderators at two windows (§3): each sees what the other has open, and when it is let go."""

import re
from urllib.parse import urlsplit

from playwright.async_api import Page, expect
from tests.journeys import errands
from tests.journeys.conftest import Open

# News that is lost while the line comes anew is made up for by the next renewal, twenty seconds later.
SOON = 30_000


async def sent(page: Page, text: str, width: int) -> int:
    await page.goto("/messages/new")
    await errands.fill_in(page, text=text, address="ул. Мира, 41", files=[errands.photo("яма.jpg", width)])
    return await errands.send(page)


async def test_a_lease_is_seen_by_the_other_ends_with_the_window_and_the_key_takes_the_next(opened: Open) -> None:
    anna, marina, vera = [await opened() for _ in range(3)]
    await errands.sign_in(anna, "Анна")
    first, second = await sent(anna, "Провал у школы.", 810), await sent(anna, "Люк без крышки.", 820)
    for page, name in ((marina, "Марина"), (vera, "Вера")):
        await errands.sign_in(page, name)
        # Whoever leaves a page that is just asking for its message leaves the lease behind, for a minute.
        await expect(page.locator("#lease form.cluster")).to_be_visible()
    await vera.goto(f"/moderation/{second}")
    await vera.evaluate("window.sameDocument = true")
    asked = list[tuple[str, str | None]]()
    vera.on("request", lambda each: asked.append((urlsplit(each.url).path, each.headers.get("asked-by-itself"))))
    await expect(vera.locator("#lease form.cluster")).to_be_visible()
    await expect(vera.locator("#live")).to_have_attribute("data-tone", "ok")

    await marina.goto(f"/moderation/{first}")
    await expect(marina.locator("#lease")).to_contain_text("Вы работаете с ним")
    shown = vera.locator(f"#holder-{first} .avatar")
    await expect(shown).to_have_attribute("title", re.compile("Сейчас открыто"), timeout=SOON)
    await vera.locator(f"#row-{first} a").click()
    await expect(vera.locator("#lease .notice")).to_contain_text("Сейчас открыто")

    await marina.close(run_before_unload=True)
    await expect(vera.locator("#lease")).to_contain_text("Вы работаете с ним", timeout=SOON)
    await vera.locator("#case-title").focus()
    await vera.keyboard.press("n")
    await vera.wait_for_url(re.compile(rf"/moderation/(?!{first}\b)\d+\?queue=new"))
    await expect(vera.locator("#lease form.cluster")).to_be_visible()
    await expect(shown).to_have_count(0, timeout=SOON)
    assert await vera.evaluate("window.sameDocument"), "all of it without a reload"
    marks = {by_itself for path, by_itself in asked if path.endswith(("/lease", "/rows"))}
    pressed = {by_itself for path, by_itself in asked if path in (f"/moderation/{first}", "/moderation/next")}
    assert (marks, pressed) == ({"yes"}, {None}), "what the page asks by itself, and what was pressed"
