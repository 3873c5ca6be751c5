"""A file spoiled as transmission, old disks and attackers spoil files; the same chance spoils it the same way."""

import struct
from collections.abc import Callable, Sequence
from random import Random

Spoil = Callable[[bytes, bytes, Random], bytes]
MARKERS = tuple(bytes([0xFF, each]) for each in (0xD8, 0xD9, 0xDA, 0xC0, 0xC2, 0xC4, 0xDB, 0xDD, 0xE1, 0xFE))
NUMBERS = (0, 1, 2, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1)


def mutated(content: bytes, other: bytes, chance: Random) -> bytes:
    for spoil in chance.choices(SPOILS, k=chance.randint(1, 4)):
        content = spoil(content, other, chance)
    return content


def somewhere(content: bytes, chance: Random) -> int:
    """More often in the beginning, where a file says what it is."""
    end = len(content) if chance.random() < 0.5 else min(len(content), 400)
    return chance.randrange(end) if end else 0


def bits(content: bytes, other: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20, 200)) if content else 0):
        changed[somewhere(content, chance)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(content: bytes, other: bytes, chance: Random) -> bytes:
    return content[: somewhere(content, chance)]


def without(content: bytes, other: bytes, chance: Random) -> bytes:
    at = somewhere(content, chance)
    return content[:at] + content[at + chance.randint(1, 500) :]


def spliced(content: bytes, other: bytes, chance: Random) -> bytes:
    start = somewhere(other, chance)
    at = somewhere(content, chance)
    return content[:at] + other[start : start + chance.randint(1, 3000)] + content[at:]


def number(content: bytes, other: bytes, chance: Random) -> bytes:
    """A length, a count, an offset or a measure becomes another one."""
    order, size = chance.choice("<>"), chance.choice((2, 4))
    value = chance.choice(NUMBERS) % 2 ** (8 * size)
    at = somewhere(content, chance)
    return content[:at] + struct.pack(order + ("H" if size == 2 else "I"), value) + content[at + size :]


def marker(content: bytes, other: bytes, chance: Random) -> bytes:
    at = somewhere(content, chance)
    return content[:at] + chance.choice(MARKERS) + content[at:]


def reordered(content: bytes, other: bytes, chance: Random) -> bytes:
    """Two pieces change their places; of a PNG its chunks, of anything else what lies between two cuts."""
    pieces = chunks(content) if content.startswith(b"\x89PNG") else thirds(content, chance)
    one, two = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[one], pieces[two] = pieces[two], pieces[one]
    return content[:8] + b"".join(pieces) if content.startswith(b"\x89PNG") else b"".join(pieces)


def chunks(png: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(png):
        size = 12 + int.from_bytes(png[at : at + 4])
        found.append(png[at : at + size])
        at += size
    return found or [b""]


def thirds(content: bytes, chance: Random) -> list[bytes]:
    one, two = sorted((somewhere(content, chance), somewhere(content, chance)))
    return [content[:one], content[one:two], content[two:]]


def doubled(content: bytes, other: bytes, chance: Random) -> bytes:
    at = somewhere(content, chance)
    piece = content[at : at + chance.randint(1, 2000)]
    return content[:at] + piece * chance.randint(2, 20) + content[at:]


def blanked(content: bytes, other: bytes, chance: Random) -> bytes:
    at, size = somewhere(content, chance), chance.randint(1, 300)
    return content[:at] + bytes([chance.choice((0, 255))]) * min(size, len(content) - at) + content[at + size :]


SPOILS: Sequence[Spoil] = (bits, bits, cut, without, spliced, number, number, marker, reordered, doubled, blanked)
