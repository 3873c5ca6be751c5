"""The dialogue with a mail server that wants encryption and a password, and what is told when there is none."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.workers.conftest import Mailbox, OnAnyPort

from workers.mail import post

pytestmark = pytest.mark.rule("R33")

NAME, PASSWORD = "otklik", "p@ss/word"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server at 127.0.0.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - DAY, now + DAY)
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    signed = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        key, hashes.SHA256()
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + pem)
    return file


class Guarded(Mailbox):
    """Notes who has come in, and whether the line was encrypted when the letter came."""

    encrypted: bool = False
    who: bytes = b""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.encrypted, self.who = session.ssl is not None, bytes(cast(LoginPassword, session.auth_data).login)
        return await super().handle_DATA(server, session, envelope)


def known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    assert isinstance(given, LoginPassword)
    right = (given.login, given.password) == (NAME.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False, auth_data=given)


@contextmanager
def guarded(certificate: Path, **options: Any) -> Iterator[tuple[Guarded, int]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    box = Guarded()
    server = OnAnyPort(
        box, hostname="127.0.0.1", port=0, auth_required=True, authenticator=known, tls_context=context, **options
    )
    server.start()
    try:
        yield box, server.port
    finally:
        server.stop()


@pytest.fixture
def starttls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Guarded, int]]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with guarded(certificate, require_starttls=True) as server:
        yield server


def letter() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "otklik@town.example", "anna@mail.example", "Registered"
    made.set_content("It has a number.")
    return made


async def send() -> None:
    await post.send(letter(), to="anna@mail.example")


@pytest.mark.parametrize("wish", ["", "?starttls=yes"])
async def test_the_line_is_encrypted_before_the_password_is_said(
    starttls: tuple[Guarded, int], monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    box, port = starttls
    monkeypatch.setenv("SMTP_URL", f"smtp://{NAME}:p%40ss%2Fword@127.0.0.1:{port}{wish}")

    await send()

    assert (len(box.letters), box.encrypted, box.who) == (1, True, NAME.encode())


async def test_a_wrong_password_is_told_of_the_letter_and_is_no_outage(
    starttls: tuple[Guarded, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = starttls
    monkeypatch.setenv("SMTP_URL", f"smtp://{NAME}:guessed@127.0.0.1:{port}")

    with pytest.raises(aiosmtplib.SMTPAuthenticationError, match="535"):
        await send()

    assert box.letters == []


async def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_letter(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(certificate, require_starttls=True) as (box, port):
        monkeypatch.setenv("SMTP_URL", f"smtp://{NAME}:p%40ss%2Fword@127.0.0.1:{port}")
        with pytest.raises(post.ServerAway, match="certificate"):
            await send()

    assert (box.letters, box.who) == ([], b"")


async def test_where_encryption_is_asked_for_nothing_is_said_without_it(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", f"{mailbox.url}?starttls=yes")

    with pytest.raises(aiosmtplib.SMTPException, match="STARTTLS"):
        await send()

    assert mailbox.letters == []
