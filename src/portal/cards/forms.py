"""The form of a message as it is shown: new, from a draft, to be corrected, or back with what does not fit (§3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from domain import attaching
from domain.model import Attachment
from domain.rulebook import rulebook
from domain.wording import translations
from domain.workdays import in_town, register_by
from portal.cards.blocks import BlockNotice
from portal.cards.files import FileView, file_view
from portal.cards.steps import day
from portal.cards.topics import tree
from portal.forms import Typed

# In the order in which they stand: the first that does not fit takes the focus.
FIELDS = ("key", "topic", "text", "address", "files", "consent")


@dataclass(frozen=True)
class FormView:
    action: str
    key: UUID
    topic: int | None
    text: str
    address: str
    latitude: str | None
    longitude: str | None
    consent: str
    uploads: Sequence[FileView]
    opened: int | None


async def form(
    typed: Typed,
    action: str,
    *,
    at: datetime,
    language: str,
    kept: Iterable[Attachment] = (),
    bad: Iterable[Attachment] = (),
    block: BlockNotice | None = None,
    own_topic: int | None = None,
    opened: int | None = None,
) -> dict[str, Any]:
    """`kept` are files that the message has already, `bad` those that could not be taken this time.

    `block` is why whoever fills it in cannot send it just now (R29); `own_topic` and `opened`, its version, are
    those of a message to be corrected.
    """
    key = uuid_of(typed.get("key")) or uuid4()
    files = [*kept, *await attaching.received(key, uuids(typed.all("uploads"))), *bad]
    categories = await tree(in_town(at).date(), own=own_topic)
    topics = {str(topic.id): topic.id for each in categories for topic in each.topics}
    view = FormView(
        action=action,
        key=key,
        topic=topics.get(typed.get("topic")),
        text=typed.get("text"),
        address=typed.get("address"),
        latitude=typed.get("latitude") or None,
        longitude=typed.get("longitude") or None,
        consent=typed.get("consent"),
        uploads=[file_view(file, "/files", language) for file in files],
        opened=opened,
    )
    return {
        "form": view,
        "errors": {},
        "categories": categories,
        "arrival": await arrival(at, language),
        "block": block,
    }


async def arrival(at: datetime, language: str) -> str:
    """By what day it will be registered if it is sent now (R05)."""
    book = await rulebook()
    due_on = register_by(book.calendar, at, book.limits.registration_hour).due_on
    words = translations(language).gettext("Sent now, it will be registered by the end of %(day)s.")
    return words % {"day": day(due_on, language)}


def in_order(errors: dict[str, str]) -> dict[str, str]:
    return dict(sorted(errors.items(), key=lambda pair: FIELDS.index(pair[0]) if pair[0] in FIELDS else len(FIELDS)))


def uuids(values: Iterable[str]) -> list[UUID]:
    return [id for id in map(uuid_of, values) if id is not None]


def uuid_of(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
