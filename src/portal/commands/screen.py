"""`otklik screen < TEXT`: what a moderator is shown of a text (§3): topics, personal data, grounds."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from domain.database import close_pool, open_pool
from domain.outages import DatabaseAway
from domain.wording import LANGUAGES, N_, translations
from portal.desk.hints import KINDS
from portal.town import read
from workers.screening import Screened, screen
from workers.screening.knowing import by_code, directory, model_for
from workers.screening.topics import Line, Model, described

words = translations(LANGUAGES[0])
PATIENCE = 3  # seconds for a database that may not be there
TOPIC, GROUND, NOTHING = N_("topic"), N_("ground %(code)s"), N_("Nothing stands out in the text.")
OBSCENE, EMERGENCY = N_("abuse"), N_("call 112")


@click.command("screen")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """Read the text that comes on the standard input (UTF-8) as the worker reads each new message.

    Places are counted in characters of the input as it is, its line ends among them; a byte that is no UTF-8 is one
    character. Where DATABASE_URL leads to a town, its topics are suggested and what was learned there; otherwise
    those of the demo town, by their names and words.
    """
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    model, lines = asyncio.run(known_there()) or shipped()
    seen = screen(text, model, lines)
    if as_json:
        click.echo(json.dumps(as_object(seen, lines)))
        return
    for line in as_lines(text, seen, lines):
        click.echo(line)


async def known_there() -> tuple[Model, dict[str, Line]] | None:
    """None without a database, or where it has no topics."""
    if not os.environ.get("DATABASE_URL"):
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            await open_pool(min_size=0, max_size=1)
            lines = await directory()
        return (await model_for(lines), lines) if lines else None
    except (DatabaseAway, OSError, TimeoutError, ValueError):
        return None
    finally:
        await close_pool()


def shipped() -> tuple[Model, dict[str, Line]]:
    tree = [(category, topic) for category in read("topics") for topic in category["topics"]]
    lines = by_code(
        Line(topic["code"], topic["name"], category["code"], category["name"], tuple(topic.get("covered", ())))
        for category, topic in tree
    )
    written = ((text, story["topic"]) for story in read("stories") for text in story["texts"])
    return Model.learned([*described(lines.values()), *written]), lines


def as_object(seen: Screened, lines: Mapping[str, Line]) -> dict[str, Any]:
    """In ASCII, whatever the text is made of."""
    return {
        "topics": [
            {"category": line.category, "topic": line.name, "score": each.score, "category_code": line.category_code,
             "topic_code": line.code}
            for each in seen.topics for line in [lines[each.topic]]
        ],
        "personal_data": [{"start": each.start, "end": each.end, "kind": each.kind.value} for each in seen.personal],
        "obscene": bool(seen.obscene),
        "emergency": bool(seen.dangers),
        "grounds": list(seen.grounds),
    }  # fmt: skip


def as_lines(text: str, seen: Screened, lines: Mapping[str, Line]) -> list[str]:
    """The same for people, each with its reason."""
    told = [
        f"{words.gettext(TOPIC)}: {line.category} → {line.name}, {each.score:.0%} ({', '.join(each.words)})"
        for each in seen.topics
        for line in [lines[each.topic]]
    ]
    told += [
        f"{each.start}–{each.end}  {words.gettext(KINDS[each.kind])}: {text[each.start : each.end]!r}"
        for each in seen.personal
    ]
    told += [words.gettext(OBSCENE)] * bool(seen.obscene) + [words.gettext(EMERGENCY)] * bool(seen.dangers)
    told += [
        f"{words.gettext(GROUND) % {'code': code}}" + (f": {', '.join(why)}" if why else "")
        for code, why in seen.grounds.items()
    ]
    return told or [words.gettext(NOTHING)]
