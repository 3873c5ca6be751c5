"""The environment of the house: what is given is taken, what is missing is embedded."""

import os
import secrets
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.process import Broken
from workers import vapid

FIRST_PORT = 8000
PORTS = 50
# The beginning by which production knows a secret that was made up here.
MADE_UP = "demo-"


@dataclass(frozen=True)
class Surroundings:
    env: dict[str, str]
    own_postgres: bool
    own_valkey: bool
    own_mailbox: bool

    @property
    def host(self) -> str:
        return _host(self.env)

    @property
    def production(self) -> bool:
        return self.env.get("MODE") == "production"


def look_around(data: Path, *, database_url: str, redis_url: str, env: Mapping[str, str] = os.environ) -> Surroundings:
    """Complete the environment; a letter of production is never caught, and its secret never made up."""
    given = {name: value for name, value in env.items() if value}
    production = given.get("MODE") == "production"
    port = _port(given)
    full = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "STORAGE_URL": _folder(data / "files").as_uri(),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        **given,
        "PORT": str(port),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{given.get('PATH', os.defpath)}",
    }
    own_mailbox = not production and "SMTP_URL" not in given
    if own_mailbox:
        full |= {"SMTP_URL": f"smtp://127.0.0.1:{free_port()}", "MAILBOX": str(data / "mail")}
    if not production and "SECRET_KEY" not in given:
        full["SECRET_KEY"] = _kept(data / "secret", lambda: MADE_UP + secrets.token_urlsafe(32))
    if not production and "VAPID_PRIVATE_KEY" not in given:
        full["VAPID_PRIVATE_KEY"] = _kept(data / "push-key", vapid.made)
    return Surroundings(full, "DATABASE_URL" not in given, "REDIS_URL" not in given, own_mailbox)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _host(given: Mapping[str, str]) -> str:
    return given.get("HOST") or "127.0.0.1"


def _port(given: Mapping[str, str]) -> int:
    host = _host(given)
    if "PORT" in given:
        if not given["PORT"].isdecimal() or not _is_free(host, int(given["PORT"])):
            raise Broken(f"PORT is {given['PORT']}, and that port is not free")
        return int(given["PORT"])
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if _is_free(host, port):
            return port
    raise Broken(f"no port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free; name one: PORT=…")


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
        return True


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Kept, so that sessions, links and browsers that are told something outlive a restart."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make())
    return path.read_text()


def _folder(path: Path) -> Path:
    path.mkdir(exist_ok=True)
    return path
