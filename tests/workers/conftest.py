"""A real mail server, and the workers carried out by hand."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.people import MONDAY

from domain.model import Delivery
from workers import relay
from workers.delivering import deliver

OK = "250 OK"
QUEUES = ("mail", "followers", "push", "pictures", "hints")


@dataclass
class Mailbox:
    """What the mail server has taken; `of_address` and `of_letter` are what it says to the next ones."""

    url: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    of_address: dict[str, str] = field(default_factory=dict)
    of_letter: str = OK
    slowness: float = 0
    begun: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.of_address.get(address, OK)
        if said == OK:
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.begun += 1
        await asyncio.sleep(self.slowness)
        if self.of_letter == OK:
            content = cast(bytes, envelope.content)
            self.raw.append(content)
            self.letters.append(message_from_bytes(content, policy=default))
        return self.of_letter

    def to(self, name: str) -> list[EmailMessage]:
        """The letters to somebody, by the name before the @."""
        return [letter for letter in self.letters if letter["To"].addresses[0].username == name]


class OnAnyPort(Controller):
    """The stock controller knocks at the port it was told, and 0 is not the one it got."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = cast(Any, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    controller = OnAnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    monkeypatch.setenv("SMTP_URL", box.url)
    yield box
    controller.stop()


async def nobody_listens(queue: str, delivery: int, ticket: int) -> None:
    """Enqueues nothing: the tests carry the deliveries out themselves."""


async def all_delivered(*names: str) -> None:
    """Hand over what happened, and carry out the named reactions; those that fail are left for later."""
    while await relay.expand(at=MONDAY):
        pass
    tried: set[int] = set()
    while waiting := [row for row in await not_done() if row["id"] not in tried and of(row, names)]:
        for row in waiting:
            tried.add(row["id"])
            await deliver(row["id"], row["failures"])


async def not_done() -> list[dict[str, Any]]:
    return await Delivery.select().where(Delivery.done_at.is_null()).order_by(Delivery.id)


def of(row: dict[str, Any], names: tuple[str, ...]) -> bool:
    return row["reaction"].startswith(names or "")


async def deliveries(reaction: str) -> list[dict[str, Any]]:
    """Of this reaction itself, or of its letters."""
    rows = await Delivery.select().where(Delivery.reaction == reaction).order_by(Delivery.id)
    return [row for row in rows if bool(row["recipient"]) == reaction.startswith("mail:")]


async def offer_all(*, at: datetime, enqueue: relay.Enqueue) -> int:
    """Everything that is due, whatever its queue. Returns how many."""
    return sum([await relay.offer(queue, at=at, enqueue=enqueue) for queue in QUEUES])
