"""The switch for pushes and what the browser shows, as far as a Chromium goes that no push service knows (§3, §4.3)."""

import json
from typing import Any

import pytest
from playwright.async_api import Page, expect
from tests.journeys import errands
from tests.journeys.conftest import Open, Portal
from tests.workers.push_service import Phone

PAGE = "/settings/letters"
TOLD = {"title": "На ваше сообщение ответили", "line": "Прочитайте ответ.", "path": "/messages/2", "tag": "event-7"}
SHOWN = """
navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
    .then((shown) => shown.map(({ title, body, tag, data }) => ({ title, body, tag, data })))
"""
# What the push service of a browser's maker would have answered.
SUBSCRIBED = """
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    if (applicationServerKey.length !== 65) throw new Error("no key of the town");
    return { toJSON: () => (%s) };
};
"""


@pytest.mark.rule("R07", "R21")
async def test_a_browser_that_no_service_knows_says_so_and_letters_go_on(opened: Open) -> None:
    page = await opened(permissions=["notifications"])
    await errands.sign_in(page, "Анна")
    await page.goto(PAGE)

    await page.get_by_role("button", name="Включить в этом браузере").click()

    await expect(page.get_by_text("Сейчас этому браузеру не удаётся присылать уведомления.")).to_be_visible()
    await expect(page.get_by_role("button", name="Сохранить")).to_be_enabled()


@pytest.mark.rule("R07", "R21")
async def test_a_person_switches_on_sees_what_is_pushed_and_switches_off(
    opened: Open, portal_processes: Portal
) -> None:
    page = await opened(permissions=["notifications"])
    given = vars(Phone("https://push.example/anna").given)
    answer = {"endpoint": given["endpoint"], "keys": {"p256dh": given["p256dh"], "auth": given["auth"]}}
    await page.add_init_script(SUBSCRIBED % json.dumps(answer))
    await errands.sign_in(page, "Анна")
    await page.goto(PAGE)

    await page.get_by_role("button", name="Включить в этом браузере").click()
    await expect(page.get_by_text("включены в этом браузере")).to_be_visible()
    await delivered(page, portal_processes.address, TOLD)
    shown = await page.evaluate(SHOWN)
    await page.get_by_role("button", name="Выключить в этом браузере").click()

    assert shown == [{"title": TOLD["title"], "body": TOLD["line"], "tag": "event-7", "data": {"path": "/messages/2"}}]
    await expect(page.get_by_role("button", name="Включить в этом браузере")).to_be_visible()


@pytest.mark.rule("R07", "R21")
async def test_without_scripts_the_page_is_whole_and_has_no_switch(opened: Open) -> None:
    page = await opened(java_script_enabled=False)
    await errands.sign_in(page, "Анна")
    await page.goto(PAGE)

    await expect(page.get_by_role("button", name="Сохранить")).to_be_visible()
    await expect(page.get_by_text("Уведомления в браузере")).to_be_hidden()


async def delivered(page: Page, origin: str, told: dict[str, Any]) -> None:
    """As if a push service had brought it."""
    devtools = await page.context.new_cdp_session(page)
    known: list[dict[str, Any]] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: known.extend(event["registrations"]))
    await devtools.send("ServiceWorker.enable")
    while not known:
        await page.wait_for_timeout(20)
    push = {"origin": origin, "registrationId": known[-1]["registrationId"], "data": json.dumps(told)}
    await devtools.send("ServiceWorker.deliverPushMessage", push)
    while not await page.evaluate(SHOWN):
        await page.wait_for_timeout(20)
