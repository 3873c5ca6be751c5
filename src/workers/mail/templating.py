"""The templates of the letters: an environment for each language, and what every letter shows of the portal."""

import os
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.wording import translations
from domain.workdays import TOWN
from workers.settings import Settings

TEMPLATES = Path(__file__).parent


@cache
def environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cast(Any, made).install_gettext_translations(translations(language), newstyle=True)
    made.filters["day"] = lambda value: shown_day(value, language)
    return made


def shown_day(value: date | datetime | str, language: str) -> str:
    """A placeholder that stands for a day stays as it is."""
    return value if isinstance(value, str) else format_date(day_of(value), "d MMMM", locale=language)


def day_of(value: date | datetime) -> date:
    return value.astimezone(TOWN).date() if isinstance(value, datetime) else value


def frame(language: str) -> dict[str, str]:
    """What every letter shows of the portal."""
    settings = Settings.from_env()
    return {"language": language, "town": settings.town_name, "portal": settings.public_url}


def link(path: str) -> str:
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}{path}"
