"""What would become of a file that somebody attaches (R13, R14): said by the same child process, and kept nowhere."""

import stat
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.rulebook import Limits
from domain.wording import N_
from workers import papers, storage
from workers.pictures import REASONS, Darkroom, NoTime

NOT_A_KIND = N_(
    "Only JPEG, PNG, TIFF and HEIC photos and PDF scans can be attached (clause 4.1). Save the picture as JPEG, "
    "the document as PDF."
)
EMPTY = N_("The file is empty.")
TOO_LARGE = N_("The file is too large.")
NO_FILE = N_("There is no such file, or it cannot be read.")
TRIES = 3
HEAD_BYTES = storage.SIGNATURE_BYTES


@dataclass(frozen=True)
class Found:
    """`reason` is a msgid where the file is refused.

    A photo is measured in pixels, a scan in PDF by its first page, in points; its marks are what the copy is made
    without that everybody but officials gets.
    """

    outcome: str
    kind: str | None = None
    reason: str | None = None
    width: int | None = None
    height: int | None = None
    marks: list[str] = field(default_factory=list)


def refused(reason: str, kind: str | None = None) -> Found:
    return Found("refused", kind, reason)


async def inspect(file: str, darkroom: Darkroom, reading_room: Darkroom) -> Found:
    try:
        head, size = beginning(Path(file))
    except (OSError, ValueError):  # a name with a NUL is a ValueError
        return refused(NO_FILE)
    kind, wrong = first_look(head, size, bytes_at_most=Limits.files_bytes)
    if wrong or kind is None:
        return refused(wrong or NOT_A_KIND, kind)
    return await measured(Path(file), kind, reading_room if kind == "pdf" else darkroom)


def first_look(head: bytes, size: int, *, bytes_at_most: int) -> tuple[str | None, str | None]:
    """What the first bytes (HEAD_BYTES of them) say the file is, and why it is not taken, if there is a reason."""
    kind = storage.kind_of(head)
    if size == 0:
        return None, EMPTY
    if kind is None:
        return None, NOT_A_KIND
    return kind, TOO_LARGE if size > bytes_at_most else None


def beginning(path: Path) -> tuple[bytes, int]:
    """The first bytes and the size; a pipe or a device is no file, and reading it might never end."""
    told = path.stat()
    if not stat.S_ISREG(told.st_mode):
        raise OSError("not an ordinary file")
    with path.open("rb") as opened:
        return opened.read(HEAD_BYTES), told.st_size


async def measured(path: Path, kind: str, room: Darkroom) -> Found:
    with tempfile.TemporaryDirectory(prefix="otklik-inspect-") as folder:
        result: dict[str, Any] = await patiently(lambda: room.develop(path, kind, Path(folder)))
    if "refused" in result:
        return refused((papers.REASONS if kind == "pdf" else REASONS)[result["refused"]], kind)
    return Found("accepted", kind, None, result["width"], result["height"], list(result["marks"]))


async def patiently(develop: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """The portal tries again for days on a machine that is too busy; here somebody waits."""
    for _ in range(TRIES):
        with suppress(NoTime):
            return await develop()
    return {"refused": "heavy"}
