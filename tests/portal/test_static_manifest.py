"""Whatever is not ours in static/ is named, licensed and unchanged; and the pages name only icons that exist."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
STATIC = HOUSE / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = HOUSE / "src" / "portal" / "templates"
MANIFEST = json.loads((VENDOR / "MANIFEST.json").read_text())


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_a_vendored_file_is_the_one_that_was_taken(entry: dict[str, str]) -> None:
    content = (VENDOR / entry["file"]).read_bytes()

    digest = "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()

    assert digest == entry["sha384"]


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_a_vendored_file_has_a_version_and_the_text_of_its_licence(entry: dict[str, str]) -> None:
    licence = VENDOR / entry["license_file"]

    assert all(entry[field] for field in ("name", "version", "license"))
    assert len(licence.read_text()) > 300


def test_nothing_lies_in_vendor_that_the_manifest_does_not_name() -> None:
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    named = {entry["file"] for entry in MANIFEST}

    assert there - {"MANIFEST.json"} == named


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="i-([^"]+)"', (VENDOR / "lucide" / "sprite.svg").read_text()))

    named = {
        name
        for template in TEMPLATES.rglob("*.html")
        for name in re.findall(r'\bicon\("([a-z0-9-]+)"', template.read_text())
    }

    assert named <= sprite


def test_no_template_carries_what_the_policy_forbids() -> None:
    forbidden = re.compile(r"""<[^>{]*\s(style|on[a-z]+)\s*=\s*["']|<script(?![^>]*\ssrc=)|\bjs:|hx-on""")

    guilty = [str(path) for path in TEMPLATES.rglob("*.html") if forbidden.search(path.read_text())]

    assert guilty == []
