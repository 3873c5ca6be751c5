"""The way in through ЕСИА: a real code flow against the emulator, and everything that must not get through it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.people import MONDAY, Town
from tests.portal.conftest import HOME, Browser, Clock

from domain.model import Person, Session
from portal import signing_in
from portal.app import create_app
from portal.door import Door
from portal.forms import Typed
from portal.security.ways_back import own_path
from portal.signing_in.emulator import CLIENT_ID, Emulator, EsiaError, client_keys, esia_key
from portal.signing_in.esia import Esia, EsiaFailed, Keys
from portal.signing_in.personas import BY_KEY, PERSONAS
from portal.signing_in.provider import Identity
from portal.signing_in.welcome import welcome
from workers.settings import Misconfigured, Settings

BACK = HOME + signing_in.RETURN


async def depart(browser: Browser, return_to: str = "") -> httpx.Response:
    """As far as the page on which ЕСИА asks who somebody is."""
    answer = await browser.post("/sign-in/esia", data={"return_to": return_to})
    assert answer.status_code == 303
    return await browser.get(answer.headers["location"])


async def choose(browser: Browser, page: httpx.Response, persona: str, decision: str = "allow") -> httpx.Response:
    """Press the button of the emulator's page and come back to the portal."""
    assert page.status_code == 200, page.text
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    data = {name: unescape(value) for name, value in fields} | {"persona": persona, "decision": decision}
    sent = await browser.post("/dev/esia/aas/oauth2/v2/ac", data=data)
    assert sent.headers["location"].startswith(BACK)
    return await browser.get(sent.headers["location"])


async def come_in(browser: Browser, persona: str, decision: str = "allow", return_to: str = "") -> httpx.Response:
    return await choose(browser, await depart(browser, return_to), persona, decision)


async def citizen(persona: str) -> Person | None:
    return await Person.objects().where(Person.esia_oid.like(f"{BY_KEY[persona].oid}%")).first()


@pytest.mark.rule("R02")
async def test_a_confirmed_person_becomes_a_citizen_and_consents_before_anything_else(
    town: Town, browser: Browser, clock: Clock
) -> None:
    answer = await come_in(browser, "confirmed", return_to="/messages/new")
    assert answer.headers["location"] == "/sign-in/consent?return_to=/messages/new"

    page = await browser.get(answer.headers["location"])
    token = await browser.csrf_token()
    agreed = await browser.post(
        "/sign-in/consent", data={"csrf_token": token, "consent": "given", "return_to": "/messages/new"}
    )

    person = await citizen("confirmed")
    assert person is not None
    assert page.status_code == 200
    assert agreed.headers["location"] == "/messages/new"
    assert (person.role, person.name, person.given_name) == ("citizen", "Ольга Игоревна Тестова", "Ольга")
    assert (person.email, person.is_organisation) == ("olga@mail.example", False)
    assert person.consented_at == clock.now


@pytest.mark.rule("R02")
@pytest.mark.parametrize(
    ("persona", "decision"), [("unconfirmed", "allow"), ("child", "allow"), ("denies", "allow"), ("confirmed", "deny")]
)
async def test_who_may_not_is_turned_away_with_a_sentence(
    town: Town, browser: Browser, persona: str, decision: str
) -> None:
    answer = await come_in(browser, persona, decision)

    assert answer.status_code == 403
    assert await citizen(persona) is None
    assert await Session.count() == 0


async def test_without_a_verified_address_somebody_is_a_citizen_without_letters(town: Town, browser: Browser) -> None:
    answer = await come_in(browser, "no-email")

    person = await citizen("no-email")
    assert answer.status_code == 303
    assert person is not None
    assert person.email is None


@pytest.mark.rule("R02")
async def test_an_organisation_signs_in_under_its_own_name(town: Town, browser: Browser) -> None:
    await come_in(browser, "organisation")

    person = await citizen("organisation")
    assert person is not None
    assert (person.name, person.is_organisation) == ("ООО «Берёзка»", True)


async def test_the_second_time_nobody_is_asked_again_and_a_new_address_is_known(
    town: Town, browser: Browser, portal: Door
) -> None:
    await come_in(browser, "confirmed")
    await Person.update({Person.consented_at: MONDAY, Person.email: "old@mail.example"}).where(
        Person.esia_oid == str(BY_KEY["confirmed"].oid)
    )

    answer = await come_in(Browser(portal), "confirmed")

    person = await citizen("confirmed")
    assert person is not None
    assert answer.headers["location"] == "/messages"
    assert person.email == "olga@mail.example"


async def test_an_official_is_known_by_the_oid_and_nobody_else_by_the_address(town: Town) -> None:
    identity = Identity("demo-marina", "Кто-то", "Кто-то", "someone@mail.example")
    same_address = Identity("1000900777", "Другая Марина", "Другая", town.marina.email)

    official, stranger = await welcome(identity), await welcome(same_address)

    assert (official.id, official.role, official.name) == (town.marina.id, "moderator", town.marina.name)
    assert (stranger.role, stranger.id) == ("citizen", stranger.id)
    assert stranger.id != town.marina.id


async def test_two_tabs_that_come_back_at_once_are_one_person(town: Town) -> None:
    identity = Identity("1000900778", "Ольга Тестова", "Ольга", None)

    first, second = await welcome(identity), await welcome(identity)

    assert first.id == second.id


async def test_who_was_dismissed_does_not_come_in(town: Town, browser: Browser) -> None:
    await come_in(browser, "confirmed")
    await Person.update({Person.active: False}).where(Person.esia_oid == str(BY_KEY["confirmed"].oid))

    answer = await come_in(browser, "confirmed")

    assert answer.status_code == 403


async def test_who_does_not_consent_leaves_nothing_behind(town: Town, browser: Browser) -> None:
    await come_in(browser, "confirmed")

    token = await browser.csrf_token()
    answer = await browser.post("/sign-in/consent", data={"csrf_token": token, "decision": "refuse"})

    assert answer.headers["location"] == "/"
    assert await citizen("confirmed") is None
    assert await Session.count() == 0


async def test_consent_is_a_tick_and_not_only_a_button(town: Town, browser: Browser) -> None:
    await come_in(browser, "confirmed")

    answer = await browser.post("/sign-in/consent", data={"csrf_token": await browser.csrf_token()})

    person = await citizen("confirmed")
    assert answer.status_code == 422
    assert "Без вашего согласия" in answer.text
    assert person is not None
    assert person.consented_at is None


async def test_who_has_not_consented_is_led_to_the_consent_from_everywhere(town: Town, browser: Browser) -> None:
    await come_in(browser, "confirmed")

    answer = await browser.get("/sign-in?return_to=/messages/new")

    assert answer.headers["location"] == "/sign-in/consent?return_to=/messages/new"


# What must not get through.


async def test_a_journey_begun_in_another_browser_is_not_finished_in_this_one(
    town: Town, browser: Browser, portal: Door
) -> None:
    attacker = Browser(portal)
    page = await depart(attacker)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    data = {name: unescape(value) for name, value in fields.items()} | {"persona": "confirmed"}
    link = (await attacker.post("/dev/esia/aas/oauth2/v2/ac", data=data)).headers["location"]

    without_any = await browser.get(link)
    await depart(browser)
    with_another = await browser.get(link)

    assert [without_any.status_code, with_another.status_code] == [403, 403]
    assert await Session.count() == 0


async def test_a_code_is_good_once(town: Town, browser: Browser) -> None:
    page = await depart(browser)
    journey = dict(browser.cookies)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    data = {name: unescape(value) for name, value in fields.items()} | {"persona": "confirmed"}
    link = (await browser.post("/dev/esia/aas/oauth2/v2/ac", data=data)).headers["location"]

    first = await browser.get(link)
    second = await browser.get(link)
    replayed = await browser.get(link, headers={"Cookie": f"sign-in={journey['sign-in']}"})

    assert [first.status_code, second.status_code, replayed.status_code] == [303, 403, 403]


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=server_error&error_description=ESIA-007&state="])
async def test_a_return_without_a_departure_is_refused(town: Town, browser: Browser, query: str) -> None:
    answer = await browser.get("/sign-in/esia/return" + query)

    assert answer.status_code == 403


ELSEWHERE = [
    "//elsewhere.example", "///elsewhere.example", "\\\\elsewhere.example", "/\\elsewhere.example",
    "/%09/elsewhere.example", "/\t/elsewhere.example", "https:elsewhere.example", "https://elsewhere.example",
    "javascript:alert(1)", "@elsewhere.example", "/..//elsewhere.example", "http://xn--e1afmkfd.example",
    "/.//elsewhere.example", "elsewhere.example", "/a\r\nX-Injected: 1", "/a//b", "/%2f/elsewhere.example",
]  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
async def test_nobody_is_led_elsewhere(town: Town, browser: Browser, wanted: str) -> None:
    answer = await browser.post(f"/sign-in/people/{town.anna.id}", data={"return_to": wanted})

    assert answer.headers["location"] == "/messages"
    assert own_path(wanted, "none") == "none"


@pytest.mark.parametrize("wanted", ["/", "/messages/new", "/moderation?queue=new&after=2026-00001", "/control/7/"])
def test_an_own_page_is(wanted: str) -> None:
    assert own_path(wanted) == wanted


FORGED: dict[str, Callable[[dict[str, Any]], tuple[dict[str, Any], Any, str]]] = {
    "no signature": lambda claims: (claims, None, "none"),
    "another key": lambda claims: (claims, rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256"),
    "a shared secret": lambda claims: (claims, "0" * 32, "HS256"),
    "for somebody else": lambda claims: ({**claims, "aud": "OTHER"}, esia_key(), "RS256"),
    "from somebody else": lambda claims: ({**claims, "iss": "http://elsewhere.example/"}, esia_key(), "RS256"),
    "old": lambda claims: ({**claims, "exp": at(-1)}, esia_key(), "RS256"),
    "too early": lambda claims: ({**claims, "nbf": at(120)}, esia_key(), "RS256"),
    "without an end": lambda claims: ({k: v for k, v in claims.items() if k != "exp"}, esia_key(), "RS256"),
    "without a subject": lambda claims: ({k: v for k, v in claims.items() if k != "sub"}, esia_key(), "RS256"),
}


def at(seconds: int) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_id_token_is_refused(name: str, clock: Clock) -> None:
    emulator = Emulator(HOME, BACK, clock)
    genuine = emulator.id_token(BY_KEY["confirmed"], CLIENT_ID)
    claims = jwt.decode(genuine, options={"verify_signature": False})
    changed, key, algorithm = FORGED[name](claims)
    client = emulator.client()

    assert client.verified(genuine, MONDAY)["sub"] == BY_KEY["confirmed"].oid
    with pytest.raises(EsiaFailed):
        client.verified(jwt.encode(changed, key, algorithm), MONDAY)


@pytest.mark.parametrize("lacking", ["id_token", "access_token", ""], ids=["no id", "no access", "no token"])
async def test_an_answer_that_lacks_something_is_a_fault_of_esia_and_told_as_one(lacking: str, clock: Clock) -> None:
    emulator = Emulator(HOME, BACK, clock)
    client = emulator.client()

    def answer(request: httpx.Request) -> httpx.Response:
        told = {"id_token": emulator.id_token(BY_KEY["confirmed"], CLIENT_ID), "access_token": "no token at all"}
        sent = dict(parse_qsl(request.content.decode()))
        given = {name: token for name, token in told.items() if name != lacking}
        return httpx.Response(200, json={"state": sent["state"], **given})

    client.transport = httpx.MockTransport(answer)

    with pytest.raises(EsiaFailed):
        await client.identify("code", MONDAY)


# The emulator is as strict as ЕСИА.

WRONG = {
    "007014": {"client_secret": ""},
    "008010": {"client_id": "OTHER"},
    "007002": {"client_certificate_hash": "00"},
    "007023": {"redirect_uri": "https://elsewhere.example/return"},
    "007006": {"scope": "openid fullname id_doc"},
    "007003": {"timestamp": "yesterday"},
    "007015": {"timestamp": "2026.03.01 10:00:00 +0300"},
    "007053": {"state": "another than was signed"},
}


@pytest.mark.parametrize("number", WRONG)
def test_the_emulator_errs_with_the_numbers_of_esia(number: str, clock: Clock) -> None:
    emulator = Emulator(HOME, BACK, clock)
    sent = dict(parse_qsl(urlsplit(emulator.client().departure(MONDAY).url).query))
    emulator.check(sent)

    with pytest.raises(EsiaError, match=number):
        emulator.check(sent | WRONG[number])


async def test_a_wrong_request_comes_back_with_its_error(town: Town, browser: Browser) -> None:
    link = (await browser.post("/sign-in/esia")).headers["location"]
    broken = link.replace("client_certificate_hash=", "client_certificate_hash=0")
    elsewhere = link.replace("testserver.local%2Fsign-in", "elsewhere.example%2Fsign-in")

    told, refused = await browser.get(broken), await browser.get(elsewhere)

    query = parse_qs(urlsplit(told.headers["location"]).query)
    assert query["error"] == ["invalid_request"]
    assert query["error_description"][0].startswith("ESIA-007002")
    assert refused.status_code == 400


async def test_a_code_is_bound_to_its_client_and_its_time(town: Town, clock: Clock) -> None:
    emulator = Emulator(HOME, BACK, clock)
    sent = dict(parse_qsl(urlsplit(emulator.client().departure(MONDAY).url).query))
    code = parse_qs(urlsplit(emulator.back_with_code(sent, BY_KEY["confirmed"])).query)["code"][0]
    elsewhere = Esia(emulator.url, CLIENT_ID, BACK + "/other", client_keys(), emulator.client().transport)

    with pytest.raises(EsiaFailed, match="007011"):
        await elsewhere.identify(code, MONDAY)
    late = parse_qs(urlsplit(emulator.back_with_code(sent, BY_KEY["confirmed"])).query)["code"][0]
    clock.forward(minutes=4)
    with pytest.raises(EsiaFailed, match="007011"):
        await emulator.client().identify(late, clock.now)


async def test_a_token_shows_nobody_else(clock: Clock) -> None:
    emulator = Emulator(HOME, BACK, clock)
    client = emulator.client()
    token = emulator.access_token(BY_KEY["confirmed"], CLIENT_ID)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=client.transport, base_url=client.url, headers=headers) as esia:
        own = await esia.get(f"/rs/prns/{BY_KEY['confirmed'].oid}")
        foreign = await esia.get(f"/rs/prns/{BY_KEY['organisation'].oid}")
        organisation = await esia.get("/rs/orgs/1000800001")
        nobody = await esia.get(f"/rs/prns/{BY_KEY['confirmed'].oid}", headers={"Authorization": "Bearer x"})

    assert [answer.status_code for answer in (own, foreign, organisation, nobody)] == [200, 400, 400, 400]


async def test_esia_that_is_away_is_told_as_such(town: Town, browser: Browser, portal: Door) -> None:
    litestar: Any = portal.app
    litestar.state.provider.transport = httpx.MockTransport(lambda _: httpx.Response(500, text="maintenance"))

    answer = await come_in(browser, "confirmed")

    assert answer.status_code == 403
    assert "Госуслуги не завершили вход" in answer.text


def test_the_six_people_end_in_six_ways() -> None:
    assert (
        len(PERSONAS) == len({(p.confirmed, p.level, p.email is None, p.organisation, p.denies) for p in PERSONAS}) == 6
    )


# In production there is only ЕСИА itself.


@pytest.fixture
def production(settings: Settings, tmp_path: Any) -> Settings:
    keys = client_keys()
    private = keys.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = keys.certificate.public_bytes(serialization.Encoding.PEM)
    bundle = tmp_path / "esia.pem"
    bundle.write_bytes(private + certificate + certificate)
    return replace(
        settings,
        mode="production",
        public_url="https://otklik.example",
        esia_url="https://esia.gosuslugi.ru",
        esia_client_id="OTKLIK34",
        esia_key_file=bundle,
    )


async def test_in_production_nobody_signs_in_by_one_click(production: Settings, town: Town) -> None:
    portal = create_app(production)
    browser = Browser(portal, base_url="https://otklik.example")

    paths = (f"/sign-in/people/{town.anna.id}", "/dev/esia/aas/oauth2/v2/ac", "/dev/mail")
    answers = [await browser.request(method, path) for method in ("GET", "POST") for path in paths]
    page = await browser.get("/sign-in")

    assert {answer.status_code for answer in answers} == {404}
    assert town.anna.name not in page.text


async def test_in_production_the_way_leads_to_esia(production: Settings, town: Town) -> None:
    answer = await Browser(create_app(production), base_url="https://otklik.example").post("/sign-in/esia")

    link = urlsplit(answer.headers["location"])
    sent = dict(parse_qsl(link.query))
    assert (link.netloc, link.path) == ("esia.gosuslugi.ru", "/aas/oauth2/v2/ac")
    assert sent["redirect_uri"] == "https://otklik.example/sign-in/esia/return"
    assert answer.headers["set-cookie"].startswith("__Host-sign-in=")


def test_production_without_esia_does_not_start(production: Settings) -> None:
    with pytest.raises(Misconfigured):
        create_app(replace(production, esia_url=None))


def test_the_keys_come_from_one_file(production: Settings) -> None:
    assert production.esia_key_file is not None

    keys = Keys.from_bundle(production.esia_key_file.read_bytes())

    assert keys.certificate_hash == client_keys().certificate_hash
    assert re.fullmatch("[0-9A-F]{64}", keys.certificate_hash)


def test_the_timestamp_is_written_as_esia_reads_it(clock: Clock) -> None:
    link = Emulator(HOME, BACK, clock).client().departure(datetime(2026, 11, 23, 15, 50, tzinfo=UTC)).url

    assert urlencode({"timestamp": "2026.11.23 15:50:00 +0000"}) in link


def test_typed_words_can_begin_a_form() -> None:
    assert Typed.of(text="Яма", topic=7, note=None).fields == {"text": ["Яма"], "topic": ["7"]}
