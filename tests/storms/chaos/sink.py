"""A mail server in a process of its own: `python -m tests.storms.chaos.sink PORT FILE` writes a line for each letter.

The line is there before the letter is accepted, so whoever kills this process loses nothing that was promised.
"""

import asyncio
import json
import os
import re
import sys
import time
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session

# A letter takes its time, so that some are always half-way when a process dies.
SLOWEST = 0.1
LINK = re.compile(r"/answers/([\w.-]+)")


@dataclass(frozen=True)
class Letter:
    """`about` names its message, `link` is the token that opens the answer, in the letter that brings one."""

    id: str
    about: str
    to: str
    sha: str
    at: float
    link: str | None


class Sink:
    def __init__(self, file: Path) -> None:
        self.file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.chance = Random(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.chance.uniform(0, SLOWEST))
        content = cast(bytes, envelope.content)
        message = message_from_bytes(content, policy=default)
        body = message.get_body(("plain",))
        link = LINK.search(body.get_content() if body else "")
        sha = sha256(content).hexdigest()
        for to in envelope.rcpt_tos:
            letter = Letter(
                message["Message-ID"], message["In-Reply-To"], to, sha, time.time(), link[1] if link else None
            )
            os.write(self.file, json.dumps(asdict(letter)).encode() + b"\n")
        return "250 OK"


class Mail:
    """What is accepted into a file, read as it grows."""

    def __init__(self, file: Path) -> None:
        self.file, self.read = file, 0

    def fresh(self) -> list[Letter]:
        """What was accepted since this was asked last; of a line that is half written nothing yet."""
        if not self.file.exists():
            return []
        with self.file.open("rb") as lines:
            lines.seek(self.read)
            whole = lines.read().rpartition(b"\n")[0].splitlines(keepends=True)
        self.read += sum(map(len, whole)) + bool(whole)
        return [Letter(**json.loads(line)) for line in whole]


def letters(file: Path) -> list[Letter]:
    """What was accepted so far."""
    return Mail(file).fresh()


async def serve(port: int, file: Path) -> None:
    sink = Sink(file)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink", enable_SMTPUTF8=True), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
