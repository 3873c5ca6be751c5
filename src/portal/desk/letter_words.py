"""The words of the letters as a desk: which were changed, one letter as a form, its versions, and how it would look."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from domain.lettering import AT_MOST, LETTERS, Words
from domain.model import Event, LetterWording
from domain.wording import LANGUAGES, N_
from domain.workdays import in_town
from portal.desk.mailing import TITLES
from portal.forms import Typed
from workers.mail.previewing import meanings, preview, shown
from workers.mail.rewording import built_in
from workers.reactions import LINES

CASES = 8
# Who follows from outside reads of no case, so these stand in no list of its letters.
OF_FOLLOWERS = {
    "followed": N_("News of what somebody follows"),
    "followed_digest": N_("News of a day or a week of what somebody follows"),
    "subscription_asked": N_("Confirmation of a subscription"),
}
LABELS = {
    "subject": N_("Subject"),
    "heading": N_("Heading"),
    "lead": N_("First lines"),
    "button": N_("Words on the button"),
    "note": N_("Note below the button"),
}
CHANGED = """
SELECT DISTINCT ON (w.letter, w.language) w.letter, w.language, w.subject IS NOT NULL AS own, w.kept_at, p.name AS who
FROM letter_wording w JOIN person p ON p.id = w.kept_by ORDER BY w.letter, w.language, w.version DESC
"""
VERSIONS = """
SELECT w.*, p.name AS who FROM letter_wording w JOIN person p ON p.id = w.kept_by
WHERE w.letter = {} AND w.language = {} ORDER BY w.version DESC
"""
LATEST = """
SELECT e.id, e.at, m.number, t.name AS topic FROM unnest({}::text[]) AS k
CROSS JOIN LATERAL (SELECT * FROM event WHERE event.kind = k ORDER BY event.id DESC LIMIT {}) e
JOIN message m ON m.id = e.message JOIN topic t ON t.id = m.topic ORDER BY e.id DESC LIMIT {}
"""


@dataclass(frozen=True)
class Version:
    """`words` are none where it was the way back to the built-in ones."""

    number: int
    words: Words | None
    who: str
    at: datetime


@dataclass(frozen=True)
class Look:
    """The preview of what was typed; `token` carries its words to the frame that shows them as HTML."""

    subject: str
    text: str
    real: bool
    token: str


@dataclass(frozen=True)
class Sheet:
    """One letter in one language, with what stands in its form; `standing` are the words in force."""

    letter: str
    title: str
    language: str
    version: int
    own: bool
    form: Mapping[str, str]
    standing: Mapping[str, str]
    facts: Mapping[str, str]
    needs: tuple[str, ...]
    history: list[Version]
    cases: list[tuple[int, str]]
    case: int

    @property
    def address(self) -> str:
        return f"/wording/{self.letter}/{self.language}"


def known(letter: str, language: str) -> bool:
    return letter in LETTERS and language in LANGUAGES


def title(letter: str) -> str:
    return OF_FOLLOWERS.get(letter) or TITLES[f"mail:{letter}"]


async def changed() -> dict[tuple[str, str], dict[str, Any]]:
    """The newest version of each letter in each language, where there is one."""
    return {(row["letter"], row["language"]): row for row in await LetterWording.raw(CHANGED)}


async def sheet(letter: str, language: str, form: Typed | None, *, version: int | None, today: date) -> Sheet:
    """The form as it was typed, or begun with an earlier version (0: the built-in words), or with what is in force."""
    history = [read(row) for row in await LetterWording.raw(VERSIONS, letter, language)]
    newest = history[0] if history else None
    begun = next((each for each in history if each.number == version), newest) if version != 0 else None
    words = asdict(begun.words if begun and begun.words else built_in(letter, language))
    return Sheet(
        letter=letter,
        title=title(letter),
        language=language,
        version=newest.number if newest else 0,
        own=newest is not None and newest.words is not None,
        standing=asdict(newest.words) if newest and newest.words else asdict(built_in(letter, language)),
        form={name: form.get(name) for name in AT_MOST} if form else words,
        facts=meanings(letter, language, today),
        needs=LETTERS[letter].needs,
        history=history,
        cases=await cases(letter),
        case=case_of(form),
    )


def read(row: Mapping[str, Any]) -> Version:
    words = Words(**{name: row[name] for name in AT_MOST}) if row["subject"] is not None else None
    return Version(row["version"], words, row["who"], row["kept_at"])


def kinds(letter: str) -> list[str]:
    return [kind for kind, reaction in LINES if reaction == f"mail:{letter}"]


async def cases(letter: str) -> list[tuple[int, str]]:
    """What happened last and had this letter written: each by its number or topic, and its moment in the town."""
    rows = await Event.raw(LATEST, kinds(letter), CASES, CASES)
    return [(row["id"], f"{named(row)}, {in_town(row['at']):%d.%m.%Y %H:%M}") for row in rows]


def named(row: Mapping[str, Any]) -> str:
    return f"№ {row['number']}" if row["number"] else str(row["topic"])


def case_of(form: Typed | None) -> int:
    """The id of the event to look at; 0 for made-up facts."""
    typed = form.get("case") if form else ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else 0


async def look(letter: str, language: str, words: Words, case: int, secret: str, *, today: date) -> Look:
    event = await Event.objects().get((Event.id == case) & Event.kind.is_in(kinds(letter))) if case else None
    seen = await preview(letter, language, words, event, today=today)
    token = sealed(secret).dumps([letter, language, asdict(seen.words)])
    return Look(seen.words.subject, seen.text, seen.real, str(token))


def as_html(letter: str, language: str, token: str, secret: str) -> str | None:
    """The words that a token carries, as a mail program shows them; nothing for a token that is not ours."""
    try:
        *which, words = sealed(secret).loads(token)
    except BadSignature:
        return None
    return shown(letter, language, Words(**words), "body.html") if which == [letter, language] else None


def sealed(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="words of a letter")


def words_of(form: Typed) -> Words:
    return Words(**{name: form.get(name).strip() for name in AT_MOST})
