"""`make pictures`: the pictures of the first page, taken from a running portal (PORTAL=… names another one)."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PORTAL = os.environ.get("PORTAL", "http://127.0.0.1:8000")
PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
# Name of the picture, who looks, at what, which link is followed first, and how large the window is.
SCENES = [
    ("feed", None, "/", None, (1280, 900)),
    ("moderation", "Марина", "/moderation", None, (1280, 800)),
    ("execution", "Павел", "/execution?queue=in_work", None, (1280, 800)),
    ("control", "Елена", "/control", None, (1280, 800)),
    ("phone", "Анна", "/messages", ".msg__title a", (390, 800)),
]


def look(browser: Browser, who: str | None, address: str, first: str | None, size: tuple[int, int]) -> Page:
    """Sign in with one click, as anybody at the demo town can, and open the page."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="ru-RU", color_scheme="light")
    page = context.new_page()
    if who:
        page.goto(f"{PORTAL}/sign-in")
        page.get_by_role("button", name=who).first.click()
        page.wait_for_load_state()
    page.goto(PORTAL + address)
    if first:
        page.locator(first).first.click()
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    return page


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        for name, who, address, first, size in SCENES:
            look(browser, who, address, first, size).screenshot(path=PICTURES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
