"""What the bench starts in a temporary folder: PostgreSQL, Valkey, the portal in production mode, and its floor."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_hex

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from portal.embedded.place import Place, place_in
from portal.embedded.postgres import Postgres
from portal.embedded.process import Child, wait_until
from portal.embedded.surroundings import free_port
from portal.embedded.valkey import Valkey

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@contextmanager
def house() -> Iterator[Place]:
    """A folder for everything, with the environment of a portal in production; nothing is left of it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-"))
    folder.chmod(0o755)
    place = place_in(folder)
    valkey = Valkey(place)
    os.environ.update(environment(folder, valkey.url))
    try:
        valkey.start()
        yield place
        valkey.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(place.sockets, ignore_errors=True)


def environment(folder: Path, redis_url: str) -> dict[str, str]:
    keys = folder / "esia.pem"
    keys.write_bytes(bundle())
    return {
        "MODE": "production",
        "REDIS_URL": redis_url,
        "STORAGE_URL": folder.as_uri(),
        "SMTP_URL": "smtp://127.0.0.1:1",
        "PUBLIC_URL": "https://bench.example",
        "SECRET_KEY": token_hex(32),
        "ESIA_URL": "https://esia.example",
        "ESIA_CLIENT_ID": "BENCH",
        "ESIA_KEY_FILE": str(keys),
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def postgres(place: Place, *, durable: bool) -> Iterator[Postgres]:
    """Filled without waiting for the disk, measured with it."""
    server = Postgres(place, durable=durable)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def serving(name: str, command: list[str], folder: Path, port: int = 0, **env: str) -> Iterator[Child]:
    """A web process until the end of the block; `port` is asked of it by its environment."""
    port = port or free_port()
    full = {**os.environ, **env, "PORT": str(port), "HOST": "127.0.0.1"}
    child = Child(name, command, folder / f"{name}.log", full, ROOT)
    child.start()
    try:
        wait_until(lambda: answers(port), child, START_SECONDS)
        yield child
    finally:
        child.stop()


def port_of(child: Child) -> int:
    return int(child.env["PORT"])


def portal(stack: ExitStack, name: str, place: Place, database: str) -> Child:
    otklik = str(Path(sys.executable).parent / "otklik")
    return stack.enter_context(serving(name, [otklik, "web"], place.data, DATABASE_URL=database))


def floor(stack: ExitStack, place: Place, database: str, pages: str) -> Child:
    command = [sys.executable, "-m", "tests.bench.floor_web"]
    return stack.enter_context(serving("floor", command, place.data, DATABASE_URL=database, BENCH_PAGES=pages))


def answers(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/health")
        return bool(line.getresponse().status)
    except OSError:
        return False
    finally:
        line.close()


def bundle() -> bytes:
    """Keys of the form that production wants; nobody signs in through ЕСИА here."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    since = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=30))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate + certificate
