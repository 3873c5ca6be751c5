"""Static files: under hashed names for ever, under their own names asked about; 304, HEAD and ranges."""

import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.static import Static


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "css").mkdir()
    (tmp_path / "fonts").mkdir()
    (tmp_path / "css" / "base.css").write_text(
        'a{src:url("../fonts/golos.woff2")} b{background:url(#i) url(data:image/png;x) url(/else.png) url(none.png)}'
    )
    (tmp_path / "fonts" / "golos.woff2").write_bytes(bytes(range(100)))
    return tmp_path


@pytest.fixture
def static(folder: Path) -> Static:
    return Static(folder)


@pytest.fixture
def browser(static: Static) -> httpx.AsyncClient:
    app: Any = static
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver.local")


async def test_under_its_hashed_name_a_file_is_kept_for_ever(static: Static, browser: httpx.AsyncClient) -> None:
    answer = await browser.get(static.asset("fonts/golos.woff2"))

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "font/woff2"
    assert answer.content == bytes(range(100))


async def test_under_its_own_name_a_file_is_asked_about_again(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/static/fonts/golos.woff2")
    again = await browser.get("/static/fonts/golos.woff2", headers={"If-None-Match": answer.headers["etag"]})

    assert answer.headers["cache-control"] == "no-cache"
    assert again.status_code == 304
    assert again.content == b""


async def test_another_content_has_another_name(folder: Path, static: Static) -> None:
    before = static.asset("fonts/golos.woff2")

    (folder / "fonts" / "golos.woff2").write_bytes(b"new")

    assert Static(folder).asset("fonts/golos.woff2") != before
    assert static.asset("fonts/golos.woff2") == before


async def test_a_style_sheet_names_files_as_they_are_served(static: Static, browser: httpx.AsyncClient) -> None:
    sheet = (await browser.get(static.asset("css/base.css"))).text

    assert f'url("{static.asset("fonts/golos.woff2")}")' in sheet
    assert "url(#i) url(data:image/png;x) url(/else.png) url(none.png)" in sheet


async def test_a_new_font_gives_the_style_sheet_a_new_name_too(folder: Path, static: Static) -> None:
    (folder / "fonts" / "golos.woff2").write_bytes(b"new")

    assert Static(folder).asset("css/base.css") != static.asset("css/base.css")


async def test_head_has_the_length_and_no_body(browser: httpx.AsyncClient) -> None:
    answer = await browser.head("/static/fonts/golos.woff2")

    assert answer.headers["content-length"] == "100"
    assert answer.content == b""


@pytest.mark.parametrize(
    ("wanted", "status", "content", "told"),
    [
        ("bytes=0-9", 206, bytes(range(10)), "bytes 0-9/100"),
        ("bytes=90-", 206, bytes(range(90, 100)), "bytes 90-99/100"),
        ("bytes=-5", 206, bytes(range(95, 100)), "bytes 95-99/100"),
        ("bytes=-500", 206, bytes(range(100)), "bytes 0-99/100"),
        ("bytes=90-500", 206, bytes(range(90, 100)), "bytes 90-99/100"),
        ("bytes=100-", 416, b"", "bytes */100"),
        ("bytes=9-0", 416, b"", "bytes */100"),
        ("bytes=0-1,5-6", 200, bytes(range(100)), None),
        ("bytes=-", 200, bytes(range(100)), None),
        ("bytes=x-y", 200, bytes(range(100)), None),
        ("pages=1-2", 200, bytes(range(100)), None),
        ("bytes=" + "9" * 5000 + "-", 200, bytes(range(100)), None),
    ],
)
async def test_a_part_of_a_file(
    browser: httpx.AsyncClient, wanted: str, status: int, content: bytes, told: str | None
) -> None:
    answer = await browser.get("/static/fonts/golos.woff2", headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers.get("content-range") == told


async def test_a_part_of_an_older_file_is_the_whole_new_one(browser: httpx.AsyncClient) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": '"older"'}

    assert (await browser.get("/static/fonts/golos.woff2", headers=headers)).status_code == 200


@pytest.mark.parametrize("path", ["../pyproject.toml", "%2e%2e/pyproject.toml", "css", "", "css/base.0.css", "%00"])
async def test_nothing_else_is_there(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(f"/static/{path}")).status_code == 404


async def test_nothing_can_be_sent_there(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/static/css/base.css")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_while_it_is_watched_a_change_is_seen_soon(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.static.LOOK_SECONDS", 0)
    static = Static(folder, watch=True)
    before = static.asset("css/base.css")

    (folder / "css" / "base.css").write_text("a{}")
    os.utime(folder / "css" / "base.css", ns=(1, 1))

    assert static.asset("css/base.css") != before


def test_an_asset_that_is_not_there_is_a_mistake(static: Static) -> None:
    with pytest.raises(KeyError):
        static.asset("css/none.css")
