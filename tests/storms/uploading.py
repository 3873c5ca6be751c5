"""Somebody who sends files, each by a request of its own, and then the message that they belong to."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
from tests.bench.places import BOUNDARY, HOST, TEXT, Sending
from tests.hostile import Hostile

from domain.model import Attachment

KEPT = re.compile(r'name="uploads" value="([0-9a-f-]{36})"')
AGAIN = 0.1
PATIENCE = 300


@dataclass
class Upload:
    """`id` is that of the row, where the door let the file in; `seconds` until it was answered and prepared."""

    file: Hostile
    status: int
    seconds: float
    id: UUID | None


@dataclass
class Visitor:
    client: httpx.AsyncClient
    sending: Sending
    uploads: list[Upload] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    unsent: int = 0

    async def send(self, files: Sequence[Hostile]) -> None:
        """A form that has no words yet keeps its files; with its words it is sent, and the files are prepared."""
        key, kept = uuid4(), list[UUID]()
        new = []
        for file in files:
            began = time.monotonic()
            answer = await self.post(key, kept, "", file)
            here = [UUID(id) for id in KEPT.findall(answer.text)]
            came = next((id for id in here if id not in kept), None)
            kept += [came] if came else []
            new.append(Upload(file, answer.status_code, time.monotonic() - began, came))
        began = time.monotonic()
        sent = await self.post(key, kept, TEXT, None)
        self.unsent += sent.status_code != 303
        if kept and sent.status_code == 303:
            await prepared(kept)
        for upload in new:
            upload.seconds += (time.monotonic() - began) / len(new)
        self.uploads += new

    async def post(self, key: UUID, kept: Sequence[UUID], text: str, file: Hostile | None) -> httpx.Response:
        said = {"key": key, "topic": self.sending.topic, "text": text, "address": "ул. Мира, 41", "consent": "given"}
        fields = [("csrf_token", self.sending.csrf_token), *said.items(), *(("uploads", id) for id in kept)]
        parts = [part(f'name="{name}"'.encode(), str(value).encode()) for name, value in fields]
        if file:
            disposition = b'name="files"; filename="' + as_browsers_write(file.name) + b'"\r\nContent-Type: image/jpeg'
            parts.append(part(disposition, file.content))
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        answer = await self.client.post("/messages", content=body, headers={"Host": HOST, **self.sending.headers})
        self.statuses.append(answer.status_code)
        return answer


def part(disposition: bytes, content: bytes) -> bytes:
    return b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (BOUNDARY.encode(), disposition, content)


def as_browsers_write(name: str) -> bytes:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A").encode("utf-8", "replace")


async def prepared(ids: Sequence[UUID]) -> None:
    waiting = Attachment.id.is_in(list(ids)) & (Attachment.state == "received")
    for _ in range(round(PATIENCE / AGAIN)):
        if not await Attachment.exists().where(waiting):
            break
        await asyncio.sleep(AGAIN)
