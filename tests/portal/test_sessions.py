"""Sessions: found by the hash of a random token, nothing for guests, ended by time, by sign-out and by dismissal."""

import pytest
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock

from domain.model import Person, Session
from portal import live
from portal.door import Door
from portal.security.sessions import Sessions, hashed


async def test_a_guest_costs_no_row_and_gets_no_cookie(town: Town, browser: Browser) -> None:
    answer = await browser.get("/sign-in")

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert await Session.count() == 0


async def test_the_table_knows_only_the_hash_of_the_token(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.anna)

    token = browser.cookies["session"]
    session = await Session.objects().first()

    assert session is not None
    assert session.token_hash == hashed(token)
    assert token not in str(session.to_dict())


async def test_a_token_chosen_by_somebody_else_is_worth_nothing_after_the_sign_in(town: Town, portal: Door) -> None:
    for number in range(100):
        victim = Browser(portal, cookies={"session": f"attacker-chosen-{number}"})
        answer = await victim.post(f"/sign-in/people/{town.anna.id}")
        attacker = Browser(portal, cookies={"session": f"attacker-chosen-{number}"})

        assert f"attacker-chosen-{number}" not in answer.headers["set-cookie"]
        assert town.anna.name not in (await attacker.get("/nowhere")).text


async def test_a_second_sign_in_ends_the_session_before_it(town: Town, portal: Door, browser: Browser) -> None:
    await browser.sign_in(town.anna)
    old = browser.cookies["session"]

    await browser.sign_in(town.marina)

    assert browser.cookies["session"] != old
    assert town.anna.name not in (await Browser(portal, cookies={"session": old}).get("/nowhere")).text


async def test_signing_out_ends_the_session_on_the_server_too(town: Town, portal: Door, browser: Browser) -> None:
    await browser.sign_in(town.anna)
    token = browser.cookies["session"]

    answer = await browser.post("/sign-out")

    assert answer.status_code == 303
    assert await Session.count() == 0
    assert town.anna.name not in (await Browser(portal, cookies={"session": token}).get("/nowhere")).text


async def test_an_official_is_signed_out_after_half_an_hour_of_silence(
    town: Town, browser: Browser, clock: Clock
) -> None:
    await browser.sign_in(town.marina)

    clock.forward(minutes=29)
    busy = await browser.get("/nowhere")
    clock.forward(minutes=31)
    idle = await browser.get("/nowhere")

    assert town.marina.name in busy.text
    assert town.marina.name not in idle.text


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/live?since=1-0", {}), ("/moderation/rows", {"Asked-By-Itself": "yes"})],
    ids=["stream", "script"],
)
async def test_an_open_page_breaks_no_silence(
    town: Town,
    browser: Browser,
    clock: Clock,
    path: str,
    headers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "LIFE_SECONDS", 0.2)
    await browser.sign_in(town.marina)

    clock.forward(minutes=20)
    asked = await browser.get(path, headers=headers)
    assert asked.status_code == 200
    clock.forward(minutes=11)

    assert town.marina.name not in (await browser.get("/nowhere")).text


async def test_an_official_is_signed_out_after_twelve_hours_however_busy(
    town: Town, browser: Browser, clock: Clock
) -> None:
    await browser.sign_in(town.marina)

    for _ in range(12 * 3 - 1):
        clock.forward(minutes=20)
        assert town.marina.name in (await browser.get("/nowhere")).text
    clock.forward(minutes=20)

    assert town.marina.name not in (await browser.get("/nowhere")).text


async def test_a_citizen_stays_signed_in_for_thirty_days(town: Town, browser: Browser, clock: Clock) -> None:
    await browser.sign_in(town.anna)

    clock.forward(days=29, hours=23)
    still = await browser.get("/nowhere")
    clock.forward(hours=1)
    over = await browser.get("/nowhere")

    assert town.anna.name in still.text
    assert town.anna.name not in over.text


async def test_last_seen_is_written_at_most_once_a_minute(town: Town, browser: Browser, clock: Clock) -> None:
    await browser.sign_in(town.anna)

    seen = []
    for seconds in (30, 40, 30):
        clock.forward(seconds=seconds)
        await browser.get("/nowhere")
        row = await Session.objects().first()
        assert row is not None
        seen.append(row.seen_at)

    assert seen[0] == MONDAY
    assert seen[1] == seen[2] > MONDAY


async def test_a_dismissal_holds_from_the_next_request(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.marina)

    await Person.update({Person.active: False}).where(Person.id == town.marina.id)
    answer = await browser.get("/nowhere")

    assert town.marina.name not in answer.text


async def test_who_has_become_an_official_lives_by_the_limits_of_officials(
    town: Town, browser: Browser, clock: Clock
) -> None:
    await browser.sign_in(town.anna)

    await Person.update({Person.role: "moderator"}).where(Person.id == town.anna.id)
    clock.forward(minutes=31)

    assert town.anna.name not in (await browser.get("/nowhere")).text


async def test_expired_sessions_are_swept_when_the_next_one_begins(
    town: Town, browser: Browser, portal: Door, clock: Clock
) -> None:
    await browser.sign_in(town.marina)

    clock.forward(days=1)
    await Browser(portal).sign_in(town.anna)

    assert [row["person"] for row in await Session.select(Session.person)] == [town.anna.id]


@pytest.mark.parametrize("token", ["", "x" * 5000, "\u0442\u043e\u043a\u0435\u043d", "' or 1=1 --"])
async def test_what_is_no_token_is_nobody(town: Town, token: str) -> None:
    sessions = Sessions(secure=False)

    assert await sessions.find(token, MONDAY, pressed=True) is None


async def test_over_https_the_cookie_is_bound_to_the_host(town: Town) -> None:
    sessions = Sessions(secure=True)

    citizen = sessions.kept_by_browser("token", town.anna).to_header(header="")
    official = sessions.kept_by_browser("token", town.marina).to_header(header="")

    assert citizen.startswith("__Host-session=token; ")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure", "Max-Age=2592000"} <= set(citizen.split("; "))
    assert "Max-Age" not in official
    assert "Domain" not in citizen
