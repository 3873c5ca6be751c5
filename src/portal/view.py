"""How a person wants to see the portal: theme, low vision, language and keys, kept in one cookie of their browser."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Self

COOKIE = "view"
COOKIE_LETTERS = 200

# What may be chosen; the first of each is what somebody sees who has never chosen. An empty theme is the system's.
CHOICES: dict[str, tuple[str, ...]] = {
    "theme": ("", "light", "dark"),
    "vision": ("off", "on"),
    "fs": ("1", "1.5", "2"),
    "scheme": ("black-on-white", "white-on-black", "blue-on-blue"),
    "spacing": ("", "wide", "xwide"),
    "images": ("on", "off"),
    "language": ("ru", "en"),
    "keys": ("on", "off"),
}


@dataclass(frozen=True, slots=True)
class View:
    theme: str = ""
    vision: str = "off"
    fs: str = "1"
    scheme: str = "black-on-white"
    spacing: str = ""
    images: str = "on"
    language: str = "ru"
    keys: str = "on"

    @classmethod
    @lru_cache(512)
    def read(cls, cookie: str) -> Self:
        """A cookie is typed by whoever sends it: what is not a choice is left as it was."""
        if len(cookie) > COOKIE_LETTERS or not cookie.isascii():
            return cls()
        return cls().chosen({name: value for name, _, value in (part.partition(":") for part in cookie.split("|"))})

    def chosen(self, choices: Mapping[str, str]) -> Self:
        wanted = {name: value for name, value in choices.items() if value in CHOICES.get(name, ())}
        return replace(self, **wanted)

    def toggled(self) -> Self:
        """Without scripts the server cannot know the system's theme, so the first press goes to the dark one."""
        return replace(self, theme="light" if self.theme == "dark" else "dark")

    def ordinary(self) -> Self:
        """Leaving the version for low vision leaves everything it changed."""
        return replace(self, vision="off", fs="1", scheme="black-on-white", spacing="", images="on")

    def cookie(self) -> str:
        usual = View()
        values = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        # Only letters that a cookie may hold as they are.
        return "|".join(f"{name}:{value}" for name, value in values.items() if value != getattr(usual, name))
