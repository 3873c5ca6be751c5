"""`otklik inspect FILE…`: what would become of files that somebody attaches, and why (§4.1, R13, R14)."""

import asyncio
import json
from dataclasses import asdict

import click

from domain.wording import LANGUAGES, N_, translations
from portal.cards.papers import left_out
from portal.desk.answers import named
from workers import papers
from workers.inspecting import Found, inspect
from workers.pictures import ChildFailed, Darkroom

ACCEPTED, REFUSED = N_("accepted"), N_("refused")
words = translations(LANGUAGES[0])


@click.command("inspect")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def command(files: tuple[str, ...], as_json: bool) -> None:
    """Say of each FILE whether the portal would take it, what it is, and what makes it unfit to be sent.

    The files are read by the process that reads those of strangers, within the same limits; nothing is kept. A photo
    is measured in pixels, a PDF by its first page in points, with what its safe copy lacks. No antivirus is asked.
    """
    asyncio.run(tell(files, as_json=as_json))


async def tell(files: tuple[str, ...], *, as_json: bool) -> None:
    async with Darkroom() as darkroom, Darkroom(papers.CHILD) as reading_room:
        for file in files:
            try:
                found = await inspect(file, darkroom, reading_room)
            except ChildFailed as trouble:
                raise click.ClickException(str(trouble)) from trouble
            click.echo(as_object(file, found) if as_json else as_line(file, found))


def as_object(file: str, found: Found) -> str:
    """In ASCII, whatever the name of the file is made of."""
    reason = words.gettext(found.reason) if found.reason else None
    return json.dumps({"file": file, **asdict(found), "reason": reason})


def as_line(file: str, found: Found) -> str:
    said = [words.gettext(ACCEPTED if found.outcome == "accepted" else REFUSED), found.kind or ""]
    said += [f"{found.width}×{found.height}"] if found.width else []
    said += [words.gettext(label) for label in (*named(found.marks), *left_out(found.marks))]
    said += [words.gettext(found.reason)] if found.reason else []
    return f"{harmless(file)}: {', '.join(each for each in said if each)}"


def harmless(name: str) -> str:
    """A name on one line, in its own direction: what cannot be printed is written as its number."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in name)
