"""What the outside world tells the portal: read once from the environment, checked before anything starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self, cast

from workers import vapid
from workers.store_url import faults_of_store

Mode = Literal["development", "production"]

NEEDED = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "SMTP_URL", "PUBLIC_URL", "SECRET_KEY")
# Secrets that `otklik run` makes up begin so, and production knows them by it.
DEMO_SECRET = "demo-"  # noqa: S105
SECRET_LETTERS = 32


class Misconfigured(Exception):
    """The portal may not start like this; the text names every fault at once."""


@dataclass(frozen=True)
class Settings:
    database_url: str
    redis_url: str
    storage_url: str
    smtp_url: str
    public_url: str
    secret_key: str
    mode: Mode = "development"
    mailbox: Path | None = None
    mail_from: str = "Отклик <otklik@localhost>"
    town_name: str = "город Михайловка"
    bounces_token: str | None = None
    vapid_private_key: str | None = None
    push_also_to: str | None = None
    esia_url: str | None = None
    esia_client_id: str | None = None
    esia_key_file: Path | None = None

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        faults = [*_faults_everywhere(env), *_faults_of_production(env)]
        if faults:
            raise Misconfigured("The portal cannot start: " + "; ".join(faults) + ".")
        mode = cast(Mode, env.get("MODE") or "development")
        return cls(
            database_url=env["DATABASE_URL"],
            redis_url=env["REDIS_URL"],
            storage_url=env["STORAGE_URL"],
            smtp_url=env["SMTP_URL"],
            public_url=env["PUBLIC_URL"].rstrip("/"),
            secret_key=env["SECRET_KEY"],
            mode=mode,
            mailbox=_path(env, "MAILBOX") if mode == "development" else None,
            mail_from=env.get("MAIL_FROM") or cls.mail_from,
            town_name=env.get("TOWN_NAME") or cls.town_name,
            bounces_token=env.get("BOUNCES_TOKEN") or None,
            vapid_private_key=env.get("VAPID_PRIVATE_KEY") or None,
            push_also_to=env.get("PUSH_ALSO_TO") or None,
            esia_url=env.get("ESIA_URL") or None,
            esia_client_id=env.get("ESIA_CLIENT_ID") or None,
            esia_key_file=_path(env, "ESIA_KEY_FILE"),
        )


def _faults_everywhere(env: Mapping[str, str]) -> list[str]:
    faults = []
    missing = [name for name in NEEDED if not env.get(name)]
    if missing:
        faults.append(f"{', '.join(missing)} must be set (`otklik run` sets them by itself in development)")
    if (env.get("MODE") or "development") not in ("development", "production"):
        faults.append(f"MODE is {env['MODE']!r}, it can be development or production")
    if (env.get("CLAMAV_URL") or "unix:").partition(":")[0] not in ("tcp", "unix"):
        faults.append(f"CLAMAV_URL is {env['CLAMAV_URL']!r}, it can be tcp://host:port or unix:///path")
    if (key := env.get("VAPID_PRIVATE_KEY")) and not vapid.is_key(key):
        faults.append("VAPID_PRIVATE_KEY is no key, `otklik push key` makes one")
    return [*faults, *faults_of_store(env)]


def _faults_of_production(env: Mapping[str, str]) -> list[str]:
    if env.get("MODE") != "production":
        return []
    faults = []
    secret = env.get("SECRET_KEY", "")
    if secret.startswith(DEMO_SECRET):
        faults.append("SECRET_KEY is the secret of the demo town, make one of your own")
    elif secret and len(secret) < SECRET_LETTERS:
        faults.append(f"SECRET_KEY is shorter than {SECRET_LETTERS} characters")
    if env.get("PUSH_ALSO_TO"):
        faults.append("PUSH_ALSO_TO is for development only")
    absent = [name for name in ("ESIA_URL", "ESIA_CLIENT_ID", "ESIA_KEY_FILE") if not env.get(name)]
    if absent:
        faults.append(f"{', '.join(absent)} must be set, the ЕСИА emulator is for development only")
    return faults


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None
