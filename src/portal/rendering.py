"""Templates: one prepared Jinja environment a language, so that rendering looks nothing up."""

from collections.abc import Callable, Hashable, Mapping, MutableMapping
from datetime import date, datetime
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from domain.errors import Sentence
from domain.wording import LANGUAGES, LOCALE, translations
from domain.workdays import TOWN
from portal.dom import dom_id

TEMPLATES = Path(__file__).parent / "templates"
KEPT = 64  # as every second citizen chooses one of a few dozen topics
SIZES = ("byte", "kilobyte", "megabyte")


class Rendering:
    def __init__(
        self, *, development: bool, town: str, asset: Callable[[str], str], version: str, pushes: bool
    ) -> None:
        """`version` is that of the files which the pages name; `pushes`: the town has a key for push services."""
        shared = {"development": development, "town": town, "asset": asset, "dom_id": dom_id, "pushes": pushes}
        self.version = _version(version)
        self._environments = {language: _environment(language, development, shared) for language in LANGUAGES}

    def render(self, language: str, template: str, context: Mapping[str, Any]) -> str:
        return self._environments[language].get_template(template).render(context)

    def say(self, language: str, sentence: Sentence) -> str:
        text = translations(language).gettext(sentence.msgid)
        return text % sentence.values if sentence.values else text


@cache
def _version(of_files: str) -> str:
    """What a page looks like apart from what it shows: after an update no browser may keep the page from before."""
    digest = blake2b(of_files.encode(), digest_size=8)
    for path in sorted([*TEMPLATES.rglob("*.html"), *LOCALE.rglob("*.po")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class PlainGlobals(Environment):
    """Jinja 3.1 keeps globals in a ChainMap and compares its keys at every import of macros: a third of a long page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


class Compiled(BytecodeCache):
    """What the templates became: compiled once, however many portals one process has (the tests, one for each)."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self.kept.get(bucket.key):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


@cache
def _compiled(language: str) -> Compiled:
    """Of each language its own: what is constant in a template is worked out while it is compiled."""
    return Compiled()


def _environment(language: str, development: bool, shared: Mapping[str, Any]) -> Environment:
    environment = PlainGlobals(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=development,
        bytecode_cache=_compiled(language),
    )
    i18n = cast(Any, environment)  # the extension adds its methods at run time
    i18n.install_gettext_translations(translations(language), newstyle=True)
    environment.globals.update(shared, kept=_keeping(environment, 0 if development else KEPT))
    environment.filters.update(_filters(language))
    return environment


def _keeping(environment: Environment, at_most: int) -> Callable[..., Markup]:
    """For a long part of a page that is the same for many: rendered once for each of what it is told.

    None is kept while templates are being written, so that a change shows.
    """

    @lru_cache(at_most)
    def kept(template: str, **told: Hashable) -> Markup:
        return Markup(environment.get_template(template).render(told))  # noqa: S704

    return kept


def _filters(locale: str) -> dict[str, Callable[..., str]]:
    """Dates repeat from row to row, and Babel takes longer over one than Jinja over the row: hence the caches."""

    def dates(pattern: str) -> Callable[[date | datetime], str]:
        write = lru_cache(1024)(lambda day: format_date(day, pattern, locale=locale))
        return lambda value: write(_day(value))

    day = dates("d MMMM")
    return {
        "day": day,
        "fullday": dates("d MMMM y"),
        "weekday": dates("EEEE"),
        "month": dates("LLLL"),
        "time": lambda value: f"{value.astimezone(TOWN):%H:%M}",
        "moment": lambda value: f"{day(value)}, {value.astimezone(TOWN):%H:%M}",
        "filesize": lambda size: filesize(size, locale),
        "number": lambda value: format_decimal(value, locale=locale),
    }


def _day(value: date | datetime) -> date:
    return value.astimezone(TOWN).date() if isinstance(value, datetime) else value


def filesize(size: int, locale: str) -> str:
    amount = float(size)
    for unit in SIZES:
        if amount < 1000 or unit == SIZES[-1]:
            break
        amount /= 1024
    shown = round(amount, 1 if amount < 10 else 0)
    return format_unit(shown, f"digital-{unit}", length="short", format="#,##0.#", locale=locale)
