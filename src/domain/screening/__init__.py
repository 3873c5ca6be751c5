"""What the words of a message speak for before anybody has judged it (§3): abuse, danger, no place, grounds of refusal.

Pure: a text in, places in the text out, each with what it is. A person decides; nothing here refuses anything.
"""

import re
from dataclasses import dataclass

LOOKALIKES = str.maketrans("aceopxykmtbhëё@036", "асеорхукмтвнееаозб")


@dataclass(frozen=True)
class Seen:
    """A piece of the text that speaks for something."""

    start: int
    end: int


def seen(pattern: re.Pattern[str], text: str) -> list[Seen]:
    return [Seen(match.start(), match.end()) for match in pattern.finditer(text)]
