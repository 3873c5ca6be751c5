"""A form that comes with files: its words, and its files taken in before anything else can fail."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from domain.errors import Sentence
from domain.model import Attachment, Person
from portal import uploads
from portal.cards.forms import uuid_of, uuids
from portal.forms import Typed, typed
from portal.visit import PortalRequest


@dataclass(frozen=True)
class Received:
    """What was typed, the files that came with it, and in `bad` those that could not be taken."""

    typed: Typed
    key: UUID
    bad: list[Attachment]

    @property
    def fault(self) -> Sentence | None:
        return uploads.fault(self.bad)

    @property
    def chosen(self) -> list[UUID]:
        return uuids(self.typed.all("uploads"))


async def receive(request: PortalRequest, *, by: Person | None, at: datetime, key: UUID | None = None) -> Received:
    """`key` is that of a message which has one already; otherwise the form brings its own."""
    form = await typed(request)
    key = key or uuid_of(form.get("key")) or uuid4()
    files = await uploads.take_in(form.files("files"), key=key, by=by.id if by else None, at=at)
    form.fields["key"] = [str(key)]
    form.fields["uploads"] = [*form.all("uploads"), *map(str, uploads.kept_ids(files))]
    return Received(form, key, [file for file in files if file.state == "refused"])
