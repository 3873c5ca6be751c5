"""What is pushed to browsers (§3, §4.3): to whom, when, in which words, and what becomes of a push that fails."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.exceptions import InvalidTag
from tests.people import MONDAY, Town
from tests.stories import HOUR, answered, answered_to_two, blocked, case_of_two, registered, submitted
from tests.workers.conftest import all_delivered
from tests.workers.push_service import Phone, Service, encoded, running

from domain import browsers, choosing, joining, rating
from domain.browsers import Given
from domain.choosing import Subject
from domain.errors import Unfit
from domain.model import Browser, Delivery, Person
from workers import moment, push_service, relay, vapid
from workers.delivering import deliver
from workers.reaching import NO_USE
from workers.settings import Misconfigured, Settings

pytestmark = [pytest.mark.rule("R07", "R21"), pytest.mark.usefixtures("database")]
KEY = vapid.made()
TO_A_BROWSER = Delivery.recipient != ""


class Wall:
    """The clock on the workers' wall, in the test's hand."""

    at: datetime = MONDAY


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall()
    monkeypatch.setattr(moment, "now", lambda: wall.at)
    return wall


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, wall: Wall) -> Iterator[Service]:
    monkeypatch.setenv("VAPID_PRIVATE_KEY", KEY)
    with running() as service:
        monkeypatch.setenv("PUSH_ALSO_TO", service.url)
        yield service


async def told_in(service: Service, person: Person, name: str = "phone") -> Phone:
    phone = service.phone(name)
    await browsers.switch_on(person, phone.given, token_hash=name, at=MONDAY)
    return phone


async def pushes() -> list[dict[str, Any]]:
    return await Delivery.select().where(Delivery.reaction.like("push:%") & TO_A_BROWSER).order_by(Delivery.id)


async def owed(reaction: str) -> list[dict[str, Any]]:
    """What the events so far owe to browsers by this reaction; nothing of it is sent."""
    while await relay.expand(at=MONDAY):
        pass
    for row in await Delivery.select().where((Delivery.reaction == reaction) & (Delivery.recipient == "")):
        await deliver(row["id"], row["failures"])
    return await pushes()


async def test_the_author_reads_that_they_are_answered_and_nothing_of_the_message(town: Town, service: Service) -> None:
    phone = await told_in(service, town.anna)
    message = await answered(town)

    await all_delivered("push:")

    path, headers, body = service.taken[-1]
    told = phone.read(body)
    assert (path, told["path"]) == ("/phone", f"/messages/{message.id}")
    assert told["title"] == "На ваше сообщение ответили"
    assert not {"Mira", "hole", "Anna", "Анна", "2026-"} & set(" ".join(told.values()).split())
    assert headers["Content-Encoding"] == "aes128gcm"
    assert [len(service.taken), headers["TTL"]] == [2, "86400"]  # registered, answered; what Anna did is no news to her


async def test_the_service_knows_the_portal_by_its_key(town: Town, service: Service) -> None:
    await told_in(service, town.anna)
    await registered(town)

    await all_delivered("push:")

    token, key = service.taken[0][1]["Authorization"].removeprefix("vapid t=").split(", k=")
    claims = jwt.decode(token, vapid.private(KEY).public_key(), algorithms=["ES256"], options={"verify_aud": False})
    assert key == vapid.public(KEY)
    assert claims["sub"] == "mailto:otklik@localhost"
    assert claims["aud"].startswith("http://127.0.0.1")


async def test_nobody_but_the_author_is_told_and_only_of_what_they_want(town: Town, service: Service) -> None:
    anna, boris = await told_in(service, town.anna, "anna"), await told_in(service, town.boris, "boris")
    await choosing.choose_pushes(town.anna, [Subject.ANSWERS])

    await answered(town)
    await all_delivered("push:")

    ((path, _, body),) = service.taken
    assert path == "/anna"
    assert anna.read(body)["title"] == "На ваше сообщение ответили"
    with pytest.raises(InvalidTag):
        boris.read(body)


async def test_each_author_of_a_case_is_told_of_their_own_message(town: Town, service: Service, wall: Wall) -> None:
    anna, boris = await told_in(service, town.anna, "anna"), await told_in(service, town.boris, "boris")
    case, message = await answered_to_two(town)

    await all_delivered("push:")
    before = len(service.taken)
    await rating.rate(case, by=town.anna, at=MONDAY, choice="accepted")
    wall.at = MONDAY + timedelta(days=40)
    await rating.close_unrated(message.id, at=wall.at)
    await all_delivered("push:")

    told = [(path, (anna if path == "/anna" else boris).read(body)) for path, _, body in service.taken]
    titles = [(path, each["title"], each["path"]) for path, each in told]
    assert ("/boris", "Ваше сообщение зарегистрировано", f"/messages/{message.id}") in titles
    assert ("/boris", "На ваше сообщение ответили", f"/messages/{message.id}") in titles
    assert ("/anna", "На ваше сообщение ответили", f"/messages/{case.id}") in titles
    assert [path for path, _, _ in titles[before:]] == ["/boris"], "who has rated it is not told that nobody did"


async def test_who_sent_a_case_to_rework_knows_it_and_the_other_authors_are_told(town: Town, service: Service) -> None:
    await told_in(service, town.anna, "anna")
    boris = await told_in(service, town.boris, "boris")
    case, message = await answered_to_two(town)
    await all_delivered("push:")
    before = len(service.taken)

    await rating.rate(case, by=town.anna, at=MONDAY, choice="unsolved", remarks="The hole is there.")
    await all_delivered("push:")

    ((path, _, body),) = service.taken[before:]
    told = boris.read(body)
    assert (path, told["title"], told["path"]) == ("/boris", "Ответ отправлен на доработку", f"/messages/{message.id}")


async def test_whose_message_was_taken_out_of_a_case_is_told(town: Town, service: Service) -> None:
    await told_in(service, town.anna, "anna")
    boris = await told_in(service, town.boris, "boris")
    _, message = await case_of_two(town)
    await all_delivered("push:")
    before = len(service.taken)

    await joining.detach(message, by=town.marina, at=MONDAY, reason="Another hole.")
    await all_delivered("push:")

    ((path, _, body),) = service.taken[before:]
    told = boris.read(body)
    assert (path, told["path"]) == ("/boris", f"/messages/{message.id}")
    assert told["title"] == "Ваше сообщение снова рассматривают отдельно"


async def test_a_block_is_told_without_saying_so(town: Town, service: Service) -> None:
    phone = await told_in(service, town.anna)
    await choosing.choose_pushes(town.anna, [])
    await blocked(town, await submitted(town), at=MONDAY)

    await all_delivered("push:")

    told = phone.read(service.taken[0][2])
    assert (told["path"], told["title"]) == ("/block", "Решение модератора")


async def test_at_night_the_author_is_let_sleep(town: Town, service: Service, wall: Wall) -> None:
    await told_in(service, town.anna)
    await registered(town)
    wall.at = MONDAY.replace(hour=23)

    (row,) = await owed("push:registered")

    assert row["next_at"] == MONDAY.replace(hour=9) + timedelta(days=1)


async def test_a_push_is_tried_again_and_given_up_with_its_reason(town: Town, service: Service) -> None:
    await told_in(service, town.anna)
    await registered(town)
    service.status = 503

    await all_delivered("push:")
    first = (await pushes())[0]
    for _ in range(6):
        row = (await pushes())[0]
        await deliver(row["id"], row["failures"])
    last = (await pushes())[0]

    assert (first["attempts"], first["next_at"], "503" in first["error"]) == (1, MONDAY + timedelta(seconds=10), True)
    assert last["gave_up_at"] is not None
    assert len(service.taken) == 7


async def test_a_repeated_hint_pushes_once(town: Town, service: Service) -> None:
    await told_in(service, town.anna)
    await registered(town)
    await all_delivered("push:")
    (row,) = await pushes()

    await asyncio.gather(*(deliver(row["id"], ticket) for ticket in (0, 1)))
    await all_delivered("push:")

    assert len(service.taken) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_its_service_knows_no_longer_is_forgotten(
    town: Town, service: Service, status: int
) -> None:
    await told_in(service, town.anna)
    await registered(town)
    service.status = status

    await all_delivered("push:")

    assert await Browser.count() == 0
    assert str(status) in (await pushes())[0]["error"]


async def test_what_waits_for_a_browser_that_was_switched_off_is_needless(town: Town, service: Service) -> None:
    await told_in(service, town.anna)
    await registered(town)
    await owed("push:registered")
    await browsers.forget("phone")

    await all_delivered("push:")

    assert service.taken == []
    assert (await pushes())[0]["error"] == NO_USE


async def test_a_redirect_is_not_followed(town: Town, service: Service) -> None:
    await told_in(service, town.anna)
    await registered(town)
    service.status, service.elsewhere = 302, f"{service.url}/elsewhere"

    await all_delivered("push:")

    assert [path for path, _, _ in service.taken] == ["/phone"]
    assert "302" in (await pushes())[0]["error"]


async def test_moderators_are_told_once_in_ten_minutes_that_messages_wait(
    town: Town, service: Service, wall: Wall
) -> None:
    phone = await told_in(service, town.marina)
    await told_in(service, town.pavel, "pavel")
    for minutes in (0, 3, 4):
        wall.at = MONDAY + timedelta(minutes=minutes)
        await submitted(town, at=wall.at)
        await owed("push:message_waits")
    rows = await pushes()

    await all_delivered("push:message_waits")

    assert [(row["next_at"] - MONDAY).seconds for row in rows] == [0, 600]
    assert [path for path, _, _ in service.taken] == ["/phone", "/phone"]
    told = phone.read(service.taken[0][2])
    assert (told["title"], told["path"]) == ("Ждут новые сообщения", "/moderation")
    assert told["line"] == "Не зарегистрировано 3 сообщения"


async def test_moderators_hear_nothing_out_of_hours_and_then_as_the_office_opens(
    town: Town, service: Service, wall: Wall
) -> None:
    await told_in(service, town.marina)
    friday = MONDAY.replace(day=6, hour=19)
    wall.at = friday
    await submitted(town, at=friday)

    (row,) = await owed("push:message_waits")
    await all_delivered("push:message_waits")

    assert row["next_at"] == MONDAY.replace(day=10, hour=9)  # 9 March 2026 is a day off
    assert service.taken == []
    assert (await pushes())[0]["error"] == NO_USE


async def test_without_a_key_nothing_is_owed_to_browsers(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await browsers.switch_on(town.anna, Phone("https://push.example/a").given, token_hash="a", at=MONDAY)
    await registered(town)

    while await relay.expand(at=MONDAY):
        pass

    assert await Delivery.count().where(Delivery.reaction.like("push:%")) == 0


REFUSED = [
    "http://push.example/a",
    "https://push.example:8443/a",
    "https://me@push.example/a",
    "ftp://push.example/a",
    "https:///a",
    "https://127.0.0.1/a",
    "https://10.0.0.8/a",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/a",
    "https://[::1]/a",
    "https://[::ffff:10.0.0.1]/a",
    "https://[64:ff9b::a00:1]/a",
    "https://2130706433/a",
    "https://0/a",
    "https://224.0.0.1/a",
]


async def test_a_push_service_is_asked_over_https_and_in_the_public_network_only() -> None:
    reached = [endpoint for endpoint in [*REFUSED, "https://8.8.8.8/a"] if await is_reached(endpoint)]

    assert reached == ["https://8.8.8.8/a"]


async def is_reached(endpoint: str) -> bool:
    try:
        return bool(await push_service.address_of(push_service.parts_of(endpoint)))
    except (push_service.Unreachable, OSError):
        return False


def test_production_knows_no_other_place_and_no_wrong_key() -> None:
    with pytest.raises(Misconfigured, match=r"VAPID_PRIVATE_KEY.*PUSH_ALSO_TO"):
        Settings.from_env({"MODE": "production", "PUSH_ALSO_TO": "http://here", "VAPID_PRIVATE_KEY": "short"})


NO_BROWSER = [
    Given("https://push.example/" + "a" * 1000, encoded(b"\x04" * 65), encoded(b"s" * 16)),
    Given("https://push.example/a", encoded(b"\x04" * 64), encoded(b"s" * 16)),
    Given("https://push.example/a", encoded(b"\x04" * 65), encoded(b"s" * 15)),
    Given("https://push.example/a", "дом", encoded(b"s" * 16)),
    Given("https://push.example/a", encoded(b"\x04" * 65) + "!" * 4000, encoded(b"s" * 16)),
    Given("https://push.example/a", encoded(b"\x04" * 65), "!" * 4000 + encoded(b"s" * 16)),
]


async def test_what_no_browser_says_is_not_kept(town: Town) -> None:
    for given in NO_BROWSER:
        with pytest.raises(Unfit):
            await browsers.switch_on(town.anna, given, token_hash="a", at=MONDAY)

    assert await Browser.count() == 0


async def test_a_browser_is_one_persons_and_a_person_has_ten_at_most(town: Town) -> None:
    phone = Phone("https://push.example/one")
    await browsers.switch_on(town.anna, phone.given, token_hash="one", at=MONDAY)
    await browsers.switch_on(town.boris, phone.given, token_hash="two", at=MONDAY)
    for number in range(12):
        given = Phone(f"https://push.example/{number}").given
        await browsers.switch_on(town.zinaida, given, token_hash=f"z{number}", at=MONDAY)

    rows = await Browser.select(Browser.person, Browser.token_hash).order_by(Browser.id)

    assert [row["token_hash"] for row in rows if row["person"] in (town.anna.id, town.boris.id)] == ["two"]
    assert [row["token_hash"] for row in rows if row["person"] == town.zinaida.id] == [f"z{n}" for n in range(2, 12)]


async def test_a_key_that_is_no_point_is_given_up_at_once(town: Town, service: Service) -> None:
    given = Given(f"{service.url}/phone", encoded(b"\x04" * 65), encoded(b"s" * 16))
    await browsers.switch_on(town.anna, given, token_hash="phone", at=MONDAY)
    await registered(town, at=MONDAY + HOUR)

    await all_delivered("push:")

    assert "key" in (await pushes())[0]["error"]
    assert (await pushes())[0]["gave_up_at"] is not None
