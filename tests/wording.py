"""Every sentence that people read, found in the sources; run as a module it writes the English catalogue anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCES = Path(__file__).parents[1] / "src"
LOCALE = SOURCES / "domain" / "locale"
METHODS = [("**/piccolo_migrations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
JINJA = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
OPTIONS = {"**.html": JINJA, "**.txt": JINJA}
# A sentence may be said in any of these ways; the four refusals of the domain take a msgid first.
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "N_", "say", "NotAllowed", "OutOfTurn", "Stale")),
    "ngettext": (1, 2),
}
Msgid = str | tuple[str, str]


def sentences() -> Iterator[Msgid]:
    found = extract_from_dir(SOURCES, METHODS, OPTIONS, KEYWORDS)
    yield from {key(message) for _, _, message, _, _ in found if message and message != ("", "")}


def key(message: Any) -> Msgid:
    return message if isinstance(message, str) else (message[0], message[1])


def catalogue(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "otklik.po"


def write_english() -> None:
    """English msgids are the English texts; in the file an editor can better them without a programmer."""
    english = Catalog(locale="en", project="otklik", fuzzy=False)
    for message in catalogue("ru"):
        if message.id:
            english.add(message.id, message.id)
    path_of("en").parent.mkdir(parents=True, exist_ok=True)
    with path_of("en").open("wb") as file:
        write_po(file, english, sort_output=True, width=0)


if __name__ == "__main__":
    write_english()
