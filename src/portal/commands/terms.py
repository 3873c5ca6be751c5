"""`otklik terms`: when every term of the regulation ends for a message that arrives, or is sent on, at a moment."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import click

from domain import workdays
from domain.rulebook import Limits, Rulebook, rulebook
from domain.terms import TRACK_WORKDAYS
from domain.wording import N_, translations
from domain.workdays import Calendar, Count, Skipped, Why

LANGUAGE = "ru"
DATABASE_SECONDS = 5.0
TERMS: Mapping[str, Callable[[Rulebook, datetime], Count]] = {
    "register_by": lambda book, at: workdays.register_by(book.calendar, at, book.limits.registration_hour),
    "decide_by": lambda book, at: workdays.decide_by(book.calendar, at),
    "accept_by": lambda book, at: workdays.in_workdays(book.calendar, at, 1),
    "return_by": lambda book, at: workdays.in_workdays(book.calendar, at, 1),
    "answer_by_track_1": lambda book, at: workdays.in_workdays(book.calendar, at, TRACK_WORKDAYS[1]),
    "answer_by_track_2": lambda book, at: workdays.in_workdays(book.calendar, at, TRACK_WORKDAYS[2]),
    "rework_by": lambda book, at: workdays.in_workdays(book.calendar, at, book.limits.rework_workdays),
    "follow_up_by": lambda book, at: workdays.in_workdays(book.calendar, at, book.limits.follow_up_workdays),
}
NAMES = {
    "moment_of_sending": N_("Counted as sent"),
    "register_by": N_("Register by"),
    "decide_by": N_("Register or refuse by"),
    "accept_by": N_("Accept by"),
    "return_by": N_("Return by"),
    "answer_by_track_1": N_("Answer by, fast track 1"),
    "answer_by_track_2": N_("Answer by, fast track 2"),
    "rework_by": N_("Rework by"),
    "follow_up_by": N_("Additional answer by"),
}
PROVISIONAL, COUNTED, SKIPPED = N_("provisional"), N_("counted"), N_("skipped")
Line = tuple[str, datetime, Count]  # the name of a term, when it ends, how it was counted


@click.command("terms")
@click.argument("moments", metavar="MOMENT...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def command(moments: tuple[str, ...], as_json: bool) -> None:
    """Count the terms of a message from each MOMENT (ISO 8601 with an offset or Z).

    The operator's corrections of the calendar count too where DATABASE_URL names the database.
    """
    book = known_rules()
    wrong = 0
    for given in moments:
        try:
            at = workdays.in_town(moment_of(given))
            lines = list(counted(book, at))
        except ValueError as reason:
            wrong += 1
            click.echo(f"{given}: {say(str(reason))}", err=True)
        else:
            click.echo(as_object(at, lines) if as_json else as_table(at, lines))
    if wrong:
        raise SystemExit(2)


def moment_of(given: str) -> datetime:
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        raise ValueError(N_("This is not a moment as ISO 8601 writes it.")) from None


def known_rules() -> Rulebook:
    """The rules as the operator set them where there is a database to ask; no term waits for it in vain."""
    if not os.environ.get("DATABASE_URL"):
        return Rulebook(Calendar(), Limits())
    import asyncpg

    from domain.outages import DatabaseAway

    try:
        return asyncio.run(asyncio.wait_for(rulebook(), DATABASE_SECONDS))
    except (DatabaseAway, TimeoutError, asyncpg.PostgresError, ValueError) as reason:
        text = say(N_("The database does not answer: the operator's corrections are not counted."))
        click.echo(f"{text} ({reason or type(reason).__name__})", err=True)
        return Rulebook(Calendar(), Limits())


def counted(book: Rulebook, at: datetime) -> Iterator[Line]:
    sent_at, how = workdays.sending(book.calendar, at)
    yield "moment_of_sending", sent_at, how
    for name, count in TERMS.items():
        term = count(book, at)
        yield name, term.ends_at, term


def as_object(at: datetime, lines: list[Line]) -> str:
    ends = {name: end.isoformat() for name, end, _ in lines}
    days = {name: days_of(count) for name, _, count in lines}
    provisional = any(count.provisional for _, _, count in lines)
    shown = {"moment": at.isoformat(), **ends, "provisional": provisional, "days": days}
    return json.dumps(shown, ensure_ascii=False)


def days_of(count: Count) -> dict[str, Any]:
    return {
        "counted": [day.isoformat() for day in count.counted],
        "skipped": [{"day": off.day.isoformat(), "why": off.why, "name": name_of(off)} for off in count.skipped],
        "provisional": count.provisional,
    }


def as_table(at: datetime, lines: list[Line]) -> str:
    width = max(len(say(name)) for name in NAMES.values())
    rows = [at.isoformat(sep=" ")]
    for name, end, count in lines:
        mark = f"  ({say(PROVISIONAL)})" if count.provisional else ""
        rows.append(f"  {say(NAMES[name]):{width}}  {end:%d.%m.%Y %H:%M:%S}{mark}")
        rows.append(f"  {'':{width}}    {say(COUNTED)}: {', '.join(f'{day:%d.%m}' for day in count.counted)}")
        if count.skipped:
            rows.append(f"  {'':{width}}    {say(SKIPPED)}: {', '.join(stretches(count.skipped))}")
    return "\n".join(rows) + "\n"


def stretches(skipped: tuple[Skipped, ...]) -> Iterator[str]:
    """Days off that follow one another for the same reason, as one stretch."""
    for (name, _), days in groupby(enumerate(skipped), lambda place: (name_of(place[1]), run_of(*place))):
        first, *rest = [off.day for _, off in days]
        yield f"{first:%d.%m}–{rest[-1]:%d.%m} {name}" if rest else f"{first:%d.%m} {name}"


def run_of(place: int, off: Skipped) -> int:
    """The same number for all days of an unbroken row, because place and day grow together."""
    return off.day.toordinal() - place


def name_of(off: Skipped) -> str:
    return say(N_("weekend")) if off.why == Why.WEEKEND else off.reason


def say(msgid: str) -> str:
    return translations(LANGUAGE).gettext(msgid)
