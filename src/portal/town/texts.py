"""What the people of the demo town write: messages with a place, answers with their dates, remarks."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Any

from babel.dates import format_date

from portal.town import read


@dataclass(frozen=True)
class Place:
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Said:
    """A message as its author typed it, and the moderator's copy for everybody."""

    text: str
    public: str


@cache
def words() -> dict[str, Any]:
    return read("words")


@cache
def stories() -> list[dict[str, Any]]:
    """For each topic what people write on it, which drawing fits, and how it can be answered."""
    return read("stories")


def story_of(topic: str) -> dict[str, Any]:
    return next(story for story in stories() if story["topic"] == topic)


def place(chance: Random, topic: str) -> Place:
    """A house in a street of the town; dirt roads lie in its villages."""
    villages = topic in ("dirt-road", "ragweed")
    streets = [street for street in words()["streets"] if (street[0][:2] in ("с.", "х.")) >= villages]
    name, latitude, longitude, houses = chance.choice(streets)
    near = chance.choice(words()["places"])
    address = f"{name}, {chance.randint(1, houses)}" + (f", {near}" if near else "")
    return Place(
        address, round(latitude + chance.uniform(-2e-3, 2e-3), 6), round(longitude + chance.uniform(-3e-3, 3e-3), 6)
    )


def said(chance: Random, text: str) -> Said:
    """The text with what people add to it; some add what must not stand before everybody."""
    more = chance.choice(words()["whens"])
    text = f"{text} {more}".strip()
    if chance.random() > 0.07:
        return Said(text, text)
    private, hidden = chance.choice(words()["private"])
    return Said(f"{text} {private.format(n=chance.randint(10, 99))}", f"{text} {hidden}")


def answer(chance: Random, texts: list[str], *, done: date, planned_on: date | None) -> str:
    """An answer on the substance: the day on which the work was done, or the date that it promises."""
    promised = format_date(planned_on, "d MMMM y 'года'", locale="ru") if planned_on else ""
    text = chance.choice(texts).format(done=day(done), date=promised)
    return f"Здравствуйте! {text[0].upper()}{text[1:]}"


def day(value: date) -> str:
    return format_date(value, "d MMMM", locale="ru")
