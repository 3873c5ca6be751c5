"""The streams of a PDF without what hides in them: tails after the data, and what a camera wrote into a picture."""

import zlib
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

# What can be undone here; the rest are pictures, which stay packed as they are.
PLAIN = {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"}
PLAIN |= {"/RunLengthDecode", "/RL"}
JPEG, JPEG_2000 = ("/DCTDecode", "/DCT"), ("/JPXDecode",)
PICTURES = {*JPEG, *JPEG_2000, "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}
UNPACKED_AT_MOST = 2**28  # of one stream: an A3 page in colours at 600 dpi takes 209 MB
PIECE = 2**16
BOXES = (b"jP  ", b"ftyp", b"jp2h", b"jp2c")  # of JPEG 2000: what the picture is, and the picture

Bare = tuple[bytes, str, Object | None]


class TooMuch(Exception):
    """A stream that unpacks to more than any page needs."""


def bare(stream: Stream) -> Bare:
    """The data of the stream, and the filter that is left on it with its parameters."""
    filters, parms = [str(each) for each in listed(stream.get("/Filter"))], listed(stream.get("/DecodeParms"))
    parms += [None] * (len(filters) - len(parms))
    data = stream.read_raw_bytes()
    if filters == ["/FlateDecode"]:
        return trimmed(data), filters[0], parms[0]
    packed = len(filters) if not filters or filters[-1] in PLAIN else len(filters) - 1
    if not set(filters[:packed]) <= PLAIN:
        raise ValueError("a stream with filters that pages do not have")
    if packed:
        data = unpacked(data, filters[:packed], parms[:packed])
    if packed == len(filters):
        return zlib.compress(data), "/FlateDecode", None
    last = filters[-1]
    if last not in PICTURES:
        raise ValueError(f"a stream with the filter {last}")
    if last in JPEG:
        data = bare_jpeg(data)
    return bare_boxes(data) if last in JPEG_2000 else data, last, parms[-1]


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def trimmed(data: bytes) -> bytes:
    """Packed data up to its own end; what is broken is packed anew, as far as it can be read."""
    reader, size = zlib.decompressobj(), 0
    try:
        for start in range(0, len(data), PIECE):
            size += length(reader, data[start : start + PIECE], size)
            if reader.eof:
                return data[: start + PIECE][: -len(reader.unused_data) or None]
    except zlib.error:
        return zlib.compress(readable(data))
    return data


def length(reader: Any, packed: bytes, before: int) -> int:
    """How much this piece unpacks to; it is never held."""
    size = 0
    while packed:
        size += len(reader.decompress(packed, PIECE))
        limit(before + size)
        packed = reader.unconsumed_tail
    return size


def readable(data: bytes) -> bytes:
    reader, pieces = zlib.decompressobj(), bytearray()
    try:
        for start in range(0, len(data), 256):
            pieces += reader.decompress(data[start : start + 256])
            limit(len(pieces))
    except zlib.error:
        pass
    return bytes(pieces)


def limit(size: int) -> None:
    if size > UNPACKED_AT_MOST:
        raise TooMuch


def unpacked(data: bytes, filters: list[str], parms: list[Any]) -> bytes:
    if filters[0] in ("/FlateDecode", "/Fl"):
        data = trimmed(data)
    aside = Pdf.new()
    stream = aside.make_stream(data)
    names, told = [Name(each) for each in filters], [numbers(each) for each in parms]
    stream.write(data, filter=Array(names), decode_parms=Array(told))
    plain = stream.read_bytes()
    limit(len(plain))
    return plain


def numbers(parms: Any) -> Any:
    """How a filter is to be read; whatever else stands there is left."""
    if not isinstance(parms, Dictionary):
        return None
    told: Any = parms.items()
    return Dictionary({key: value for key, value in told if isinstance(value, int)})


def bare_jpeg(data: bytes) -> bytes:
    """Without comments, EXIF and everything else that is not needed to draw it, and without a tail."""
    return b"\xff\xd8" + b"".join(segments(data)) + b"\xff\xd9"


def segments(data: bytes) -> Iterator[bytes]:
    at = 2
    while (at := data.find(b"\xff", at)) >= 0 and at + 4 <= len(data):
        marker = data[at + 1]
        if marker == 0xD9:
            return
        if marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD8:
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if marker == 0xDA:
            end = scan_end(data, end)
        yield kept(marker, data[at:end])
        at = end


def scan_end(data: bytes, at: int) -> int:
    """Where the lines of a scan end: at the first marker that is neither a stuffed byte nor a restart."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] not in (0x00, 0xFF) and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 1
    return len(data)


def kept(marker: int, segment: bytes) -> bytes:
    if marker == 0xE0 and segment[4:9] == b"JFIF\0":
        return b"\xff\xe0\x00\x10" + segment[4:16].ljust(12, b"\0") + b"\0\0"  # without its thumbnail
    if marker == 0xEE and segment[4:9] == b"Adobe":
        return b"\xff\xee\x00\x0e" + segment[4:16].ljust(12, b"\0")
    return b"" if marker == 0xFE or 0xE0 <= marker <= 0xEF else segment


def bare_boxes(data: bytes) -> bytes:
    if data[4:8] != BOXES[0]:
        return data
    at, pieces = 0, []
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        size = int.from_bytes(data[at + 8 : at + 16]) if size == 1 else size or len(data) - at
        if size < 8:
            break
        pieces += [data[at : at + size]] if data[at + 4 : at + 8] in BOXES else []
        at += size
    return b"".join(pieces)
