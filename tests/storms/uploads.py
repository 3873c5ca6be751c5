"""Forty uploads of fifty megabytes at once, by forms and in pieces: the memory that the web process takes (R13).

`python -m tests.storms.uploads [--count 40] [--megabytes 50]` prints the figures; the exit code is 1 when the goal is
missed.
"""

import argparse
import asyncio
import base64
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from tests.bench.process_time import family
from tests.bench.servers import house, postgres, serving

from domain.database import close_pool, open_pool
from domain.migrating import migrate
from domain.model import Attachment, Person
from domain.moves import Role
from portal.embedded.surroundings import free_port
from portal.town import people

GOAL_MB = 300
CHUNK = 64 * 2**10
TUS_CHUNK = 4 * 2**20
PEOPLE = 8
OTKLIK = str(Path(sys.executable).parent / "otklik")
HEAD = b"\xff\xd8\xff\xe0\x00\x10JFIF"
Send = Callable[[httpx.AsyncClient, bytes], Coroutine[Any, Any, None]]
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass
class Result:
    way: str
    count: int
    seconds: float
    before_mb: float
    peak_mb: float

    def __str__(self) -> str:
        return (
            f"{self.way:10} {self.count:3} uploads in {self.seconds:6.1f} s, "
            f"memory {self.before_mb:4.0f} MB before, {self.peak_mb:4.0f} MB at most (goal < {GOAL_MB} MB)"
        )


def memory(root: int) -> float:
    """Of the web process and what it started, in MB, counting once what they share."""
    return sum(pss(pid) for pid in family(root))


def pss(pid: int) -> float:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def content(size: int) -> bytes:
    """A photo as far as anybody looks while it comes, and no two alike."""
    return HEAD + os.urandom(CHUNK - len(HEAD)) + bytes(size - CHUNK)


async def in_chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        for at in range(0, len(part), CHUNK):
            yield part[at : at + CHUNK]


async def by_form(client: httpx.AsyncClient, body: bytes) -> None:
    """A form that does not fit: its files are kept and nothing is sent."""
    head = f'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n{uuid4()}\r\n'
    head += '--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    length = len(head) + len(body) + len(b"\r\n--b--\r\n")
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(length)}
    sent = in_chunks(head.encode(), body, b"\r\n--b--\r\n")
    answer = await client.post("/messages", content=sent, headers=headers)
    assert answer.status_code == 422, (answer.status_code, answer.text[:500])


async def in_pieces(client: httpx.AsyncClient, body: bytes) -> None:
    key = base64.b64encode(str(uuid4()).encode()).decode()
    about = {**TUS, "Upload-Length": str(len(body)), "Upload-Metadata": f"filename YS5qcGc=,key {key}"}
    begun = await client.post("/uploads", headers=about)
    assert begun.status_code == 201, begun.text
    for at in range(0, len(body), TUS_CHUNK):
        piece = body[at : at + TUS_CHUNK]
        headers = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(at)}
        headers["Content-Length"] = str(len(piece))
        answer = await client.patch(begun.headers["location"], content=in_chunks(piece), headers=headers)
        assert answer.status_code == 204, (answer.status_code, answer.text[:500])


async def storm(way: str, send: Send, who: list[httpx.AsyncClient], pid: int, *, count: int, size: int) -> Result:
    before = peak = memory(pid)
    began = time.monotonic()
    # Zeros after the head: the storm itself would otherwise need as much memory as it forbids.
    sending = [asyncio.create_task(send(who[n % len(who)], content(size))) for n in range(count)]
    while not all(task.done() for task in sending):
        peak = max(peak, memory(pid))
        await asyncio.sleep(0.1)
    await asyncio.gather(*sending)
    return Result(way, count, time.monotonic() - began, before, max(peak, memory(pid)))


async def signed_in(address: str, people: list[Person]) -> list[httpx.AsyncClient]:
    clients = []
    for person in people:
        client = httpx.AsyncClient(base_url=address, timeout=600, headers={"Origin": address})
        assert (await client.post(f"/sign-in/people/{person.id}")).status_code == 303
        token = re.search(r"X-CSRF-Token[^0-9a-f]+([0-9a-f]{64})", (await client.get("/nowhere")).text)
        assert token
        client.headers["X-CSRF-Token"] = token[1]
        clients.append(client)
    return clients


async def settled() -> list[Person]:
    await migrate()
    await open_pool()
    everybody = await people.fill(at=datetime.now(UTC))
    return [person for person in everybody.values() if person.role == Role.CITIZEN][:PEOPLE]


async def storms(address: str, pid: int, writers: list[Person], *, count: int, size: int) -> list[Result]:
    """One way after the other, each by the same people, whose files are counted and forgotten in between."""
    who = await signed_in(address, writers)
    results = []
    for way, send in (("by form", by_form), ("in pieces", in_pieces)):
        results.append(await storm(way, send, who, pid, count=count, size=size))
        kept = await Attachment.count().where(Attachment.size == size)
        assert kept == count, f"{kept} of {count} files have come"
        await Attachment.delete(force=True)
    for client in who:
        await client.aclose()
    return results


async def run(count: int, size: int) -> list[Result]:
    with house() as place, postgres(place, durable=True) as server, ExitStack() as stack:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        os.environ.update(MODE="development", PUBLIC_URL=address, DATABASE_URL=server.url)
        writers = await settled()
        web = stack.enter_context(serving("web", [OTKLIK, "web"], place.data, port=port))
        results = await storms(address, web.pid, writers, count=count, size=size)
        await close_pool()
    return results


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=40)
    words.add_argument("--megabytes", type=int, default=50)
    chosen = words.parse_args()
    results = asyncio.run(run(chosen.count, chosen.megabytes * 2**20))
    for result in results:
        print(result)  # noqa: T201
    sys.exit(any(result.peak_mb >= GOAL_MB for result in results))


if __name__ == "__main__":
    main()
