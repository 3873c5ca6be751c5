"""What a file says of its own making is read for officials, and nothing in there can harm or refuse a picture (R17)."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from workers.picture_traces import traces

pytestmark = pytest.mark.rule("R17")
NORTH = {1: "N", 2: (50.0, 4.0, 12.0), 3: "E", 4: (43.0, 14.0, 24.0)}
XMP = '<x:xmpmeta><rdf:Description xmp:CreatorTool="{tool}" Iptc4xmpExt:DigitalSourceType="{source}"/></x:xmpmeta>'


def photo(
    *, tags: dict[int, Any] | None = None, details: dict[int, Any] | None = None, place: Any = None, **options: Any
) -> bytes:
    exif = Image.Exif()
    exif.update(tags or {})
    exif.get_ifd(0x8769).update(details or {})
    exif.get_ifd(0x8825).update(place or {})
    out = BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 150)).save(out, "JPEG", exif=exif, **options)
    return out.getvalue()


def read(content: bytes) -> dict[str, Any]:
    with Image.open(BytesIO(content)) as picture:
        return traces(picture, content)


def test_when_where_and_with_what_it_was_taken() -> None:
    taken = {0x9003: "2026:03:02 10:15:00", 0x9011: "+03:00"}

    found = read(photo(tags={0x010F: "Apple", 0x0110: "Apple iPhone 15"}, details=taken, place={**NORTH, 31: 14.2}))

    assert found == {
        "camera": "Apple iPhone 15",
        "taken_at": "2026-03-02T10:15:00+03:00",
        "latitude": 50.07,
        "longitude": 43.24,
        "within": 14,
    }


def test_a_file_without_a_word_says_nothing() -> None:
    assert read(photo()) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"details": {0x9003: "0000:00:00 00:00:00"}},
        {"details": {0x9003: "yesterday"}},
        {"place": {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}},
        {"place": {1: "N", 2: (500.0, 0.0, 0.0), 3: "E", 4: (43.0, 0.0, 0.0)}},
        {"place": {1: "N", 2: (IFDRational(1, 0), 0.0, 0.0), 3: "E", 4: (43.0, 0.0, 0.0)}},
        {"place": {1: "N"}},
    ],
)
def test_what_makes_no_sense_is_left_out_and_the_rest_is_read(wrong: dict[str, Any]) -> None:
    assert read(photo(tags={0x0110: "Phone"}, **wrong)) == {"camera": "Phone"}


@pytest.mark.parametrize("software", ["Adobe Photoshop 25.1 (Windows)", "GIMP 2.10.36", "Snapseed 2.0"])
def test_an_editor_is_named_by_the_name_that_it_left(software: str) -> None:
    assert read(photo(tags={0x0131: software}))["editors"] == [software]
    assert read(photo(xmp=XMP.format(tool=software, source="").encode()))["editors"] == [software]


@pytest.mark.parametrize("software", ["17.1.2", "HDR+ 1.0.540", "A536BXXU5CWH1", "MediaTek Camera Application"])
def test_the_firmware_of_a_camera_is_no_editor(software: str) -> None:
    assert "editors" not in read(photo(tags={0x0131: software}))


def block(*resources: int) -> bytes:
    """A JPEG with the resources of Photoshop that have these numbers."""
    each = b"".join(b"8BIM" + number.to_bytes(2) + bytes(2) + (2).to_bytes(4) + b"xx" for number in resources)
    body = b"Photoshop 3.0\0" + each
    plain = photo()
    return plain[:2] + b"\xff\xed" + (len(body) + 2).to_bytes(2) + body + plain[2:]


def test_a_block_of_photoshop_is_a_trace_unless_it_only_carries_iptc() -> None:
    assert read(block(0x0404, 0x040C))["editors"] == ["Adobe Photoshop"]
    assert read(block(0x0404)) == {}


def test_what_a_model_has_made_says_so_in_two_ways() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("parameters", "a street without potholes, steps: 20")
    out = BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG", pnginfo=words)

    assert read(out.getvalue())["generated"]
    assert read(photo(xmp=XMP.format(tool="", source="http://cv.iptc.org/trainedAlgorithmicMedia").encode()))[
        "generated"
    ]


def test_credentials_are_noted_and_not_believed() -> None:
    plain, body = photo(), b"JP\0\0\0\1jumbf\0c2pa"

    signed = plain[:2] + b"\xff\xeb" + (len(body) + 2).to_bytes(2) + body + plain[2:]

    assert read(signed) == {"credentials": True}
