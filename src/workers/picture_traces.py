"""What a file says of its own making (§4.2, R17): when and where it was taken, by which camera, in which editor.

All of it is somebody's word: a camera's clock may be wrong, and whoever wants to can write anything here. It is told
to officials as a reason to look, and proves nothing. What says too little is left out: a block of Photoshop that holds
only IPTC is written by many archives and networks, tables of quantisation are shared by cameras and editors, and the
name of a camera's own firmware is no editor. Signed credentials (C2PA) are noted and not verified.
"""

import math
import re
from collections.abc import Iterable
from typing import Any

from PIL import Image

Found = dict[str, Any]

MAKE, MODEL, SOFTWARE, DETAILS, PLACE = 0x010F, 0x0110, 0x0131, 0x8769, 0x8825
TAKEN_AT, ZONE = 0x9003, 0x9011  # DateTimeOriginal and OffsetTimeOriginal
NORTH_OR_SOUTH, LATITUDE, EAST_OR_WEST, LONGITUDE, ERROR_METRES = 1, 2, 3, 4, 31

EDITORS = (
    "Photoshop", "Lightroom", "GIMP", "Snapseed", "PicsArt", "Pixelmator", "Affinity", "Paint.NET", "Canva", "VSCO",
    "FaceApp", "Facetune", "Luminar", "Meitu", "AirBrush", "YouCam", "Fotor", "Pixlr", "PhotoScape", "PhotoDirector",
    "darktable", "RawTherapee", "Capture One", "Krita", "CorelDRAW", "PaintShop", "Photopea", "Remini", "ACDSee",
    "Inkscape", "Firefly", "Midjourney", "DALL", "Stable Diffusion",
)  # fmt: skip
NAMES = re.compile("|".join(re.escape(name) for name in EDITORS), re.IGNORECASE)
WRITTEN_BY = re.compile(rb"(?:CreatorTool|softwareAgent)(?:=[\"']|>)([^\"'<]{1,200})")
GENERATED = b"trainedAlgorithmicMedia"  # the IPTC word for "made by a model"; also as the end of "compositeWith…"
IPTC_ALONE = {0x0404, 0x0425}  # the record itself and its digest
CREDENTIALS = (b"jumbf", b"c2pa")
LONGEST = 60
STAMP = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
OFFSET = re.compile(r"[+-]\d\d:\d\d")


def traces(picture: Image.Image, content: bytes) -> Found:
    """What was found, without what was not; whatever is wrong in there costs only what it hides."""
    found: Found = {}
    for read in (camera, taken_at, place, editors, made):
        # Metadata is the most broken part of broken files, and no reason to refuse a picture that opens.
        try:
            found |= read(picture, content)
        except Exception:  # noqa: S112
            continue
    return found


def camera(picture: Image.Image, content: bytes) -> Found:
    exif = picture.getexif()
    make, model = plain(exif.get(MAKE)), plain(exif.get(MODEL))
    name = model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()
    return {"camera": name[:LONGEST]} if name else {}


def taken_at(picture: Image.Image, content: bytes) -> Found:
    """As ISO writes it; without an offset it is the hour on the wall where the camera was."""
    details = picture.getexif().get_ifd(DETAILS)
    stamp = STAMP.fullmatch(plain(details.get(TAKEN_AT)))
    if stamp is None or stamp[1] == "0000":
        return {}
    offset = plain(details.get(ZONE))
    return {"taken_at": f"{stamp[1]}-{stamp[2]}-{stamp[3]}T{stamp[4]}{offset if OFFSET.fullmatch(offset) else ''}"}


def place(picture: Image.Image, content: bytes) -> Found:
    written = picture.getexif().get_ifd(PLACE)
    latitude = degrees(written[LATITUDE], plain(written[NORTH_OR_SOUTH]) == "S")
    longitude = degrees(written[LONGITUDE], plain(written[EAST_OR_WEST]) == "W")
    # Telephones that have not found their place yet write zeros.
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or latitude == longitude == 0:
        return {}
    within = float(written.get(ERROR_METRES, 0))
    told = {"within": round(within)} if math.isfinite(within) and within > 0 else {}
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6), **told}


def degrees(written: Iterable[Any], negative: bool) -> float:
    whole, minutes, seconds = (float(each) for each in written)
    value = whole + minutes / 60 + seconds / 3600
    return -value if negative else value


def editors(picture: Image.Image, content: bytes) -> Found:
    """Programs that change pictures, by the names that they left; each once."""
    packet = xmp(picture)
    said = [plain(picture.getexif().get(SOFTWARE)), plain(picture.info.get("Software"))]
    said += [plain(each) for each in WRITTEN_BY.findall(packet)]
    named = [each[:LONGEST] for each in said if NAMES.search(each)]
    blocks = picture.info.get("photoshop")
    if isinstance(blocks, dict) and set(blocks) - IPTC_ALONE and not any("Photoshop" in each for each in named):
        named.append("Adobe Photoshop")
    return {"editors": list(dict.fromkeys(named))[:3]} if named else {}


def made(picture: Image.Image, content: bytes) -> Found:
    generated = GENERATED in xmp(picture) or "parameters" in picture.info
    signed = all(mark in content for mark in CREDENTIALS)
    return {name: True for name, is_so in (("generated", generated), ("credentials", signed)) if is_so}


def xmp(picture: Image.Image) -> bytes:
    packet = picture.info.get("xmp") or b""
    return packet if isinstance(packet, bytes) else str(packet).encode()


def plain(written: Any) -> str:
    """Text as people can read it, whatever the camera put around it."""
    text = written.decode("utf-8", "replace") if isinstance(written, bytes) else str(written or "")
    return "".join(letter for letter in text if letter.isprintable()).strip()
