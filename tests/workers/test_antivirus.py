"""ClamAV (§4.1): what it finds is refused before anybody decodes it, and while it is away files wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.stories import submitted
from tests.workers.conftest import all_delivered, deliveries
from tests.workers.drawing import quarters, saved
from tests.workers.papers import paper
from tests.workers.test_pictures import received, row

from domain import attaching
from domain.model import Attachment, Delivery, Message
from portal import uploads
from workers import antivirus, pictures
from workers.antivirus import NotScanned

pytestmark = [pytest.mark.rule("R13"), pytest.mark.usefixtures("database", "storage_url")]

# Put together here, so that no antivirus takes this file for one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PHOTO = saved(quarters(300, 200))


@dataclass
class Clamd:
    """The daemon's side of INSTREAM, as `man clamd` tells it."""

    says: bytes | None = None
    most: int = 10 * 2**20
    scanned: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readuntil(b"\0") == b"zINSTREAM\0":
            writer.write((self.says or self.verdict(await self.content(reader))) + b"\0")
        writer.close()

    async def content(self, reader: asyncio.StreamReader) -> bytes:
        whole = b""
        while size := int.from_bytes(await reader.readexactly(4)):
            whole += await reader.readexactly(size)
        self.scanned.append(whole)
        return whole

    def verdict(self, content: bytes) -> bytes:
        if len(content) > self.most:
            return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"


@asynccontextmanager
async def listening(clamd: Clamd, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    server = await asyncio.start_server(clamd.serve, "127.0.0.1", 0)
    monkeypatch.setenv("CLAMAV_URL", f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    async with server:
        yield


@pytest.fixture
async def clamd(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Clamd]:
    daemon = Clamd()
    async with listening(daemon, monkeypatch):
        yield daemon


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLAMAV_URL", f"unix://{tmp_path}/clamd.sock")


async def outcome(content: bytes, kind: str) -> dict[str, Any]:
    file = await received(content, kind)
    await pictures.prepare(file)
    return await row(file)


async def with_a_file(town: Town, content: bytes = PHOTO, kind: str = "jpeg") -> tuple[Message, Attachment]:
    file = await received(content, kind)
    message = await submitted(town)
    await attaching.attach(file.key, [file.id], to=message)
    return message, file


@pytest.mark.parametrize(("kind", "content"), [("jpeg", PHOTO), ("pdf", paper())])
async def test_what_is_harmful_is_refused_and_what_is_not_is_prepared(clamd: Clamd, kind: str, content: bytes) -> None:
    clean, harmful = await outcome(content, kind), await outcome(content + EICAR, kind)

    assert clean["state"] == "ready"
    assert (harmful["state"], harmful["reason"], harmful["sizes"]) == ("refused", antivirus.HARMFUL, {})
    assert clamd.scanned == [content, content + EICAR]


async def test_it_listens_on_a_socket_of_the_machine_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "a b.sock"
    server = await asyncio.start_unix_server(Clamd().serve, place)
    monkeypatch.setenv("CLAMAV_URL", f"unix://{tmp_path}/a%20b.sock")

    async with server:
        harmful = await outcome(PHOTO + EICAR, "jpeg")

    assert harmful["state"] == "refused"


async def test_a_large_file_is_scanned_to_its_last_byte(clamd: Clamd) -> None:
    harmful = await outcome(PHOTO + bytes(3 * 2**20) + EICAR, "jpeg")

    assert harmful["state"] == "refused"


@pytest.mark.usefixtures("away")
async def test_while_it_is_away_a_file_waits_and_is_prepared_when_it_is_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, file = await with_a_file(town)
    await all_delivered("pictures")
    (waiting,) = await deliveries("pictures")
    state = (await row(file))["state"]

    async with listening(Clamd(), monkeypatch):
        await Delivery.update({Delivery.next_at: MONDAY}).where(Delivery.id == waiting["id"])
        await all_delivered("pictures")

    assert state == "received"
    assert (waiting["done_at"], waiting["gave_up_at"]) == (None, None)
    assert "NotScanned" in waiting["error"]
    assert (await row(file))["state"] == "ready"


@pytest.mark.usefixtures("away")
async def test_whoever_waits_to_see_the_file_is_not_told_of_an_antivirus_that_is_away(town: Town) -> None:
    message, file = await with_a_file(town)

    await uploads.develop(message)

    assert (await row(file))["state"] == "received"


@pytest.mark.parametrize(
    "says", [b"INSTREAM size limit exceeded. ERROR", b"\0", b"stream: OK and more", b"x" * 100_000]
)
async def test_what_it_does_not_pass_in_so_many_words_is_not_passed(clamd: Clamd, says: bytes) -> None:
    clamd.says = says
    file = await received(PHOTO, "jpeg")

    with pytest.raises(NotScanned):
        await pictures.prepare(file)

    assert (await row(file))["state"] == "received"


async def test_an_antivirus_that_hangs_does_not_hold_the_file_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    monkeypatch.setenv("CLAMAV_URL", f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    monkeypatch.setattr(antivirus, "ANSWER_SECONDS", 0.1)
    file = await received(PHOTO, "jpeg")

    async with server:
        with pytest.raises(NotScanned):
            await pictures.prepare(file)


async def test_without_an_antivirus_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAMAV_URL", raising=False)

    assert (await outcome(PHOTO + EICAR, "jpeg"))["state"] == "ready"
