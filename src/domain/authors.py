"""What an official sees of the author of a message (§4.1, R10): nothing, until they have opened it today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.model import Message
from domain.moves import Mover, Role
from domain.opening import OPENERS, REASONS
from domain.personal import Private, found, named, own_words, standing
from domain.publicity import public_place, replaced
from domain.workdays import in_town

# The one question that asks for the name and the contacts of an author on behalf of an official.
ASKED = """
SELECT a.name, a.email, a.is_organisation, o.id IS NOT NULL AS open
FROM message m JOIN person a ON a.id = m.author
LEFT JOIN author_opening o ON o.message = m.id AND o.person = {} AND o.day = {}
WHERE m.id = {}
"""
# Whom else a message names and which cars is its matter, and the officials of the case have to read of it.
THE_MATTER = {Private.PLATE}


@dataclass(frozen=True)
class Contacts:
    name: str
    email: str | None


@dataclass(frozen=True)
class Author:
    """`contacts` stay empty until they are opened; `goes_there` is an executor, who needs the flat to find the place.

    The name itself is kept to be hidden, and for nothing else.
    """

    is_organisation: bool
    may_open: bool
    contacts: Contacts | None
    goes_there: bool
    _name: str = field(repr=False)

    @property
    def reasons(self) -> Mapping[str, str]:
        """Those that may be named by whoever may open."""
        return REASONS

    def veiled(self, text: str) -> str:
        """A text of theirs without their name, phones, addresses and papers; whole once it is open."""
        if self.contacts:
            return text
        stays = THE_MATTER | ({Private.FLAT} if self.goes_there else set())
        pieces = found(text, standing(text, self.words_in(text)))
        return replaced(text, [piece for piece in pieces if piece.kind not in stays])

    def words_in(self, text: str) -> list[str]:
        """The words of their name that a text holds; an organisation has nothing to hide in its own."""
        return [] if self.is_organisation else own_words(text, self._name)

    def named_in(self, text: str) -> list[str]:
        """The same, for a warning that a copy still holds them."""
        return [] if self.is_organisation else named(text, self._name)

    def place(self, address: str) -> str:
        return address if self.contacts or self.goes_there else public_place(address)


async def author_of(message: int, *, by: Mover, at: datetime) -> Author:
    """What `by` sees now of whoever wrote this message; what goes out by letter is for nobody's eyes."""
    (asked,) = await Message.raw(ASKED, by.id, in_town(at).date(), message)
    may_open = by.role in OPENERS
    return Author(
        is_organisation=asked["is_organisation"],
        may_open=may_open,
        contacts=Contacts(asked["name"], asked["email"]) if may_open and asked["open"] else None,
        goes_there=by.role == Role.EXECUTOR,
        _name=asked["name"],
    )
