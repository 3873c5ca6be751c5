"""The portal says at once everything that keeps it from starting."""

from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from tests.s3 import Rclone

from domain.model.person import Person
from portal.commands._starting import checked_settings
from workers.demo import DemoPeople, refuse_demo_people
from workers.settings import NEEDED, Misconfigured, Settings
from workers.store_url import Place, place_of

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


S3 = "s3://key:hush@files/town?endpoint=https://s3.example"


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("file://relative/folder", "whole path"),
        ("file:", "whole path"),
        ("/var/lib/otklik", "begins with 'nothing'"),
        ("ftp://files", "begins with 'ftp'"),
        ("s3:///town", "names no bucket"),
        ("s3://files?endpoint=https://s3.example", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set"),
        (S3.replace("https://", "http://"), "without TLS; add &allow_http=true"),
        (S3.replace("https://", ""), "is no address"),
        (f"{S3}&acl=public", "says acl, which nobody knows"),
        (f"{S3}&allow_http=yes", "allow_http in STORAGE_URL can be true or false"),
    ],
)
def test_a_store_that_cannot_be_meant_is_refused_without_telling_its_secret(url: str, wrong: str) -> None:
    with pytest.raises(Misconfigured) as told:
        Settings.from_env({**PRODUCTION, "STORAGE_URL": url})

    assert wrong in str(told.value)
    assert "hush" not in str(told.value)


KEYS = {"access_key_id": "key", "secret_access_key": "hush"}


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("file:///var/lib/%D0%BE", Place(folder=Path("/var/lib/о"))),
        ("s3://files", Place(bucket="files")),
        (S3, Place(bucket="files", prefix="town", options={**KEYS, "endpoint": "https://s3.example"})),
        (
            "s3://files?region=ru-1&virtual_hosted_style_request=true",
            Place(bucket="files", options={"region": "ru-1", "virtual_hosted_style_request": True}),
        ),
    ],
)
def test_what_the_address_of_a_store_means(url: str, place: Place) -> None:
    assert Settings.from_env({**PRODUCTION, "STORAGE_URL": url}).storage_url == url
    assert place_of(url) == place


def test_a_store_that_refuses_its_key_keeps_the_portal_from_starting_and_one_that_is_away_does_not(
    storage_url: str, rclone: Rclone, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STORAGE_URL", rclone.url(rclone.port, "x", secret="wrong"))
    with pytest.raises(ClickException, match="the store of files refuses it"):
        checked_settings()

    monkeypatch.setenv("STORAGE_URL", rclone.url(1, "x"))
    checked_settings()

    assert "does not answer yet" in capfd.readouterr().err


@pytest.mark.parametrize("url", ["http://clamd:3310", "clamd:3310"])
def test_an_antivirus_that_nobody_could_reach_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(Misconfigured, match="CLAMAV_URL"):
        Settings.from_env({**PRODUCTION, "CLAMAV_URL": url})

    for right in ("unix:///run/clamd.ctl", ""):
        assert Settings.from_env({**PRODUCTION, "CLAMAV_URL": right}).production


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
