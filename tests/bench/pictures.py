"""A photo of twelve megapixels on its way from the store to the store, beside what Pillow alone takes for the same."""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from PIL import Image
from tests.bench import process_time

from domain.model import Attachment
from workers import storage
from workers.picture_child import METHOD, QUALITY, SIZES
from workers.pictures import Darkroom, developed

WIDTH, HEIGHT = 4000, 3000
ROUNDS = 7


@dataclass(frozen=True)
class Photographs:
    """Seconds for one photo: the first of a message, whose child has to start; every further one; and Pillow alone.

    `cpu` are those of the processor, which busy neighbours change least.
    """

    first: float
    first_cpu: float
    next: float
    floor: float
    floor_cpu: float
    child_mb: float
    bytes: int

    @property
    def ratio(self) -> float:
        return self.first / self.floor


def photographs() -> Photographs:
    """In turns, so that a busy neighbour harms all alike."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        before = os.environ["STORAGE_URL"]
        os.environ["STORAGE_URL"] = folder.as_uri()
        try:
            return asyncio.run(measured(folder, photo()))
        finally:
            os.environ["STORAGE_URL"] = before


async def measured(folder: Path, content: bytes) -> Photographs:
    kept = await storage.keep(content)
    attachment = Attachment(_ignore_missing=True, content_hash=kept.hash, kind="jpeg", edit=None)
    source = folder / "photo.jpg"
    source.write_bytes(content)
    first, following, floor, child = [], [], [], 0.0
    for _ in range(ROUNDS):
        began, used = time.perf_counter(), processor()
        async with Darkroom() as darkroom:
            await developed(attachment, darkroom)
            seconds = time.perf_counter() - began
            assert darkroom.child
            child = max(child, process_time.megabytes(darkroom.child.pid, "VmHWM"))
        first.append((seconds, processor() - used))
        async with Darkroom() as darkroom:
            await developed(attachment, darkroom)
            began = time.perf_counter()
            await developed(attachment, darkroom)
            following.append(time.perf_counter() - began)
        began, used = time.perf_counter(), processor()
        by_pillow_alone(source, folder)
        floor.append((time.perf_counter() - began, processor() - used))
    return Photographs(*middle(first), median(following), *middle(floor), child, len(content))


def processor() -> float:
    """What this process and everything it started have used."""
    return process_time.seconds(os.getpid())


def middle(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return median(seconds for seconds, _ in pairs), median(cpu for _, cpu in pairs)


def by_pillow_alone(source: Path, into: Path) -> None:
    """The same sizes, format and quality; Pillow's own way of making a picture smaller."""
    with Image.open(source) as picture:
        for name, side in SIZES.items():
            picture.thumbnail((side, side))
            picture.save(into / name, "WEBP", quality=QUALITY, method=METHOD)


def photo() -> bytes:
    """As large a file as a telephone makes of such a picture: soft shapes, and the grain of its sensor."""
    whole = (WIDTH, HEIGHT)
    shapes = Image.effect_noise((WIDTH // 8, HEIGHT // 8), 90).resize(whole, Image.Resampling.BICUBIC)
    light, grain = Image.linear_gradient("L").resize(whole), Image.effect_noise(whole, 20)
    bands = (Image.blend(shapes, grain, 0.3), Image.blend(light, shapes, 0.5), Image.blend(shapes, light, 0.3))
    file = BytesIO()
    Image.merge("RGB", bands).save(file, "JPEG", quality=88)
    return file.getvalue()
