"""The child process that opens PDFs of strangers (§4.1): the limits and the protocol are those of pictures.

A job names the source and the folder. Without a page it makes `safe`, which everybody but the officials of the case
gets, and the three sizes of its first page; with a page `page`, which is a picture of that page of a safe document.
"""

from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Pdf
from PIL import Image
from pypdfium2 import raw

from workers.paper_copy import copied
from workers.paper_finds import finds
from workers.paper_streams import TooMuch
from workers.picture_child import METHOD, QUALITY, SIZES, Refused, serve, write

PAGES_AT_MOST = 500
OBJECTS_AT_MOST = 300_000
POINTS_AT_MOST = 14_400  # a side of a page: two hundred inches, the most that Acrobat knows
PAGE_SIDE = 1280  # pixels of a page that is not the first: enough to read an A4
SHARPNESS = 200 / 72  # pixels for a point, for pages smaller than a sheet


def main() -> None:
    serve(work)


def work(job: dict[str, Any]) -> dict[str, Any]:
    source, into = Path(job["source"]), Path(job["into"])
    if job.get("page"):
        return one_page(source, into, job["page"])
    try:
        told = made_safe(source, into / "flat", into / "safe")
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    except TooMuch:
        raise Refused("heavy") from None
    document = pypdfium2.PdfDocument(into / "safe")
    if len(document) != told["pages"]:
        raise Refused("damaged")
    width, height = document[0].get_size()
    write(drawn(document, 0, SIZES["large"]), into)
    return {**told, "width": round(width), "height": round(height)}


def one_page(source: Path, into: Path, page: int) -> dict[str, Any]:
    picture = drawn(pypdfium2.PdfDocument(source), page - 1, PAGE_SIDE)
    picture.save(into / "page", "WEBP", quality=QUALITY, method=METHOD)
    return {"page": page}


def made_safe(source: Path, flat: Path, safe: Path) -> dict[str, Any]:
    with pikepdf.open(source) as original:
        refuse_giants(original)
        told = {"pages": len(original.pages), "marks": dict.fromkeys(finds(original), 1)}
        noted = [at for at, page in enumerate(original.pages) if isinstance(page.obj.get("/Annots"), Array)]
    if noted:
        flatten(source, flat, noted)
    with pikepdf.open(flat if noted else source) as plain:
        copied(plain).save(safe, object_stream_mode=pikepdf.ObjectStreamMode.generate, static_id=True)
    return told


def refuse_giants(original: Pdf) -> None:
    if len(original.objects) > OBJECTS_AT_MOST:
        raise Refused("heavy")
    if not len(original.pages):
        raise Refused("damaged")
    if len(original.pages) > PAGES_AT_MOST:
        raise Refused("long")
    for page in original.pages:
        left, bottom, right, top = (float(each) for each in page.mediabox)
        unit = float(page.obj.get("/UserUnit", 1))
        if not min(abs(right - left), abs(top - bottom)) * unit > 0:
            raise Refused("damaged")
        if max(abs(right - left), abs(top - bottom)) * unit > POINTS_AT_MOST:
            raise Refused("giant")


def flatten(source: Path, flat: Path, pages: list[int]) -> None:
    """What is written into fields and notes becomes part of the page, as it looks on the screen."""
    document = pypdfium2.PdfDocument(source)
    document.init_forms()
    for number in pages:
        page = document[number]
        page.render(scale=1 / max(page.get_size()))  # what has no look of its own gets one when it is first drawn
        if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_FAIL:
            raise Refused("damaged")
        page.close()
    document.save(flat)


def drawn(document: pypdfium2.PdfDocument, number: int, side: int) -> Image.Image:
    page = document[number]
    scale = min(side / max(page.get_size()), SHARPNESS)
    return page.render(scale=scale).to_pil().convert("RGB")
