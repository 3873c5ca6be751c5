"""What a PDF holds besides its pages, and what its safe copy therefore lacks: told to whoever looks into the file."""

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

# In the order in which they are told. Of each: keys that give it away, and names that do as values.
FINDS = {
    "javascript": {"/JS", "/JavaScript"},
    "actions": {"/OpenAction", "/AA", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"},
    "form": {"/AcroForm", "/XFA"},
    "attachments": {"/EmbeddedFiles", "/EF", "/FileAttachment", "/Collection"},
    "media": {"/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"},
    "links": {"/URI"},
}
SPEAKING = ("/S", "/Subtype", "/Type", "/FT")  # keys whose value says what a dictionary is


def finds(pdf: Pdf) -> list[str]:
    told: set[str] = set()
    for key, value in pairs(pdf):
        # Where a document opens is a place; an action is a dictionary.
        if not (key == "/OpenAction" and isinstance(value, Array)):
            told.add(str(key))
        if key in SPEAKING and isinstance(value, Name):
            told.add(str(value))
    return [name for name, signs in FINDS.items() if told & signs] + (["encrypted"] if pdf.is_encrypted else [])


def pairs(pdf: Pdf) -> Iterator[tuple[str, Any]]:
    """Every key of every dictionary, those that nothing leads to as well."""
    for top in (*pdf.objects, pdf.trailer):
        waiting: list[Any] = [top]
        while waiting:
            value = waiting.pop()
            if isinstance(value, (Dictionary, Stream)):
                yield from value.items()
                waiting += [each for each in value.values() if nested(each)]
            elif isinstance(value, Array):
                waiting += [each for each in value if nested(each)]


def nested(value: Any) -> bool:
    return isinstance(value, (Dictionary, Array)) and not value.is_indirect
