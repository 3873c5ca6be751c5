"""ClamAV looks at every file before anybody decodes it, where CLAMAV_URL names its socket; else nothing is scanned.

The protocol is spoken here, because the client library knows no Unix sockets: a word, pieces with their lengths, a
piece of nothing, and one line back.
"""

import asyncio
import os
from asyncio import StreamReader, StreamWriter
from urllib.parse import unquote, urlsplit

from domain.wording import N_
from workers import storage

HARMFUL = N_("The antivirus has found something harmful in the file. Check the device that it comes from.")
PORT = 3310
CONNECT_SECONDS, ANSWER_SECONDS = 3, 60


class NotScanned(Exception):
    """The antivirus is away or says no sense: the file waits, and is neither passed nor lost."""


async def is_harmful(hash: str) -> bool:
    url = os.environ.get("CLAMAV_URL")
    return await scanned(url, hash) if url else False


async def scanned(url: str, hash: str) -> bool:
    try:
        reader, writer = await asyncio.wait_for(opened(url), CONNECT_SECONDS)
        try:
            said = await asyncio.wait_for(conversation(reader, writer, hash), ANSWER_SECONDS)
        finally:
            writer.close()
    except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError) as trouble:
        raise NotScanned(f"no answer from {url}: {trouble!r}") from trouble
    if said.endswith(b" FOUND"):
        return True
    if said == b"stream: OK":
        return False
    raise NotScanned(f"{url} says {said!r}")


async def opened(url: str) -> tuple[StreamReader, StreamWriter]:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return await asyncio.open_unix_connection(unquote(parts.path))
    return await asyncio.open_connection(parts.hostname, parts.port or PORT)


async def conversation(reader: StreamReader, writer: StreamWriter, hash: str) -> bytes:
    writer.write(b"zINSTREAM\0")
    async for piece in storage.stream(hash):
        writer.write(len(piece).to_bytes(4) + piece)
        await writer.drain()
    writer.write(bytes(4))
    await writer.drain()
    return (await reader.readuntil(b"\0"))[:-1]
