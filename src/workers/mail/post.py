"""The one door for letters: SMTP (§3, §4.3, §4.4). A letter sent twice is the same letter, under the same id."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
from aiosmtplib.errors import SMTPDataError, SMTPRecipientsRefused

# For each step of a dialogue, and for all of it. Of the threads of a worker some wait for two others: all that together
# stays below the time limit of the actor, so that a slow server is a failure with a reason like any other.
SECONDS, ALL_SECONDS = 15, 60
# Of those that concern the recipient: there is none of this name. A full mailbox, or a server that trusts us no more
# (5.7), may take the next letter.
GONE = (550, 551, 553)
NEVER = 500  # from here on the server's answers say that another attempt would be refused as well

# In one process: when it is killed, nobody knows of these whether they were taken, and they go once more. From the
# first look at it to the noting that it has gone a letter has a line: of more letters none could be noted sooner.
ON_THEIR_WAY = 3

# The loop itself holds its tasks but weakly.
LEAVING: set[asyncio.Task[None]] = set()


class Undeliverable(Exception):
    """The mail server will never take this letter: the address does not exist, or the letter itself is refused."""


@dataclass(frozen=True)
class Server:
    """A mail server out of SMTP_URL: smtp://user:password@host:port?starttls=yes, or smtps:// for TLS at once."""

    hostname: str
    port: int
    username: str | None
    password: str | None
    use_tls: bool
    start_tls: bool | None

    @classmethod
    def of(cls, url: str) -> "Server":
        parts = urlsplit(url)
        secure = parts.scheme == "smtps"
        wish = parse_qs(parts.query).get("starttls", ["auto"])[0]
        return cls(
            hostname=parts.hostname or "localhost",
            port=parts.port or (465 if secure else 25),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=secure,
            start_tls={"yes": True, "no": False}.get(wish),
        )

    def arguments(self) -> dict[str, Any]:
        return dict(vars(self))


class NoSuchAddress(Undeliverable):
    """Nothing sent to this address will ever be taken."""


class ServerAway(Exception):
    """The mail server does not let us in, which says nothing of the letter and of its address."""


async def send(letter: EmailMessage, *, to: str) -> None:
    """Hand the letter to the mail server for one address of it; Undeliverable when it will never be taken."""
    server = Server.of(os.environ["SMTP_URL"])
    try:
        async with asyncio.timeout(ALL_SECONDS), dialogue(server) as client:
            # As bytes, because the library would fold the headers anew, by a policy of its own.
            await client.sendmail(sender_of(letter), [to], letter.as_bytes())
    except SMTPRecipientsRefused as refusals:
        codes = [each.code for each in refusals.recipients]
        if min(codes) >= NEVER:
            gone = all(each.code in GONE and "5.7." not in each.message for each in refusals.recipients)
            kind = NoSuchAddress if gone else Undeliverable
            raise kind(f"the address was refused: {reason_of(refusals)}") from refusals
        raise
    except SMTPDataError as refusal:
        if refusal.code >= NEVER:
            raise Undeliverable(f"the letter was refused: {refusal.code} {refusal.message}") from refusal
        raise


@lru_cache(1)
def lines(_: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
    """As many as letters may be on their way from this loop."""
    return asyncio.Semaphore(ON_THEIR_WAY)


@asynccontextmanager
async def dialogue(server: Server) -> AsyncIterator[aiosmtplib.SMTP]:
    """What was taken is written down before anybody says goodbye: a worker killed in between would send it again."""
    client = aiosmtplib.SMTP(timeout=SECONDS, **server.arguments())
    try:
        try:
            await client.connect()
        except OSError as trouble:  # also those of the library, a line that breaks or stays silent, a certificate
            raise ServerAway(str(trouble)) from trouble
        yield client
    finally:
        LEAVING.add(farewell := asyncio.create_task(leave(client)))
        farewell.add_done_callback(LEAVING.discard)


async def leave(client: aiosmtplib.SMTP) -> None:
    if client.is_connected:
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()
    client.close()


def sender_of(letter: EmailMessage) -> str:
    return str(letter["From"].addresses[0].addr_spec)


def reason_of(refusals: SMTPRecipientsRefused) -> str:
    return ", ".join(f"{each.code} {each.message}" for each in refusals.recipients)
