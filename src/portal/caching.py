"""Public pages are the same for every guest, so each is rendered once as long as nothing has happened."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, cast

from litestar import MediaType, Response

from domain.model import Event
from portal.pages import VARY, fingerprint, page_or_fragment, unchanged
from portal.visit import PortalRequest

PAGES_AT_MOST = 400
LETTERS_AT_MOST = 400_000

Make = Callable[[], Awaitable[Mapping[str, Any]]]
T = TypeVar("T")
# Of the last events only what happens to public messages counts, and to those that were joined to others: what citizens
# send is not public yet, and would have every page made anew all day long. Where none of the last hundred counts, a
# hundredth of the newest number stands for them all. The number of an event is given before its commit, so later ones
# may be seen first and hide it until the minute ends; the edition is counted at the commit itself: what was withdrawn
# is gone from the pages with it, and not a minute later.
STANDING = """
SELECT (SELECT number FROM edition) AS edition, coalesce(
    (SELECT e.id FROM (SELECT id, message FROM event ORDER BY id DESC LIMIT 100) e
     WHERE (SELECT m.published_at IS NOT NULL OR m.joined_to IS NOT NULL FROM message m WHERE m.id = e.message)
     ORDER BY e.id DESC LIMIT 1),
    (SELECT -max(id) / 100 FROM event)
) AS newest
"""


class Memory:
    """What one process remembers: the least recently used is forgotten first, so it cannot grow."""

    def __init__(self, at_most: int = PAGES_AT_MOST) -> None:
        self.at_most = at_most
        self.kept: OrderedDict[Any, Any] = OrderedDict()

    def get(self, key: Any) -> Any:
        if key not in self.kept:
            return None
        self.kept.move_to_end(key)
        return self.kept[key]

    def keep(self, key: Any, value: Any) -> None:
        self.kept[key] = value
        self.kept.move_to_end(key)
        if len(self.kept) > self.at_most:
            self.kept.popitem(last=False)


async def public_page(request: PortalRequest, page_template: str, fragment: str, make: Make) -> Response[Any]:
    """304, or the page as it was rendered before, or the page rendered now.

    It stands until something happens to a public message, the next edition of what is public, or the next minute: the
    clocks on it move with the time, and what makes no event (a setting) shows a minute later.
    """
    tag = fingerprint(request, *await standing(request))
    if known := unchanged(request, tag):
        return known
    if request.visit.session is not None:
        return page_or_fragment(request, page_template, fragment, await make(), tag=tag)
    memory = memory_of(request)
    html = memory.get(tag)
    if html is None:
        html = page_or_fragment(request, page_template, fragment, await make()).content
        if len(html) <= LETTERS_AT_MOST:
            memory.keep(tag, html)
    headers = {**VARY, "ETag": tag, "Cache-Control": "private, no-cache"}
    return Response(html, media_type=MediaType.HTML, headers=headers)


async def standing(request: PortalRequest) -> tuple[Any, ...]:
    """What a public page depends on, beside who looks and how: whoever is signed in reads there what is new to them."""
    (row,) = await Event.raw(STANDING)
    person = request.visit.person
    new_to_them = person.unread if person else 0
    asked = request.scope["path"], request.scope["query_string"]
    return row["newest"], row["edition"], minute(request), new_to_them, asked


async def once_a_minute(request: PortalRequest, name: str, make: Callable[[], Awaitable[T]]) -> T:
    """For numbers that cost more than a page and may be a minute old."""
    memory = memory_of(request)
    key = (name, request.visit.view.language, minute(request))
    value = memory.get(key)
    if value is None:
        value = await make()
        memory.keep(key, value)
    return cast(T, value)


def minute(request: PortalRequest) -> int:
    return int(request.visit.now.timestamp()) // 60


def memory_of(request: PortalRequest) -> Memory:
    """One a portal: two of them in one process may stand on different databases."""
    return cast(Memory, request.app.state.setdefault("memory", Memory()))
