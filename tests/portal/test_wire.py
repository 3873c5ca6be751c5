"""Bytes on the wire, against the real server: what no client library would send ends in no 5xx and in no fall."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

HOST = b"Host: testserver.local\r\n"
FORM = HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"

RAW = {
    "bad percent": b"GET /%zz HTTP/1.1\r\n" + HOST + b"\r\n",
    "half a percent": b"GET /% HTTP/1.1\r\n" + HOST + b"\r\n",
    "not UTF-8": b"GET /%ff%fe HTTP/1.1\r\n" + HOST + b"\r\n",
    "raw bytes in the address": b"GET /\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL": b"GET /%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "raw NUL": b"GET /\0 HTTP/1.1\r\n" + HOST + b"\r\n",
    "arabic digits": b"GET /messages/%D9%A3 HTTP/1.1\r\n" + HOST + b"\r\n",
    "dots": b"GET /static/../../pyproject.toml HTTP/1.1\r\n" + HOST + b"\r\n",
    "escaped dots": b"GET /static/%2e%2e/%2e%2e/pyproject.toml HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long address": b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long query": b"GET /?q=" + b"a" * 30_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "an absolute address": b"GET http://elsewhere.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "no host": b"GET /sign-in HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /sign-in HTTP/1.1\r\n" + HOST * 2 + b"\r\n",
    "an odd host": b"GET /sign-in HTTP/1.1\r\nHost: \xff\r\n\r\n",
    "an unknown method": b"FOO /sign-in HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method of bytes": b"\xff\xfe /sign-in HTTP/1.1\r\n" + HOST + b"\r\n",
    "a cookie of bytes": b"GET /sign-in HTTP/1.1\r\n" + HOST + b"Cookie: session=\xff\xfe\r\n\r\n",
    "many cookies": b"GET /sign-in HTTP/1.1\r\n" + HOST + b"Cookie: a=b\r\n" * 50 + b"\r\n",
    "many headers": b"GET /sign-in HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 5000 + b"\r\n",
    "a header without a name": b"GET /sign-in HTTP/1.1\r\n" + HOST + b": x\r\n\r\n",
    "a folded header": b"GET /sign-in HTTP/1.1\r\n" + HOST + b"X-A: b\r\n c\r\n\r\n",
    "length and chunks": b"POST /settings/view HTTP/1.1\r\n" + FORM
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST /settings/view HTTP/1.1\r\n" + FORM + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length below nothing": b"POST /settings/view HTTP/1.1\r\n" + FORM + b"Content-Length: -1\r\n\r\n",
    "a length of words": b"POST /settings/view HTTP/1.1\r\n" + FORM + b"Content-Length: many\r\n\r\n",
    "a chunk of no size": b"POST /settings/view HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a promise of gigabytes": b"POST /settings/view HTTP/1.1\r\n" + FORM + b"Content-Length: 9999999999\r\n\r\nx",
    "cut short": b"POST /settings/view HTTP/1.1\r\n" + FORM + b"Content-Length: 100\r\n\r\nx",
    "an unknown version": b"GET /sign-in HTTP/9.9\r\n" + HOST + b"\r\n",
    "no HTTP at all": b"hello\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
    "nothing": b"\r\n\r\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def server(pool: None) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "asgi", "--port", str(port), "--no-ws"]
    settings = {"MODE": "development", "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(
        [*command, "--log-level", "error", "portal.asgi:app"], env={**os.environ, **settings}, start_new_session=True
    )
    wait_for(port)
    yield process, port
    process.terminate()
    process.wait(20)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            if say(port, b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n").startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def say(port: int, words: bytes) -> bytes:
    """What comes back, or nothing where the server hangs up or goes on waiting for the rest."""
    with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
        try:
            line.sendall(words)
            return line.recv(65536)
        except (ConnectionError, TimeoutError):
            return b""


@pytest.mark.parametrize("name", RAW)
def test_whatever_comes_the_server_stands(server: tuple[subprocess.Popen[bytes], int], name: str) -> None:
    process, port = server

    answer = say(port, RAW[name])

    assert not answer.startswith(b"HTTP/1.1 5"), answer[:200]
    assert b"pyproject" not in answer.partition(b"\r\n\r\n")[2]
    assert say(port, b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n").startswith(b"HTTP/1.1 200")
    assert process.poll() is None


def test_megabytes_do_not_stay(server: tuple[subprocess.Popen[bytes], int]) -> None:
    """What grew a bare Litestar by nearly a gigabyte: large bodies, each another one."""
    _, port = server
    before = memory_of_children(server[0].pid)

    for number in range(60):
        body = b"a=" + str(number).encode() * 2_000_000
        head = b"POST /settings/view HTTP/1.1\r\n" + FORM + b"Content-Length: " + str(len(body)).encode()
        say(port, head + b"\r\n\r\n" + body)

    assert memory_of_children(server[0].pid) - before < 60_000_000


def memory_of_children(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        pytest.skip("without /proc the memory of another process cannot be read")
    pages = [int(Path(f"/proc/{child}/statm").read_text().split()[1]) for child in children.read_text().split()]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")
