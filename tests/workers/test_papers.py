"""Scans in PDF (§4.1): everybody but the officials of the case gets pages, and nothing of what came with them."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Name, Stream
from PIL import Image, ImageChops, ImageStat
from tests.people import Town
from tests.stories import submitted
from tests.workers.conftest import all_delivered
from tests.workers.hostile_papers import ACTIVE, REFUSED
from tests.workers.papers import HIDDEN, paper
from tests.workers.test_pictures import prepared, received, row

from domain import attaching
from domain.database import DB
from domain.model import Attachment
from domain.piccolo_migrations import domain_0030_documents
from workers import papers, storage
from workers.inspecting import NOT_A_KIND, first_look
from workers.paper_finds import pairs
from workers.pictures import Darkroom
from workers.prepared import SIZES
from workers.spoken_of import forget_unless_spoken_of, spoken_of

pytestmark = pytest.mark.rule("R13")
STORED = pytest.mark.usefixtures("database", "storage_url")

FORBIDDEN = {
    "/OpenAction", "/AA", "/A", "/JS", "/JavaScript", "/URI", "/Launch", "/SubmitForm", "/ImportData", "/GoToR",
    "/GoToE", "/Next", "/Rendition", "/Names", "/Dests", "/AcroForm", "/XFA", "/Fields", "/EmbeddedFiles", "/EF", "/AF",
    "/FS", "/Filespec", "/Collection", "/RichMedia", "/3D", "/Movie", "/Sound", "/Screen", "/Annots", "/Annot",
    "/Metadata", "/Info", "/PieceInfo", "/LastModified", "/Thumb", "/Outlines", "/Threads", "/B", "/Trans", "/Dur",
    "/StructTreeRoot", "/MarkInfo", "/ViewerPreferences", "/PageMode", "/Perms", "/Ref", "/F", "/FFilter", "/PS",
    "/Level1", "/Encrypt", "/Kept", "/Usage", "/Order", "/Prev", "/Secret",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    original: bytes
    told: dict[str, Any]
    safe: bytes


@pytest.fixture(scope="module")
async def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Every file read by one child, as the files of one message are."""
    folder: Path = tmp_path_factory.mktemp("papers")
    found = {}
    async with Darkroom(papers.CHILD) as room:
        for number, (name, (original, _)) in enumerate({**ACTIVE, **REFUSED}.items()):
            source = placed(folder / str(number), original)
            told = await room.ask({"source": str(source), "into": str(source.parent)})
            found[name] = Outcome(original, told, made(source.parent / "safe"))
    return found


def placed(folder: Path, content: bytes) -> Path:
    folder.mkdir()
    source = folder / "original"
    source.write_bytes(content)
    return source


def made(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


@pytest.mark.parametrize("name", ACTIVE)
def test_the_document_holds_pages_and_nothing_else(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[name]

    assert set(outcome.told["marks"]) == ACTIVE[name][1]
    assert HIDDEN not in outcome.safe
    with pikepdf.open(BytesIO(outcome.safe)) as pdf:
        assert words(pdf).isdisjoint(FORBIDDEN), words(pdf) & FORBIDDEN
        assert all(HIDDEN not in content for content in streams(pdf))
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/OCProperties"}
    assert outcome.safe.startswith(b"%PDF-")
    assert outcome.safe.rstrip().endswith(b"%%EOF")


def words(pdf: pikepdf.Pdf) -> set[str]:
    """Every key of every dictionary, and every name that says what one is."""
    found = set()
    for key, value in pairs(pdf):
        found.add(str(key))
        if isinstance(value, Name):
            found.add(str(value))
    return found


def streams(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    for each in pdf.objects:
        if isinstance(each, Stream):
            yield each.read_raw_bytes()
            if each.get("/Filter") == Name.FlateDecode:
                yield each.read_bytes()


@pytest.mark.parametrize("name", ACTIVE)
def test_its_pages_say_and_look_the_same(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[name]

    before, after = seen(outcome.original), seen(outcome.safe)

    assert len(before) == len(after) == outcome.told["pages"]
    for (text, picture), (own, copy) in zip(before, after, strict=True):
        assert own.startswith(text)
        assert picture.size == copy.size
        assert max(ImageStat.Stat(ImageChops.difference(picture, copy)).mean) < 0.5


def seen(pdf: bytes) -> list[tuple[str, Image.Image]]:
    """The text of each page and its look on the screen, with what stands in its fields."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return [(page.get_textpage().get_text_bounded(), page.render(scale=1).to_pil().convert("RGB")) for page in document]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_scan_is_refused_with_a_reason(outcomes: dict[str, Outcome], name: str) -> None:
    assert outcomes[name].told["refused"] == REFUSED[name][1]
    assert outcomes[name].safe == b""


def test_every_reason_is_told_in_words(outcomes: dict[str, Outcome]) -> None:
    assert {reason for _, reason in REFUSED.values()} == set(papers.REASONS)


@pytest.mark.parametrize("before", [b"GIF89a", b"\n", b"<html>", b"\xef\xbb\xbf"])
def test_what_begins_as_something_else_is_no_scan(before: bytes) -> None:
    kind, wrong = first_look((before + paper())[:12], 1000, bytes_at_most=10_000)

    assert (kind, wrong) == (None, NOT_A_KIND)


@STORED
async def test_a_scan_is_kept_as_a_document_with_pictures_of_its_pages() -> None:
    ready = await prepared(paper(pages=3), "pdf")

    assert (ready["state"], ready["pages"], ready["width"], ready["height"]) == ("ready", 3, 300, 200)
    assert set(ready["sizes"]) == {*SIZES, "document", "page-2", "page-3"}
    document = pypdfium2.PdfDocument(await storage.read(ready["sizes"]["document"]))
    assert [page.get_textpage().get_text_bounded() for page in document] == ["Page 1", "Page 2", "Page 3"]
    pictures = [Image.open(BytesIO(await storage.read(ready["sizes"][size]))) for size in (*SIZES, "page-3")]
    assert [picture.size for picture in pictures] == [(320, 213), (834, 556), (834, 556), (834, 556)]
    assert ready["content_hash"] not in ready["sizes"].values()


@STORED
async def test_of_a_long_document_the_first_pages_are_shown() -> None:
    ready = await prepared(paper(pages=papers.PAGES_SHOWN + 2), "pdf")

    pages = {size for size in ready["sizes"] if size.startswith("page-")}
    assert pages == {f"page-{number}" for number in range(2, papers.PAGES_SHOWN + 1)}
    assert ready["pages"] == papers.PAGES_SHOWN + 2


@STORED
@pytest.mark.parametrize("name", ["locked", "nonsense", "a bomb"])
async def test_who_sent_it_reads_what_to_do(name: str) -> None:
    content, reason = REFUSED[name]

    refused = await prepared(content, "pdf")

    assert (refused["state"], refused["reason"], refused["sizes"]) == ("refused", papers.REASONS[reason], {})
    assert refused["pages"] is None


@STORED
async def test_a_page_that_kills_its_reader_is_not_shown_and_the_others_are(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Darkroom.ask

    async def killing(self: Darkroom, job: dict[str, Any]) -> dict[str, Any]:
        if job.get("page") == 2 and self.child is not None:
            os.kill(self.child.pid, signal.SIGKILL)
        return await ask(self, job)

    monkeypatch.setattr(Darkroom, "ask", killing)

    ready = await prepared(paper(pages=3), "pdf")

    assert ready["state"] == "ready"
    assert set(ready["sizes"]) == {*SIZES, "document", "page-3"}


@STORED
async def test_the_sweep_knows_the_document_and_its_pages() -> None:
    ready = await prepared(paper(pages=2), "pdf")
    made = set(ready["sizes"].values())

    await forget_unless_spoken_of(made)

    assert await spoken_of(made) == made
    assert [await storage.read(hash) for hash in made]


@STORED
async def test_what_was_handed_out_as_it_came_before_is_prepared_once_more(town: Town) -> None:
    file = await received(paper(), "pdf")
    message = await submitted(town)
    await attaching.attach(file.key, [file.id], to=message)
    await Attachment.update({Attachment.state: "ready"}).where(Attachment.id == file.id)
    await all_delivered("pictures")
    before = await row(file)

    for statement in (domain_0030_documents.WAIT, domain_0030_documents.AGAIN):
        await DB.run_ddl(statement)
    await all_delivered("pictures")

    assert (before["state"], before["sizes"]) == ("ready", {})
    assert set((await row(file))["sizes"]) == {*SIZES, "document"}
