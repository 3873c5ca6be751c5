"""Pushes are switched on and off where one sits, stand among the letters of a case, leave with their person."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from tests.people import Town
from tests.portal.conftest import Browser, Clock
from tests.stories import in_commission, registered
from tests.stories import told as told_of
from tests.workers.conftest import all_delivered
from tests.workers.push_service import Phone, Service, running

from domain import resending
from domain.errors import Stale
from domain.model import Browser as Told
from domain.model import Delivery, Person
from portal.app import furnished
from portal.door import Door
from workers import vapid
from workers.settings import Settings

pytestmark = [pytest.mark.rule("R07", "R21"), pytest.mark.usefixtures("database")]
PAGE = "/settings/letters"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("VAPID_PRIVATE_KEY", vapid.made())
    with running() as service:
        monkeypatch.setenv("PUSH_ALSO_TO", service.url)
        yield service


@pytest.fixture
def pushing(service: Service, addresses: Litestar, settings: Settings, clock: Clock) -> Door:
    """A portal of a town with a key for push services."""
    return furnished(addresses, Settings.from_env(), clock)


async def switch_on(browser: Browser, phone: Phone) -> int:
    return (await browser.post("/settings/push", data=vars(phone.given))).status_code


async def told() -> list[int]:
    return [row["person"] for row in await Told.select(Told.person).order_by(Told.id)]


async def test_a_citizen_switches_on_chooses_and_switches_off(town: Town, pushing: Door, service: Service) -> None:
    browser = await Browser(pushing).sign_in(town.anna)
    before = (await browser.get(PAGE)).text

    on = await switch_on(browser, service.phone("anna"))
    during = (await browser.get(PAGE)).text
    await browser.post("/settings/letters/pushes", data={"wanted": ["answers"]})
    kept = await told()
    off = await browser.post("/settings/push/off")

    person = await Person.objects().get(Person.id == town.anna.id)
    assert "data-push=" in before
    assert "data-push-section hidden" in before  # nothing of it without scripts
    assert "Выключить в этом браузере" in during
    assert (on, kept, person.unwanted_pushes, person.unwanted) == (303, [town.anna.id], ["progress", "questions"], [])
    assert (off.status_code, await told()) == (303, [])


async def test_whoever_signs_out_is_told_nothing_there_any_more(town: Town, pushing: Door, service: Service) -> None:
    browser = await Browser(pushing).sign_in(town.marina)
    await switch_on(browser, service.phone("marina"))

    await browser.post("/sign-out")

    assert await told() == []


async def test_whoever_signs_in_at_the_browser_of_another_ends_their_pushes(
    town: Town, pushing: Door, service: Service
) -> None:
    browser = await Browser(pushing).sign_in(town.anna)
    await switch_on(browser, service.phone("anna"))
    await Browser(pushing, cookies={"push": "made-up"}).sign_in(town.boris)
    others = await told()

    await browser.sign_in(town.anna)
    same = await told()
    await browser.sign_in(town.boris)

    assert (others, same, await told()) == ([town.anna.id], [town.anna.id], [])


async def test_without_a_key_there_is_no_page_and_no_word_of_it(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.anna)
    citizen = await browser.get(PAGE)
    pressed = await switch_on(browser, Phone("https://push.example/a"))
    await browser.sign_in(town.marina)
    moderator = await browser.get("/settings/push")

    assert "push" not in citizen.text.replace('class="push"', "")
    assert (pressed, moderator.status_code, await told()) == (404, 404, [])
    assert "Уведомления" not in (await browser.get("/moderation")).text


async def test_an_executor_has_no_switch_and_a_foreign_address_is_no_browser(
    town: Town, pushing: Door, service: Service
) -> None:
    browser = await Browser(pushing).sign_in(town.pavel)
    executor = [(await browser.get("/settings/push")).status_code, await switch_on(browser, service.phone("pavel"))]
    await browser.sign_in(town.marina)
    page = await browser.get("/settings/push")
    inside = await switch_on(browser, Phone("http://127.0.0.1:1/inside"))

    assert executor == [404, 404]
    assert (page.status_code, inside, await told()) == (200, 422, [])


async def test_a_push_stands_among_the_letters_of_the_case_and_goes_once(
    town: Town, pushing: Door, service: Service
) -> None:
    browser = await Browser(pushing).sign_in(town.anna)
    await switch_on(browser, service.phone("anna"))
    message = await registered(town)
    await all_delivered("push:registered")
    await browser.sign_in(town.elena)

    page = (await browser.get(f"/messages/{message.id}/letters")).text

    assert "Ваше сообщение зарегистрировано" in page
    assert "уведомление в браузере" in page
    assert service.url.removeprefix("http://") in page
    assert "anna" not in page
    assert "Отправить ещё раз" not in page
    row = await Delivery.objects().get((Delivery.reaction == "push:registered") & (Delivery.recipient != ""))
    with pytest.raises(Stale):
        await resending.resend(message, row.id, by=town.marina, at=message.sent_at, resent=0)


async def test_the_worker_of_the_browser_answers_for_the_whole_site(town: Town, pushing: Door) -> None:
    answer = await Browser(pushing).get("/static/js/service-worker.js")

    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Type"].startswith("text/javascript")


async def test_of_what_one_did_oneself_one_is_not_told(town: Town, pushing: Door, service: Service) -> None:
    browser, phone = await Browser(pushing).sign_in(town.anna), service.phone("anna")
    await switch_on(browser, phone)
    message = await in_commission(town)  # by Anna's own press on "not solved", for the fourth time

    await all_delivered("push:")

    assert (await told_of(message, "message:brought_to_commission")).actor == town.anna.id
    titles = {phone.read(body)["title"] for _, _, body in service.taken}
    assert titles == {"Ваше сообщение зарегистрировано", "На ваше сообщение ответили"}
