"""The portal says at once everything that keeps it from starting."""

from typing import Any

import pytest

from domain.model.person import Person
from workers.demo import DemoPeople, refuse_demo_people
from workers.settings import NEEDED, Misconfigured, Settings

PRODUCTION = {
    "DATABASE_URL": "postgresql://db/otklik",
    "REDIS_URL": "redis://cache",
    "STORAGE_URL": "s3://files",
    "SMTP_URL": "smtp://mail",
    "PUBLIC_URL": "https://otklik.example",
    "SECRET_KEY": "k" * 32,
    "MODE": "production",
    "ESIA_URL": "https://esia.example",
    "ESIA_CLIENT_ID": "OTKLIK",
    "ESIA_KEY_FILE": "/etc/otklik/esia.pem",
}


def test_a_whole_environment_of_production_is_accepted() -> None:
    settings = Settings.from_env({**PRODUCTION, "MAILBOX": "/somewhere"})

    assert settings.production
    assert settings.mailbox is None


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as told:
        Settings.from_env({})

    assert all(name in str(told.value) for name in NEEDED)


@pytest.mark.parametrize("secret", ["", "short", "demo-" + "k" * 40])
def test_production_refuses_a_missing_a_short_and_a_demo_secret(secret: str) -> None:
    with pytest.raises(Misconfigured, match="SECRET_KEY"):
        Settings.from_env({**PRODUCTION, "SECRET_KEY": secret})


def test_production_refuses_the_emulator_and_a_demo_secret_in_one_sentence() -> None:
    with pytest.raises(Misconfigured, match=r"SECRET_KEY.*emulator"):
        Settings.from_env({**PRODUCTION, "ESIA_URL": "", "SECRET_KEY": "demo-" + "k" * 40})


def test_a_mode_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Misconfigured, match="MODE"):
        Settings.from_env({**PRODUCTION, "MODE": "prod"})


@pytest.mark.parametrize("url", ["http://clamd:3310", "clamd:3310"])
def test_an_antivirus_that_nobody_could_reach_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(Misconfigured, match="CLAMAV_URL"):
        Settings.from_env({**PRODUCTION, "CLAMAV_URL": url})

    assert Settings.from_env({**PRODUCTION, "CLAMAV_URL": "unix:///run/clamd.ctl"}).clamav_url
    assert Settings.from_env({**PRODUCTION, "CLAMAV_URL": ""}).clamav_url is None


async def test_production_refuses_demo_people(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_person("demo-anna")
    await refuse_demo_people()  # this is development: they are welcome

    production(monkeypatch)
    with pytest.raises(DemoPeople, match="1 people"):
        await refuse_demo_people()


async def test_production_welcomes_real_people(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_person("1000299654")

    production(monkeypatch)
    await refuse_demo_people()


def production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything of production but the database, which stays the test's own."""
    for name, value in PRODUCTION.items():
        if name != "DATABASE_URL":
            monkeypatch.setenv(name, value)


async def a_person(oid: str) -> Any:
    return await Person.insert(Person(role="citizen", name="Анна", given_name="Анна", position="", esia_oid=oid))
