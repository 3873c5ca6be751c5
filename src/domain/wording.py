"""The catalogues of texts for people, read straight from their .po files, so that nothing waits to be compiled."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

LANGUAGES = ("ru", "en")  # the first is the default
LOCALE = Path(__file__).parent / "locale"


def N_(msgid: str) -> str:
    """Mark a text for the catalogues where it stands; whoever shows it translates it."""
    return msgid


@cache
def translations(language: str) -> NullTranslations:
    """The texts in one language; without a catalogue the English msgids speak for themselves."""
    catalogue = LOCALE / language / "LC_MESSAGES" / "otklik.po"
    if not catalogue.exists():
        return NullTranslations()
    return compiled(catalogue, language)


def compiled(catalogue: Path, language: str) -> GNUTranslations:
    # Babel is loaded with the first catalogue, because commands that print only data need none.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    memory = BytesIO()
    with catalogue.open("rb") as file:
        write_mo(memory, read_po(file, locale=language))
    memory.seek(0)
    return GNUTranslations(memory)
