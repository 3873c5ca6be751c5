"""Files over a line that breaks, in a browser (R03, R13): they go on by themselves, and the form waits for them."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect
from tests.journeys import errands
from tests.journeys.conftest import Open
from tests.workers.drawing import quarters, saved

SIZE = 12 * 2**20


def large(folder: Path) -> Path:
    """Known as a scan by its first bytes, and nobody looks at more of it while it comes."""
    return written(folder, "большая.pdf", b"%PDF-1.7\n" + bytes(SIZE))


def picture(folder: Path, name: str, width: int) -> Path:
    return written(folder, name, saved(quarters(width, 480)))


def written(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def row(page: Page, name: str) -> Locator:
    return page.locator("[data-rows] .file", has_text=name)


async def come(page: Page, name: str, percent: str) -> None:
    await expect(row(page, name).locator("progress")).to_have_attribute("value", re.compile(percent))


async def slowly(page: Page) -> Callable[..., Awaitable[None]]:
    """As on a poor line: so that there is a middle in which it can break. What is given back breaks and mends it."""
    session = await page.context.new_cdp_session(page)

    async def line(*, broken: bool) -> None:
        speed = {"latency": 20, "downloadThroughput": 2**22, "uploadThroughput": 5 * 2**20}
        await session.send("Network.emulateNetworkConditions", {"offline": broken, **speed})

    await line(broken=False)
    return line


@pytest.fixture
async def page(opened: Open) -> Page:
    page: Page = await opened(viewport={"width": 360, "height": 740})
    await errands.sign_in(page, "Анна")
    await page.goto("/messages/new")
    await expect(page.locator("[data-started=ready]")).to_have_count(1)
    return page


@pytest.mark.rule("R03", "R13")
async def test_a_file_goes_on_by_itself_when_the_line_is_back(page: Page, tmp_path: Path) -> None:
    line = await slowly(page)
    await page.locator("#f-files").set_input_files(large(tmp_path))
    await come(page, "большая", r"^[2-9]\d$")

    await line(broken=True)
    await expect(row(page, "большая")).to_contain_text("Ждём связи")
    await line(broken=False)

    await expect(row(page, "большая")).to_contain_text("Загружено, 12")
    await errands.fill_in(page, text="Яма.", address="Мира, 1", files=[picture(tmp_path, "яма.jpg", 777)])
    await errands.send(page)
    await expect(page.get_by_text("большая.pdf").first).to_be_visible()


@pytest.mark.rule("R03")
async def test_after_a_reload_a_file_goes_on_where_it_was(page: Page, tmp_path: Path) -> None:
    await slowly(page)
    scan = large(tmp_path)
    await page.locator("#f-files").set_input_files([picture(tmp_path, "готовая.jpg", 810), scan])
    await expect(row(page, "готовая")).to_contain_text("Загружено")
    await come(page, "большая", r"^[4-9]\d$")

    await page.reload()

    await expect(row(page, "готовая").locator("[name=uploads]")).to_have_count(1)
    await expect(row(page, "большая")).to_contain_text("Выберите этот файл ещё раз")
    async with page.expect_request(lambda request: request.method == "PATCH") as first:
        await page.locator("#f-files").set_input_files(scan)
    assert int((await first.value).headers["upload-offset"]) > 0
    await expect(row(page, "большая").locator("[name=uploads]")).to_have_count(1)


@pytest.mark.rule("R03")
async def test_after_a_reload_the_words_are_there_until_they_are_sent(page: Page) -> None:
    await page.fill("#f-text", "Фонарь не горит.")
    await page.fill("#f-address", "ул. Мира, 41")
    await page.locator(".topics summary").first.click()
    await page.locator(".topics [name=topic]").first.check()

    await page.reload()

    await expect(page.locator("#f-text")).to_have_value("Фонарь не горит.")
    await expect(page.locator("#f-address")).to_have_value("ул. Мира, 41")
    await expect(page.locator(".topics [name=topic]").first).to_be_visible()
    await expect(page.locator(".topics [name=topic]").first).to_be_checked()
    await expect(page.locator("[data-counter-of=f-text]")).to_contain_text("16")

    await page.get_by_role("button", name="Отправить сообщение").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.reload()
    await expect(page.locator("#f-text")).to_have_value("Фонарь не горит.")

    await page.locator("#f-consent").check()
    await page.get_by_role("button", name="Отправить сообщение").click()
    await page.wait_for_url("**said=sent")
    await page.goto("/messages/new")
    await expect(page.locator("#f-text")).to_have_value("")


@pytest.mark.rule("R10")
async def test_the_words_of_one_person_are_nobody_elses(page: Page) -> None:
    kept = "Object.keys(sessionStorage).filter((place) => place.startsWith('words '))"
    await page.fill("#f-text", "Фонарь не горит.")
    at_first = await page.evaluate(kept)

    await page.context.clear_cookies()  # as when the session has ended
    await errands.sign_in(page, "Борис")
    await page.goto("/messages/new")
    await expect(page.locator("#f-text")).to_have_value("")
    of_another = await page.evaluate(kept)
    await page.fill("#f-text", "Яма у дома.")
    await page.evaluate("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    await page.wait_for_url("/")

    assert len(at_first) == 1
    assert of_another == []
    assert await page.evaluate(kept) == []


@pytest.mark.rule("R13")
async def test_one_bad_file_costs_the_others_nothing_and_the_form_waits(page: Page, tmp_path: Path) -> None:
    await slowly(page)
    notes = written(tmp_path, "заметки.txt", b"words")
    await errands.fill_in(page, text="Яма.", address="Мира, 1", files=[notes, large(tmp_path)])
    await expect(row(page, "заметки")).to_contain_text("JPEG, PNG")

    await page.locator("#message-form button[data-kind=primary]").click()

    await expect(page.locator("[data-told]")).to_contain_text("Форма отправится сама")
    await page.wait_for_url(re.compile(r"/messages/\d+"))
    await expect(page.get_by_text("заметки")).to_have_count(0)


async def test_what_is_cancelled_or_removed_is_not_sent(page: Page, tmp_path: Path) -> None:
    await slowly(page)
    await page.locator("#f-files").set_input_files(
        [large(tmp_path), picture(tmp_path, "лишняя.jpg", 800), picture(tmp_path, "яма.jpg", 795)]
    )
    await row(page, "большая").locator("[data-remove]").click()
    await expect(row(page, "лишняя")).to_contain_text("Загружено")
    await row(page, "лишняя").locator("[data-remove]").press("Enter")
    await expect(row(page, "яма")).to_contain_text("Загружено")

    await expect(page.locator("#f-files")).to_be_focused()
    await expect(page.locator("[name=uploads]")).to_have_count(1)
    await expect(row(page, "яма").locator("img")).to_be_visible()
    await expect(page.locator("#said")).not_to_be_empty()


async def test_a_form_that_does_not_fit_keeps_its_files(page: Page, tmp_path: Path) -> None:
    await errands.fill_in(page, text="Яма.", address="", files=[picture(tmp_path, "яма.jpg", 805)])
    await expect(row(page, "яма")).to_contain_text("Загружено")

    await page.locator("#message-form button[data-kind=primary]").click()

    await expect(page.locator("#f-address-error")).to_be_visible()
    await expect(page.locator("[name=uploads]")).to_have_count(1)
    await page.locator("#f-address").fill("Мира, 1")
    await errands.send(page)
    await expect(page.locator(".gallery img")).to_be_visible()
