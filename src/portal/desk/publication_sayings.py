"""What the journal says of what stands before everybody: shown, covered, rejected (§2, R28)."""

from collections.abc import Callable
from gettext import NullTranslations
from typing import Any

from domain.events import Kind
from domain.wording import N_
from portal.cards.story import what_was_rejected

Said = dict[str, Any]
Note = Callable[[Said, NullTranslations, str], str]


def photos_shown(said: Said, words: NullTranslations, language: str) -> str:
    count = len(said.get("photos") or ())
    return words.ngettext("with %(num)s photo", "with %(num)s photos", count) % {"num": count} if count else ""


def rejected(said: Said, words: NullTranslations, language: str) -> str:
    return f"{what_was_rejected(said, words)}: {said['named']} – {said['words']}"


def covered(said: Said, words: NullTranslations, language: str) -> str:
    count = said["areas"]
    return words.ngettext("%(num)s area", "%(num)s areas", count) % {"num": count}


SAYINGS: dict[Kind, tuple[str, str, Note]] = {
    Kind.PUBLISHED: ("megaphone", N_("Published"), photos_shown),
    Kind.ANSWER_PUBLISHED: ("megaphone", N_("Answer published"), photos_shown),
    Kind.PUBLICATION_REJECTED: ("eye-off", N_("Publication rejected"), rejected),
    Kind.PHOTO_COVERED: ("image", N_("Areas of a photo covered"), covered),
}
