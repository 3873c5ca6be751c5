"""How a letter is put together: three templates in the reader's language become one message with text and HTML."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import idna
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.choosing import LETTERS, Subject
from domain.invitations import DECLINING, Invitation, sign
from domain.model import Event, Person
from domain.standing_in import Deputy
from domain.wording import LANGUAGES, translations
from domain.workdays import TOWN
from workers.settings import Settings

TEMPLATES = Path(__file__).parent
UNSUBSCRIBE = "List-Unsubscribe"


@dataclass(frozen=True)
class Letter:
    """Which letter about which event to whom; `context` is what its templates need beside the reader.

    Whoever is away has a `deputy`, named in the letter; `copy` is the one that the deputy gets.
    """

    name: str
    event: Event
    to: Person
    context: Mapping[str, Any] = field(default_factory=dict)
    deputy: Deputy | None = None
    copy: bool = False

    @property
    def recipient(self) -> str:
        """Who finds it in their mailbox; the head of an organisation has an address and no account."""
        if self.copy and self.deputy:
            return f"person:{self.deputy.id}"
        return f"person:{self.to.id}" if self.to.id > 0 else f"head:{-self.to.id}"

    @property
    def address(self) -> str:
        return reachable(one_line(self.deputy.email if self.copy and self.deputy else str(self.to.email)))

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that a mail program shows the letter once."""
        return f"<{self.event.id}-{self.name}-{self.to.id}@{host()}>"


def declining(letter: Letter) -> str | None:
    """The link by which its reader declines such letters; none for what everybody is told."""
    subject = LETTERS.get(letter.name)
    if subject is None:
        return None
    invitation = Invitation(to=list(Subject).index(subject), person=letter.to.id)
    return link(f"/letters/{sign(invitation, os.environ['SECRET_KEY'], at=letter.event.at, what=DECLINING)}")


def host() -> str:
    return urlsplit(Settings.from_env().public_url).hostname or "localhost"


class WholeLinks(EmailPolicy):
    """A link in a header stays one word: encoded as if it were text no mail program reads it."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name == UNSUBSCRIBE else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii") if name == UNSUBSCRIBE else super().fold_binary(name, value)


def composed(letter: Letter, message_id: str) -> EmailMessage:
    settings = Settings.from_env()
    message = EmailMessage(policy=WholeLinks(linesep="\r\n", cte_type="7bit"))
    message["From"] = address(*parseaddr(settings.mail_from))
    message["To"] = address(letter.to.name, letter.to.email)
    if letter.deputy:
        message["Cc"] = address(letter.deputy.name, letter.deputy.email)
    message["Subject"] = one_line(written(letter, "subject.txt"))
    message["Date"] = format_datetime(letter.event.at)
    message["Message-ID"] = message_id
    if "message" in letter.context:
        # The letters about one message stand together, though nobody has sent the one that they all answer.
        message["In-Reply-To"] = message["References"] = f"<message-{letter.event.message}@{host()}>"
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
    settings = Settings.from_env()
    language = letter.to.language if letter.to.language in LANGUAGES else LANGUAGES[0]
    shared = {
        "person": letter.to,
        "language": language,
        "town": settings.town_name,
        "portal": settings.public_url,
        "no_more": declining(letter),
    }
    return environment(language).get_template(f"{letter.name}/{file}").render({**shared, **letter.context})


@cache
def environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cast(Any, made).install_gettext_translations(translations(language), newstyle=True)
    made.filters["day"] = lambda value: format_date(day_of(value), "d MMMM", locale=language)
    return made


def day_of(value: date | datetime) -> date:
    return value.astimezone(TOWN).date() if isinstance(value, datetime) else value


def link(path: str) -> str:
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}{path}"
