"""A real S3 server for the tests, rclone's, and a wire before it on which a test can put every trouble of a network.

rclone 1.75 answers a part of an object with 200 instead of S3's 206 (mended in gofakes3 #121), so the wire mends it.
"""

import asyncio
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx

from portal.embedded.surroundings import free_port

BUCKET = "otklik"
RCLONE = Path(sys.executable).parent / "rclone"
HEAD_END = b"\r\n\r\n"
# What the client has done to the answer already, or what is said anew.
HOP = {"connection", "content-encoding", "content-length", "transfer-encoding"}


@dataclass
class Rclone:
    """The server, its folder and its keys; started once a run, a prefix of the bucket for each test."""

    folder: Path
    port: int = field(default_factory=free_port)
    key: str = field(default_factory=lambda: secrets.token_hex(8))
    secret: str = field(default_factory=lambda: secrets.token_hex(16))

    @contextmanager
    def running(self) -> Iterator["Rclone"]:
        (self.folder / BUCKET).mkdir()
        words = ["serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{self.key},{self.secret}"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen([RCLONE, *words, "--config", "/dev/null", self.folder], **quiet)  # type: ignore[call-overload]
        try:
            self.wait()
            yield self
        finally:
            process.terminate()
            process.wait(5)

    def wait(self) -> None:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("rclone does not start")

    def url(self, port: int, prefix: str, *, bucket: str = BUCKET, secret: str | None = None) -> str:
        said = {"endpoint": f"http://127.0.0.1:{port}", "region": "us-east-1", "allow_http": "true"}
        return f"s3://{self.key}:{secret or self.secret}@{bucket}/{prefix}?{urlencode(said)}"


@dataclass
class Wire:
    """Between the portal and the server: whole, slow (seconds before each answer), answering an error, or cut."""

    server: Rclone
    slow: float = 0
    says: int | None = None
    cut: bool = False
    port: int = 0

    async def __aenter__(self) -> "Wire":
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.server.port}", timeout=30)
        self.listening = await asyncio.start_server(self.carry, "127.0.0.1", 0, limit=2**24)
        self.port = self.listening.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.listening.close()
        await self.client.aclose()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request and its answer, then the next one's connection: nothing else is needed of a wire."""
        try:
            if not self.cut:
                writer.write(await self.answer(await reader.readuntil(HEAD_END), reader))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, head: bytes, reader: asyncio.StreamReader) -> bytes:
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        method, path, _ = first.split(" ")
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        awaited = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        body = await reader.readexactly(awaited)
        await asyncio.sleep(self.slow)
        if self.says:
            return f"HTTP/1.1 {self.says} Trouble\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
        got = await self.client.request(method, path, headers=headers, content=body)
        status = 206 if "content-range" in got.headers and got.status_code == 200 else got.status_code
        kept = "".join(f"{name}: {value}\r\n" for name, value in got.headers.items() if name.lower() not in HOP)
        length = got.headers.get("content-length", 0) if method == "HEAD" else len(got.content)
        told = f"HTTP/1.1 {status} -\r\n{kept}Content-Length: {length}\r\nConnection: close\r\n\r\n"
        return told.encode() + got.content
