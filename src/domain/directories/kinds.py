"""What a field of a directory can hold: how it is read from a form or a sheet, written to one, and kept in history."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.errors import Sentence, say
from domain.wording import N_

UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
DAY_IN_WORDS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")  # as people and their spreadsheets write it
DAY_OF_MONTH = re.compile(r"(\d{1,2})\.(\d{1,2})")
LEAP = 2024  # a year that has every day
YES = ("yes", "да", "1", "true", "истина")
NO = ("no", "нет", "0", "false", "ложь", "")
LINES_AT_MOST = 40

MISSING = N_("Fill this in.")
NUMBER = N_("Write a number here.")
RANGE = N_("This number is out of range.")
CHOICE = N_("Choose one from the list.")
DAY = N_("Write a date here.")
YES_OR_NO = N_("Write yes or no here.")
MONTH_DAY = N_("Write the day and the month, for instance 15.04.")
NOT_A_CODE = N_("A code has Latin letters, digits, dots and hyphens, at most 40 of them.")
NO_ADDRESS = N_("Write one address, for instance name@town.example.")
TOO_LONG = N_("No more than %(max_length)s characters fit here.")
TOO_MANY = N_("No more than %(count)d lines fit here.")
CONTROL = N_("Take out the characters that cannot be seen.")


class Misfit(Exception):
    """What was typed is none of this kind."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.msgid)
        self.sentence = sentence


@dataclass(frozen=True)
class Text:
    """One line; `or_none` keeps an empty one as NULL."""

    at_most: int = 200
    or_none: bool = False
    widget: str = "text"

    def read(self, typed: str) -> Any:
        value = self.tidy(typed)
        if UNSEEN.search(value):
            raise Misfit(say(CONTROL))
        if len(value) > self.at_most:
            raise Misfit(say(TOO_LONG, max_length=self.at_most))
        return None if self.or_none and not value else value

    def tidy(self, typed: str) -> str:
        return " ".join(typed.split())

    def write(self, value: Any) -> str:
        return "" if value is None else str(value)

    def stored(self, value: Any) -> Any:
        """As history keeps it, in JSON."""
        return value

    def restored(self, kept: Any) -> Any:
        return kept


@dataclass(frozen=True)
class LongText(Text):
    at_most: int = 4000
    widget: str = "textarea"

    def tidy(self, typed: str) -> str:
        return "\n".join(line.rstrip() for line in typed.replace("\r\n", "\n").strip().split("\n"))


@dataclass(frozen=True)
class Code(Text):
    """By a code rows are told apart in files, so it never changes."""

    at_most: int = 40

    def read(self, typed: str) -> Any:
        value = super().read(typed)
        if value and not CODE.fullmatch(value):
            raise Misfit(say(NOT_A_CODE))
        return value


@dataclass(frozen=True)
class Mail(Text):
    """An address for letters."""

    or_none: bool = True

    def read(self, typed: str) -> Any:
        value = super().read(typed)
        if value and not ADDRESS.fullmatch(value):
            raise Misfit(say(NO_ADDRESS))
        return value


@dataclass(frozen=True)
class Lines(Text):
    """A list of short lines, each for itself."""

    widget: str = "lines"

    def read(self, typed: str) -> Any:
        lines = [super(Lines, self).read(line) for line in typed.splitlines() if line.strip()]
        if len(lines) > LINES_AT_MOST:
            raise Misfit(say(TOO_MANY, count=LINES_AT_MOST))
        return lines

    def write(self, value: Any) -> str:
        return "\n".join(value)


@dataclass(frozen=True)
class Number(Text):
    least: int = 0
    most: int = 10_000
    widget: str = "number"

    def read(self, typed: str) -> Any:
        if not typed.strip() and self.or_none:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}", typed.strip()):
            raise Misfit(say(NUMBER if typed.strip() else MISSING))
        value = int(typed)
        if not self.least <= value <= self.most:
            raise Misfit(say(RANGE))
        return value


@dataclass(frozen=True)
class Choice(Text):
    """One of a few words; `options` are pairs of value and label (a msgid). A value may be a number."""

    options: tuple[tuple[Any, str], ...] = ()
    widget: str = "select"

    def read(self, typed: str) -> Any:
        for value, _ in self.options:
            if typed.strip() == str(value):
                return value
        raise Misfit(say(CHOICE))


@dataclass(frozen=True)
class Flag(Text):
    widget: str = "check"

    def read(self, typed: str) -> Any:
        if typed.strip().lower() in YES:
            return True
        if typed.strip().lower() in NO:
            return False
        raise Misfit(say(YES_OR_NO))

    def write(self, value: Any) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True)
class Day(Text):
    widget: str = "date"

    def read(self, typed: str) -> Any:
        if not typed.strip() and self.or_none:
            return None
        try:
            if found := DAY_IN_WORDS.fullmatch(typed.strip()):
                return date(int(found[3]), int(found[2]), int(found[1]))
            return date.fromisoformat(typed.strip())
        except ValueError:
            raise Misfit(say(DAY)) from None

    def write(self, value: Any) -> str:
        return value.isoformat() if value else ""

    def stored(self, value: Any) -> Any:
        return value.isoformat() if value else None

    def restored(self, kept: Any) -> Any:
        return date.fromisoformat(kept) if kept else None


@dataclass(frozen=True)
class MonthDay(Text):
    """A day of every year: people write 15.04, the table holds 04-15 so that days compare."""

    or_none: bool = True

    def read(self, typed: str) -> Any:
        if not typed.strip():
            return None
        found = DAY_OF_MONTH.fullmatch(typed.strip())
        try:
            day = date(LEAP, int(found[2]), int(found[1])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise Misfit(say(MONTH_DAY))
        return f"{day:%m-%d}"

    def write(self, value: Any) -> str:
        return f"{value[3:]}.{value[:2]}" if value else ""


@dataclass(frozen=True)
class Reference(Text):
    """A row of another directory, by its id; in files by its code.

    `only` narrows the rows that may be chosen to some of those in use, `also` finds others beside them.
    """

    to: str = ""
    only: tuple[tuple[str, Any], ...] = ()
    also: Callable[[], Awaitable[set[int]]] | None = None
    widget: str = "reference"

    def read(self, typed: str) -> Any:
        if not typed.strip() and self.or_none:
            return None
        if not re.fullmatch(r"[0-9]{1,18}", typed.strip()):
            raise Misfit(say(CHOICE))
        return int(typed)
