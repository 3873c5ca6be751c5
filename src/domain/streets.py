"""The street in an address, as people write it: found whatever its case, its «ё» and the way its kind is shortened."""

import re
from collections.abc import Iterator

KINDS = {
    "улица": "ул", "переулок": "пер", "проспект": "пр", "пр-т": "пр", "пр-кт": "пр", "площадь": "пл",
    "микрорайон": "мкр", "бульвар": "б-р", "бул": "б-р", "шоссе": "ш", "проезд": "пр-д", "набережная": "наб",
    "тупик": "туп", "село": "с", "хутор": "х", "поселок": "п", "пос": "п", "деревня": "д",
}  # fmt: skip
WORDS_AT_MOST = 8
LEAST_LETTERS = 3


def words(text: str) -> list[str]:
    found = re.findall(r"\w+(?:-\w+)*", text.casefold().replace("ё", "е"))
    return [KINDS.get(word, word) for word in found]


def key(street: str) -> str | None:
    """By what the street is found; nothing when these words name none: a kind alone, a number, a whole sentence."""
    said = words(street)
    named = [word for word in said if word not in KINDS.values() and len(re.sub(r"[\W\d_]", "", word)) >= LEAST_LETTERS]
    return " ".join(said) if named and len(said) <= WORDS_AT_MOST else None


def keys_in(address: str) -> list[str]:
    """Every key that would find this address: each run of its neighbouring words."""
    return sorted(set(runs(words(address))))


def runs(said: list[str]) -> Iterator[str]:
    for first in range(len(said)):
        for last in range(first + 1, min(first + WORDS_AT_MOST, len(said)) + 1):
            yield " ".join(said[first:last])
