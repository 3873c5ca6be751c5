"""What may be in a stored picture, and whether it stands upright."""

from collections.abc import Mapping
from pathlib import Path

from tests.hostile import SECRET, Hostile
from tests.workers.drawing import UPRIGHT, colours

from workers.inspecting import HEAD_BYTES, first_look
from workers.pictures import REASONS, Darkroom
from workers.prepared import SIZES

BYTES_AT_MOST = 50 * 2**20


async def become(file: Hostile, darkroom: Darkroom, folder: Path) -> tuple[str | None, str | None, dict[str, int]]:
    """Kind, reason and what was measured, by the door and the child as every upload meets them."""
    source = folder / "source"
    source.write_bytes(file.content)
    head = file.content[:HEAD_BYTES]
    kind, wrong = first_look(head, len(file.content), bytes_at_most=BYTES_AT_MOST)
    if wrong or kind is None:
        return kind, wrong, {}
    result = await darkroom.develop(source, kind, folder)
    return kind, REASONS[result["refused"]] if "refused" in result else None, result


def forbidden(webp: bytes) -> str | None:
    """What is in a stored picture beside its pixels: it is one chunk of them, from the first byte to the last."""
    if webp[:4] != b"RIFF" or webp[8:12] != b"WEBP":
        return "no WebP"
    if int.from_bytes(webp[4:8], "little") + 8 != len(webp):
        return "a tail"
    if webp[12:16] != b"VP8 " or int.from_bytes(webp[16:20], "little") not in (len(webp) - 20, len(webp) - 21):
        return f"chunks beside the pixels: {webp[12:16]!r}"
    return "words of the original" if SECRET in webp else None


def faults(file: Hostile, sizes: Mapping[str, bytes]) -> list[str]:
    """What is wrong with the prepared sizes of an accepted file."""
    found = []
    for size, webp in sizes.items():
        if trouble := forbidden(webp):
            found.append(f"{size}: {trouble}")
        if file.upright and colours(webp) != UPRIGHT:
            found.append(f"{size}: not upright, {colours(webp)}")
    return found


def made_in(folder: Path) -> dict[str, bytes]:
    return {size: (folder / size).read_bytes() for size in SIZES}
