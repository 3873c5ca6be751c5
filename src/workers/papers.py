"""A scan in PDF becomes a document that can be handed out (§4.1): rewritten by a child process, with pictures of it.

The original stays in the store for the case, and only its officials take it away.
"""

import asyncio
import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.events import as_json
from domain.model import Attachment
from domain.wording import N_
from workers import storage
from workers.prepared import SIZES, keep

if TYPE_CHECKING:
    from workers.pictures import Darkroom

log = logging.getLogger(__name__)

CHILD = "workers.paper_child"
DOCUMENT = "document"
PAGES_SHOWN = 20  # of the longest document; the rest are read in the document itself

REASONS = {
    "locked": N_("The document opens only with a password. Save it without one and send it again."),
    "damaged": N_("The document is damaged and cannot be opened. Save it as PDF anew and send it again."),
    "long": N_("The document has more than 500 pages. Send the pages that matter."),
    "giant": N_("A page of the document is larger than five metres. Save it as A4 or A3 and send it again."),
    "heavy": N_("The document takes too long to open. Print it into a new PDF and send that."),
}


async def made_safe(attachment: Attachment, reading_room: "Darkroom") -> dict[Any, Any]:
    """What is to be noted of the file: the document that is handed out and its pages, or why it is refused."""
    with tempfile.TemporaryDirectory(prefix="otklik-paper-") as name:
        folder = Path(name)
        source = folder / "original"
        await asyncio.to_thread(source.write_bytes, await storage.read(attachment.content_hash))
        result = await reading_room.ask({"source": str(source), "into": name})
        if "refused" in result:
            log.info("%s is refused as %s: %r", attachment.id, result["refused"], result.get("detail"))
            return {"state": "refused", "reason": REASONS[result["refused"]]}
        kept = {size: await keep(folder / size) for size in SIZES}
        kept[DOCUMENT] = await keep(folder / "safe")
        kept |= await other_pages(folder, result["pages"], reading_room)
    measured = {"width": result["width"], "height": result["height"], "pages": result["pages"]}
    return {"state": "ready", "sizes": as_json(kept), "marks": as_json(result["marks"]), **measured}


async def other_pages(folder: Path, pages: int, reading_room: "Darkroom") -> dict[str, str]:
    """Each is a job with seconds of its own; a page that nobody can draw is not shown."""
    kept = {}
    for page in range(2, min(pages, PAGES_SHOWN) + 1):
        drawn = await reading_room.ask({"source": str(folder / "safe"), "into": str(folder), "page": page})
        if "refused" not in drawn:
            kept[f"page-{page}"] = await keep(folder / "page")
    return kept
