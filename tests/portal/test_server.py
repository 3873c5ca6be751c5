"""How many pages one process serves at once: as many as the operator leaves it files for."""

import resource

import pytest

from portal.server import PAGES, pages_at_once

NONE = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("limits", "raised", "pages"),
    [
        ((1024, 524288), (8192, 524288), PAGES),
        ((1024, 4096), (4096, 4096), 2048),
        ((1024, NONE), (8192, NONE), PAGES),
        ((65536, 65536), None, PAGES),
        ((NONE, NONE), None, PAGES),
    ],
)
def test_files_are_asked_for_within_the_limit_and_pages_go_by_what_was_got(
    monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int], raised: tuple[int, int] | None, pages: int
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: asked.append(new))

    allowed = pages_at_once()

    assert (asked, allowed) == ([raised] if raised else [], pages)
