"""`otklik inspect`: whatever the file is, one line says what would become of it (R13, R14)."""

import json
import os
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image
from tests.hostile import every, family, mutants
from tests.hostile.making import heic
from tests.workers import scenes
from tests.workers.drawing import photographed, quarters, saved
from tests.workers.hostile_papers import ACTIVE
from tests.workers.hostile_papers import REFUSED as HOSTILE
from tests.workers.papers import paper
from tests.workers.test_pictures import bomb, many_scans, with_a_hole

from portal.commands.inspect import command, words

pytestmark = pytest.mark.rule("R13", "R14")
SEVERAL = {"save_all": True, "append_images": [quarters(700, 500), quarters(600, 500)]}
ACCEPTED = {
    **{f"exif {turn}.jpg": ("jpeg", photographed(turn)) for turn in range(1, 9)},
    "cmyk.jpg": ("jpeg", saved(quarters().convert("CMYK"), "JPEG")),
    "sixteen bits.png": ("png", saved(Image.linear_gradient("L").resize((900, 600)).convert("I;16"), "PNG")),
    "grey.jpg": ("jpeg", saved(quarters().convert("L"), "JPEG")),
    "one bit.png": ("png", saved(quarters().convert("1"), "PNG")),
    "palette.png": ("png", saved(quarters().convert("P"), "PNG")),
    "palette with a hole.png": ("png", saved(with_a_hole("P"), "PNG")),
    "transparent.png": ("png", saved(with_a_hole("RGBA"), "PNG")),
    "animated.png": ("png", saved(quarters(), "PNG", **SEVERAL)),
    "several pages.tiff": ("tiff", saved(quarters(), "TIFF", **SEVERAL)),
    "two pictures.jpg": ("jpeg", saved(quarters(), "MPO", **SEVERAL)),
    "progressive.jpg": ("jpeg", saved(quarters(), "JPEG", progressive=True)),
    "wrong extension.png": ("jpeg", saved(quarters())),
    "scan.pdf": ("pdf", paper()),
    "phone.heic": ("heic", heic(quarters())),
    "яма\nу дома.jpg": ("jpeg", saved(quarters())),
    "\u202egpj.exe": ("jpeg", saved(quarters())),
    os.fsdecode(b"not \xff utf-8.jpg"): ("jpeg", saved(quarters())),
    "-": ("jpeg", saved(quarters())),
}
REFUSED = {
    "truncated.jpg": ("jpeg", saved(quarters())[:-3000], "повреждён"),
    "scans.jpg": ("jpeg", many_scans(), "слишком долго"),
    "bomb.jpg": ("jpeg", bomb(), "пикселей"),
    "locked.pdf": ("pdf", HOSTILE["locked"][0], "с паролем"),
    "cut off.pdf": ("pdf", paper()[:40], "повреждён"),
    "long.pdf": ("pdf", HOSTILE["more pages than anybody reads"][0], "500 страниц"),
    "giant.pdf": ("pdf", HOSTILE["a page as large as a town"][0], "пяти метров"),
    "film.gif": (None, saved(quarters(), "GIF", **SEVERAL), "Приложить можно"),
    "gif.jpg": (None, saved(quarters(), "GIF"), "Приложить можно"),
    "notes.txt": (None, b"words", "Приложить можно"),
    "empty.jpg": (None, b"", "пустой"),
    "half a phone.heic": ("heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "повреждён"),
    "photo.avif": (None, b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1", "Сохраните снимок как JPEG"),
    "nonsense.png": ("png", b"\x89PNG\r\n\x1a\n" + b"nonsense" * 50, "повреждён"),
    "float.tiff": ("tiff", saved(Image.new("F", (50, 50)), "TIFF"), "нельзя показать"),
}


def told(*files: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(command, ["--json", "--", *files])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["file"] for line in lines] == list(files)
    return lines


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_can_be_attached_is_accepted_by_what_it_is_and_not_by_its_name(here: Path) -> None:
    for name, (_, content) in ACCEPTED.items():
        (here / name).write_bytes(content)

    lines = {line["file"]: line for line in told(*ACCEPTED)}

    assert {name: (line["outcome"], line["kind"]) for name, line in lines.items()} == {
        name: ("accepted", kind) for name, (kind, _) in ACCEPTED.items()
    }
    assert all(
        (lines[f"exif {turn}.jpg"]["width"], lines[f"exif {turn}.jpg"]["height"]) == (1200, 800) for turn in range(1, 9)
    )
    assert (lines["scan.pdf"]["width"], lines["scan.pdf"]["height"]) == (300, 200)


def test_what_cannot_is_refused_with_a_reason_and_the_next_file_is_read(here: Path) -> None:
    for name, (_, content, _) in REFUSED.items():
        (here / name).write_bytes(content)
    (here / "good.jpg").write_bytes(saved(quarters()))

    *lines, good = told(*REFUSED, "good.jpg")

    for line, (kind, _, reason) in zip(lines, REFUSED.values(), strict=True):
        assert (line["outcome"], line["kind"]) == ("refused", kind), line
        assert reason in line["reason"], line
    assert good["outcome"] == "accepted"


def test_what_is_no_file_neither_hangs_nor_breaks_it(here: Path) -> None:
    (here / "folder.jpg").mkdir()
    os.mkfifo(here / "pipe.jpg")
    (here / "to nowhere.jpg").symlink_to("nowhere")
    names = ("folder.jpg", "pipe.jpg", "to nowhere.jpg", "absent.jpg", "with \0 inside", "x" * 5000, "")

    lines = told(*names)

    assert {(line["outcome"], line["kind"]) for line in lines} == {("refused", None)}


def test_an_unfit_photo_is_accepted_with_its_marks(here: Path) -> None:
    _, dark = next(scenes.dark())
    (here / "dark.jpg").write_bytes(saved(dark, quality=90))

    (line,) = told("dark.jpg")

    assert (line["outcome"], line["marks"]) == ("accepted", ["dark"])


def test_people_read_one_line_a_file_whatever_its_name(here: Path) -> None:
    (here / "a\n\u202eb.jpg").write_bytes(saved(quarters()))

    result = CliRunner().invoke(command, ["a\n\u202eb.jpg"])

    assert result.stdout == "a\\u000a\\u202eb.jpg: принято, jpeg, 1200×800\n"


def test_every_page_of_a_scan_is_counted_and_a_mark_says_that_there_are_several(here: Path) -> None:
    (here / "one.tiff").write_bytes(saved(quarters(), "TIFF"))
    pages = {"save_all": True, "append_images": [quarters(700, 500), quarters(600, 500)]}
    (here / "three.tiff").write_bytes(saved(quarters(), "TIFF", **pages))

    one, three = told("one.tiff", "three.tiff")

    assert (one["marks"], three["marks"]) == ([], ["pages"])


def test_whatever_a_hostile_file_is_called_and_holds_one_line_tells_of_it(here: Path) -> None:
    files = [*family("names"), *every()[::7], *islice(mutants(7), 40)]
    for number, file in enumerate(files):
        (here / str(number)).write_bytes(file.content)
    names = [str(number) for number in range(len(files))]
    called = [file.name for file in family("names") if os_takes(file.name)]
    for name in called:
        (here / name).write_bytes(saved(quarters(60, 40)))

    lines = told(*names, *called)

    for line, file in zip(lines, files, strict=False):
        reason = words.gettext(file.reason) if file.reason else None
        if not file.name.startswith("mutant"):
            assert (line["outcome"], line["kind"], line["reason"]) == (file.outcome, file.kind, reason), file.name
    assert {line["outcome"] for line in lines[len(names) :]} == {"accepted"}


def os_takes(name: str) -> bool:
    """Whether a file can be called so on this machine; an option of the command it may well look like."""
    try:
        return "/" not in name and "\0" not in name and name not in (".", "..") and len(os.fsencode(name)) < 255
    except UnicodeEncodeError:
        return False


def test_of_a_document_it_says_what_its_copy_is_made_without(here: Path) -> None:
    (here / "form.pdf").write_bytes(ACTIVE["a field that counts"][0])

    (line,) = told("form.pdf")
    said = CliRunner().invoke(command, ["form.pdf"]).stdout

    assert (line["outcome"], line["marks"]) == ("accepted", ["javascript", "actions", "form"])
    assert said.startswith("form.pdf: принято, pdf, 300×200, скрипты, действия")
