"""How a letter is put together: three templates in the reader's language become one message with text and HTML."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

import idna

from domain.choosing import Subject, declined_with
from domain.invitations import DECLINING, FOLLOWING, Invitation, sign
from domain.lettering import Words
from domain.model import Event, Person
from domain.standing_in import Deputy
from domain.wording import LANGUAGES
from workers.mail.rewording import filled, reworded
from workers.mail.templating import environment, frame, link
from workers.settings import Settings

UNSUBSCRIBE = "List-Unsubscribe"


@dataclass(frozen=True)
class Follower:
    """Whoever reads it because they follow something, guests among them: their address is kept in no other place.

    `leaving` is what one press in their mail program ends.
    """

    recipient: str
    leaving: Invitation | None = None


def reads_letters(person: Person) -> bool:
    return bool(person.active and person.email)


def subscriber_of(recipient: str) -> int:
    """Who is behind «at_once:7» or «asked:7»."""
    return int(recipient.rpartition(":")[2])


@dataclass(frozen=True)
class Letter:
    """Which letter about which event to whom; `context` is what its templates need beside the reader.

    Whoever is away has a `deputy`, named in the letter; `copy` is the one that the deputy gets. `worded` are the
    operator's own words, by language. A `follower` is written to because of a subscription.
    """

    name: str
    event: Event
    to: Person
    context: Mapping[str, Any] = field(default_factory=dict)
    deputy: Deputy | None = None
    copy: bool = False
    worded: Mapping[str, Words] = field(default_factory=dict)
    follower: Follower | None = None

    @property
    def language(self) -> str:
        return self.to.language if self.to.language in LANGUAGES else LANGUAGES[0]

    @property
    def only_copy(self) -> bool:
        """Whoever is away gets none: they have left, or have no address."""
        return self.copy and not reads_letters(self.to)

    @property
    def recipient(self) -> str:
        """Who finds it in their mailbox; the head of an organisation has an address and no account."""
        if self.follower:
            return self.follower.recipient
        if self.copy and self.deputy:
            return f"person:{self.deputy.id}"
        return f"person:{self.to.id}" if self.to.id > 0 else f"head:{-self.to.id}"

    @property
    def address(self) -> str:
        return reachable(one_line(self.deputy.email if self.copy and self.deputy else str(self.to.email)))

    @property
    def kept_address(self) -> str | None:
        """What its delivery remembers: by which address it can come back; nothing of those who follow."""
        return None if self.follower else self.address

    def discreet(self, trouble: str) -> str:
        """What a mail server says, which repeats the address."""
        return trouble.replace(self.address, "…") if self.follower else trouble

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that a mail program shows the letter once."""
        if self.follower:
            return f"<{self.event.id}-{self.name}-{self.follower.recipient.replace(':', '-')}@{host()}>"
        return f"<{self.event.id}-{self.name}-{self.to.id}@{host()}>"


def declining(letter: Letter) -> str | None:
    """The link by which its reader declines such letters; none for what everybody is told."""
    if letter.follower:
        leaving = letter.follower.leaving
        return signed("/subscriptions", leaving, letter, FOLLOWING) if leaving else None
    subject = declined_with(letter.name)
    if subject is None:
        return None
    return signed("/letters", Invitation(to=list(Subject).index(subject), person=letter.to.id), letter, DECLINING)


def signed(path: str, invitation: Invitation, letter: Letter, what: str) -> str:
    return link(f"{path}/{sign(invitation, os.environ['SECRET_KEY'], at=letter.event.at, what=what)}")


def host() -> str:
    return urlsplit(Settings.from_env().public_url).hostname or "localhost"


class Whole(EmailPolicy):
    """A link in a header stays one word: encoded as if it were text no mail program reads it.

    And a subject keeps its words apart: where a long one is folded, Python 3.11 loses the space.
    """

    def fold(self, name: str, value: Any) -> str:
        if name == "Subject":
            value = Header(str(value), header_name=name).encode(linesep=self.linesep)
        elif name != UNSUBSCRIBE:
            return super().fold(name, value)
        return f"{name}: {value}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        whole = name in ("Subject", UNSUBSCRIBE)
        return self.fold(name, value).encode("ascii") if whole else super().fold_binary(name, value)


def composed(letter: Letter, message_id: str) -> EmailMessage:
    settings = Settings.from_env()
    message = EmailMessage(policy=Whole(linesep="\r\n", cte_type="7bit"))
    message["From"] = address(*parseaddr(settings.mail_from))
    readers = [] if letter.only_copy else [address(letter.to.name, letter.to.email)]
    if letter.deputy:
        readers.append(address(letter.deputy.name, letter.deputy.email))
    for header, reader in zip(("To", "Cc"), readers, strict=False):
        message[header] = reader
    message["Subject"] = one_line(written(letter, "subject.txt"))
    message["Date"] = format_datetime(letter.event.at)
    message["Message-ID"] = message_id
    if "message" in letter.context:
        # The letters about one message stand together, though nobody has sent the one that they all answer.
        message["In-Reply-To"] = message["References"] = f"<message-{letter.context['message'].id}@{host()}>"
    if no_more := declining(letter):
        message[UNSUBSCRIBE] = f"<{no_more}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058: one press in the mail program
    message["Auto-Submitted"] = "auto-generated"  # no holiday reply is wanted (RFC 3834)
    message.set_content(written(letter, "body.txt"))
    message.add_alternative(written(letter, "body.html"), subtype="html")
    message.set_boundary(f"=_{letter.event.id}-{letter.name}-{letter.to.id}")
    return message


def address(name: str, spec: str) -> Address:
    return Address(one_line(name), addr_spec=reachable(one_line(spec)))


def reachable(spec: str) -> str:
    """As mail servers write it: a domain like пример.рф has a name in ASCII too."""
    local, at, domain = spec.rpartition("@")
    return f"{local}{at}{idna.encode(domain, uts46=True).decode()}" if not domain.isascii() else spec


def one_line(text: str) -> str:
    """Without line ends and other control characters, which could begin a header of their own."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def written(letter: Letter, file: str) -> str:
    context = {
        "person": letter.to,
        "no_more": declining(letter),
        "away": letter.to.name if letter.only_copy else None,
        **frame(letter.language),
        **letter.context,
    }
    if words := letter.worded.get(letter.language):
        return reworded(letter.name, file, filled(letter.name, words, letter.language, context), context)
    return environment(letter.language).get_template(f"{letter.name}/{file}").render(context)
