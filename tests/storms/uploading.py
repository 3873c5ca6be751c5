"""Somebody who sends files, each by a request of its own, and then the message that they belong to."""

import asyncio
import base64
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
    """With scripts each file goes by itself when it is chosen, without them with the form that it was chosen in."""

    client: httpx.AsyncClient
    sending: Sending
    scripts: bool
    uploads: list[Upload] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    unsent: int = 0

    async def send(self, files: Sequence[Hostile]) -> None:
        """The files come one by one; then the form is sent with its words, and they are prepared."""
        key, kept = uuid4(), list[UUID]()
        new = []
        for file in files:
            began = time.monotonic()
            status, id = await (self.by_itself(key, file) if self.scripts else self.with_form(key, kept, file))
            kept += [id] if id else []
            new.append(Upload(file, status, time.monotonic() - began, id))
        began = time.monotonic()
        sent = await self.post(key, kept, TEXT, None)
        self.unsent += sent.status_code != 303
        if kept and sent.status_code == 303:
            await prepared(kept)
        for upload in new:
            upload.seconds += (time.monotonic() - began) / len(new)
        self.uploads += new

    async def by_itself(self, key: UUID, file: Hostile) -> tuple[int, UUID | None]:
        """By tus, the content in the request that begins the upload."""
        said = {"filename": file.name.encode("utf-8", "replace"), "key": str(key).encode()}
        about = ",".join(f"{name} {base64.b64encode(value).decode()}" for name, value in said.items())
        headers = {"Host": HOST, **self.sending.headers, "Tus-Resumable": "1.0.0", "Upload-Metadata": about}
        headers |= {"Upload-Length": str(len(file.content)), "Content-Type": "application/offset+octet-stream"}
        headers["X-CSRF-Token"] = self.sending.csrf_token
        begun = await self.client.post("/uploads", content=file.content, headers=headers)
        self.statuses.append(begun.status_code)
        if begun.status_code != 201:
            return begun.status_code, None
        row = await self.client.get(begun.headers["location"], headers={"Host": HOST, **self.sending.headers})
        self.statuses.append(row.status_code)
        return begun.status_code, came(row.text, [])

    async def with_form(self, key: UUID, kept: Sequence[UUID], file: Hostile) -> tuple[int, UUID | None]:
        """A form that has no words yet keeps its files."""
        answer = await self.post(key, kept, "", file)
        return answer.status_code, came(answer.text, kept)

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


def came(page: str, before: Sequence[UUID]) -> UUID | None:
    """The file that the page offers and did not offer before."""
    return next((id for id in map(UUID, KEPT.findall(page)) if id not in before), None)


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
