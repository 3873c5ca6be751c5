"""What the journal says of a case that is handed over to a colleague (§4.1, R33)."""

from collections.abc import Callable
from gettext import NullTranslations
from typing import Any

from domain.events import Kind
from domain.wording import N_

Said = dict[str, Any]
Note = Callable[[Said, NullTranslations, str], str]


def named(said: Said, words: NullTranslations, language: str) -> str:
    """The other of the two, and what was said to them."""
    return ": ".join(each for each in (said["executor"], said.get("words")) if each)


SAYINGS: dict[Kind, tuple[str, str, Note]] = {
    Kind.HAND_OVER_OFFERED: ("users", N_("Offered to a colleague"), named),
    Kind.HAND_OVER_TAKEN: ("user-check", N_("Taken over by a colleague"), named),
    Kind.HAND_OVER_RETURNED: ("undo-2", N_("Returned by the colleague"), named),
    Kind.HAND_OVER_WITHDRAWN: ("x", N_("No longer offered to a colleague"), named),
}
