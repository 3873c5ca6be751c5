"""What an official sees of the author of a message (§4.1, R10): nothing, until they have opened it today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from domain.model import Message
from domain.moves import Mover, Role
from domain.opening import OPENERS, REASONS
from domain.personal import Found, Private, found, named, own_words, standing
from domain.publicity import public_place, replaced
from domain.workdays import in_town

# Whom else a message names and which cars is its matter, and the officials of the case have to read of it.
THE_MATTER = {Private.PLATE}


@dataclass(frozen=True)
class Contacts:
    name: str
    email: str | None


@dataclass(frozen=True)
class Author:
    """`contacts` stay empty until they are opened; `goes_there` is an executor, who needs the flat to find the place.

    The name itself is kept to be hidden, and for nothing else; so are those of the other authors of the case (§2).
    """

    is_organisation: bool
    may_open: bool
    contacts: Contacts | None
    goes_there: bool
    _name: str = field(repr=False)
    _others: tuple[str, ...] = field(repr=False)

    @property
    def reasons(self) -> Mapping[str, str]:
        """Those that may be named by whoever may open."""
        return REASONS

    def veiled(self, text: str) -> str:
        """A text of theirs without their name, phones, addresses and papers; whole once it is open."""
        return replaced(text, self.hidden(text))

    def voiced(self, text: str) -> str:
        """What was said to an answer. Of several authors it may be anybody's: then it is hidden but for this name."""
        for name in self._others:
            text = replace(self, is_organisation=False, contacts=None, _name=name).veiled(text)
        return self.veiled(text)

    def hidden(self, text: str) -> list[Found]:
        pieces = found(text, standing(text, self.words_in(text)))
        return [piece for piece in pieces if self.hides(piece, text)]

    def hides(self, piece: Found, text: str) -> bool:
        """Whether this piece of a text is not for these eyes; of names only that of the author is hidden."""
        if self.contacts or piece.kind in THE_MATTER or (self.goes_there and piece.kind == Private.FLAT):
            return False
        return piece.kind != Private.NAME or bool(self.words_in(text[piece.start : piece.end]))

    def words_in(self, text: str) -> list[str]:
        """The words of their name that a text holds; an organisation has nothing to hide in its own."""
        return [] if self.is_organisation else own_words(text, self._name)

    def named_in(self, text: str) -> list[str]:
        """The same, and those of the other authors, for a warning that a copy still holds them."""
        names = self._others if self.is_organisation else (self._name, *self._others)
        return [word for name in names if name for word in named(text, name)]

    def place(self, address: str) -> str:
        return address if self.contacts or self.goes_there else public_place(address)


def asked_of(message: str) -> str:
    """The one question that asks for the name and the contacts of an author on behalf of an official.

    It stands beside a `message` of this alias, and takes the values of `asking`.
    """
    return f"""
(SELECT (a.name, a.email, a.is_organisation,
         EXISTS (SELECT FROM author_opening o WHERE o.message = {message}.id AND o.person = {{}} AND o.day = {{}}),
         ARRAY(SELECT CASE WHEN j.is_organisation THEN '' ELSE j.name END
               FROM message v JOIN person j ON j.id = v.author WHERE v.joined_to = {message}.id AND j.id <> a.id))
 FROM person a WHERE a.id = {message}.author) AS author
"""  # noqa: S608


OF_ONE = f"SELECT {asked_of('m')} FROM message m WHERE m.id = {{}}"  # noqa: S608


async def author_of(message: int, *, by: Mover, at: datetime) -> Author:
    """What `by` sees now of whoever wrote this message; what goes out by letter is for nobody's eyes."""
    (asked,) = await Message.raw(OF_ONE, *asking(by, at), message)
    return seen(asked["author"], by)


def asking(by: Mover, at: datetime) -> tuple[int | None, date]:
    """Whoever asks, and the day on which they do."""
    return by.id, in_town(at).date()


def seen(asked: Sequence[Any], by: Mover) -> Author:
    name, email, is_organisation, opened, others = asked
    may_open = by.role in OPENERS
    return Author(
        is_organisation=is_organisation,
        may_open=may_open,
        contacts=Contacts(name, email) if may_open and opened else None,
        goes_there=by.role == Role.EXECUTOR,
        _name=name,
        _others=tuple(others),
    )
