"""A photo that needs turning, cropping or zooming may not be sent (§4.1, R14): what stops it, and what an edit is.

The marks are made by a program that may err, so an executor can say of each marked photo that it is readable as it is.
"""

import json
from dataclasses import dataclass
from typing import Any, Self

from domain.errors import Sentence, say
from domain.model import Answer, Attachment
from domain.wording import N_

Box = tuple[float, float, float, float]  # left, top, width and height, in shares of what one sees
EXACT = 6  # decimals: a thousandth of a pixel of the widest picture

# In the order of what to mend first; each is told with the clause.
UNFIT = {
    "sideways": N_("“%(name)s” lies on its side: turn it, or confirm that it is readable as it is (clause 4.1)."),
    "borders": N_("“%(name)s” has wide borders: crop it, or confirm that it is readable as it is (clause 4.1)."),
    "small": N_("“%(name)s” is too small: replace it, or confirm that it is readable as it is (clause 4.1)."),
    "dark": N_("“%(name)s” is too dark: replace it, or confirm that it is readable as it is (clause 4.1)."),
    "blurred": N_("“%(name)s” is blurred: replace it, or confirm that it is readable as it is (clause 4.1)."),
    "pages": N_(
        "“%(name)s” has several pages, and only the first is shown: attach it as PDF, or confirm that it is readable "
        "as it is (clause 4.1)."
    ),
}


@dataclass(frozen=True)
class Edit:
    """What is made of the original: first a turn, in degrees clockwise, and then the part of it that is kept."""

    turn: int = 0
    crop: Box | None = None

    @classmethod
    def of(cls, stored: str | None) -> Self:
        known = json.loads(stored) if stored else {}
        return cls(known.get("turn", 0), tuple(known["crop"]) if known.get("crop") else None)

    def turned(self, degrees: int) -> "Edit":
        """So many degrees further; what was kept is kept, and turns with the picture."""
        return Edit((self.turn + degrees) % 360, self.crop and turned(self.crop, degrees))

    def cropped(self, box: Box) -> "Edit":
        """Only this part of what one sees now."""
        left, top, width, height = self.crop or (0.0, 0.0, 1.0, 1.0)
        inner = (left + box[0] * width, top + box[1] * height, box[2] * width, box[3] * height)
        return Edit(self.turn, rounded(inner))

    def shows(self, area: Box) -> Box:
        """Where an area of the original stands in what one sees; it may lie beyond its sides."""
        left, top, width, height = turned(area, self.turn)
        own = self.crop or (0.0, 0.0, 1.0, 1.0)
        return rounded(((left - own[0]) / own[2], (top - own[1]) / own[3], width / own[2], height / own[3]))

    def original(self, area: Box) -> Box:
        """Where in the original an area of what one sees is."""
        own = self.crop or (0.0, 0.0, 1.0, 1.0)
        left, top = own[0] + area[0] * own[2], own[1] + area[1] * own[3]
        return turned((left, top, area[2] * own[2], area[3] * own[3]), 360 - self.turn)

    def as_json(self) -> str | None:
        """None for what is the original again."""
        return json.dumps({"turn": self.turn, "crop": self.crop}) if self.turn or self.crop else None


UNTOUCHED = Edit()


def turned(box: Box, degrees: int) -> Box:
    """The same part of a picture when that is turned clockwise."""
    for _ in range(degrees // 90 % 4):
        left, top, width, height = box
        box = rounded((1 - top - height, left, height, width))
    return box


def rounded(box: Box) -> Box:
    left, top, width, height = (round(each, EXACT) for each in box)
    return left, top, width, height


async def unfit(answer: Answer) -> Sentence | None:
    """Why the files of the answer may not be sent, if there is a reason."""
    columns: Any = (Attachment.name, Attachment.state, Attachment.marks, Attachment.as_is)
    files = Attachment.select(*columns).where(Attachment.answer == answer.id)
    for file in await files.order_by(Attachment.received_at).output(load_json=True):
        if file["state"] == "received":
            return say("“%(name)s” is still being prepared: send the answer in a moment.", name=file["name"])
        mark = next((each for each in UNFIT if each in file["marks"]), None)
        if mark and not file["as_is"]:
            return say(UNFIT[mark], name=file["name"])
    return None
