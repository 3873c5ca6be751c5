"""The marks of a photo in words (§4.1, R14): beside the file, in the checklist of the answer, in the journal."""

from collections.abc import Iterable, Mapping, Sequence
from gettext import NullTranslations
from typing import Any

from domain.wording import N_
from portal.desk.answers import File, named

TURNED = {90: N_("turned right"), 180: N_("turned upside down"), 270: N_("turned left")}


def listed(marks: Iterable[str], words: NullTranslations) -> str:
    return ", ".join(words.gettext(label) for label in named(marks))


def unfit(files: Sequence[File]) -> bool:
    """Whether a marked photo waits for its executor."""
    return any(file.marks and not file.as_is for file in files)


def note(files: Sequence[File], words: NullTranslations) -> str | None:
    """Every marked photo of the answer, for whoever looks at it; None when nothing is marked."""
    return "; ".join(told(file, words) for file in files if file.marks) or None


def told(file: File, words: NullTranslations) -> str:
    as_is = words.gettext("the executor has confirmed that it is readable as it is")
    return f"{file.name}: {listed(file.marks, words)}" + (f" ({as_is})" if file.as_is else "")


def edited(said: Mapping[str, Any], words: NullTranslations, language: str) -> str:
    done = [words.gettext(label) for label in (TURNED.get(said["turn"]),) if label]
    done += [words.gettext("cropped")] if said["crop"] else []
    return f"{said['name']}: {', '.join(done) or words.gettext('as it came')}"


def confirmed(said: Mapping[str, Any], words: NullTranslations, language: str) -> str:
    return f"{said['name']}: {listed(said['marks'], words)}"
