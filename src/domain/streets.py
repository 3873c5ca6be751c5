"""The street in an address, as people write it: found whatever its case, its «ё» and the way its kind is shortened."""

import re
from collections.abc import Iterator

KINDS = {
    "улица": "ул", "переулок": "пер", "проспект": "пр", "пр-т": "пр", "пр-кт": "пр", "площадь": "пл",
    "микрорайон": "мкр", "бульвар": "б-р", "бул": "б-р", "шоссе": "ш", "проезд": "пр-д", "набережная": "наб",
    "тупик": "туп", "село": "с", "хутор": "х", "поселок": "п", "пос": "п", "деревня": "д",
}  # fmt: skip
OF_STREETS = {"улица", "ул", "переулок", "пер", "проезд"}
WORDS_AT_MOST = 6
LEAST_LETTERS = 3
# A street is typed by strangers and stands in a letter to an address that is not theirs: it has no room for a link, a
# telephone or a speech.
SPELLED = re.compile(r"[А-Яа-яЁёA-Za-z0-9 .,№-]+")
DIGITS_AT_MOST = 4  # «ул. 1905 года»


def words(text: str) -> list[str]:
    found = re.findall(r"\w+(?:-\w+)*", text.casefold().replace("ё", "е"))
    # Beside another kind it is the name: «ул. Набережная», «Набережная улица».
    beside = zip(["", *found], found, [*found[1:], ""], strict=False)
    return [word if {before, after} & OF_STREETS else KINDS.get(word, word) for before, word, after in beside]


def key(street: str) -> str | None:
    """By what the street is found; nothing when these words name none: a kind alone, a number, a whole sentence."""
    if not SPELLED.fullmatch(street) or sum(map(str.isdigit, street)) > DIGITS_AT_MOST:
        return None
    said = kind_first(words(street))
    named = [word for word in said if word not in KINDS.values() and len(re.sub(r"[\W\d_]", "", word)) >= LEAST_LETTERS]
    return " ".join(said) if named and len(said) <= WORDS_AT_MOST else None


def keys_in(address: str) -> list[str]:
    """Every key that would find this address: each run of its neighbouring words; «Мира улица» is «улица Мира»."""
    turned = (" ".join(kind_first(words(piece))) for piece in address.split(","))
    return sorted({*runs(words(address)), *turned})


def kind_first(said: list[str]) -> list[str]:
    """Of one street: where each part has a kind before it, the last word is none that was left behind."""
    kinds = [word for word in said if word in KINDS.values()]
    return [*kinds, *said[:-1]] if kinds and kinds == said[-1:] else said


def spaced(street: str) -> str:
    """As it is shown: with a space after each dot no mail program makes a link of it."""
    return " ".join(street.replace(".", ". ").split())


def runs(said: list[str]) -> Iterator[str]:
    for first in range(len(said)):
        for last in range(first + 1, min(first + WORDS_AT_MOST, len(said)) + 1):
            yield " ".join(said[first:last])
