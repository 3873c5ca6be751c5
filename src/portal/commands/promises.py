"""`otklik promises < TEXT`: what a text promises, and by when (§4.2, R18)."""

import json
import sys
from typing import Any

import click

from domain.promises import Promise, find
from domain.wording import N_, translations
from domain.workdays import in_town
from workers import moment

LANGUAGE = "ru"
UNDATED, NOTHING = N_("no exact date"), N_("The text promises nothing.")


@click.command("promises")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """Find the promises of the text that comes on the standard input (UTF-8).

    A date without a year is the nearest one to come. Places are counted in characters.
    """
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    found = find(text, today=in_town(moment.now()).date())
    words = translations(LANGUAGE)
    if as_json:
        click.echo(json.dumps({"promises": [as_object(each) for each in found]}, ensure_ascii=False))
        return
    for each in found:
        by = f"{each.date:%d.%m.%Y}" if each.date else words.gettext(UNDATED)
        click.echo(f"{each.start}–{each.end}  {by}  {' '.join(each.text.split())}")
    if not found:
        click.echo(words.gettext(NOTHING))


def as_object(found: Promise) -> dict[str, Any]:
    day = found.date.isoformat() if found.date else None
    return {"start": found.start, "end": found.end, "text": found.text, "date": day}
