"""`otklik storage sweep` and `check`: what lies in the store of files, and whether it is what was kept."""

import asyncio
import json
from collections import Counter

import click

from domain.database import close_pool, open_pool
from domain.wording import LANGUAGES, N_, translations
from portal.commands._starting import checked_settings
from workers import checking, moment, orphans
from workers.checking import Checked

words = translations(LANGUAGES[0])
NOTHING_LIES = N_("Nothing lies in the store.")
KINDS = {"damaged": N_("damaged"), "missing": N_("missing")}
READ = N_("Files read: %(count)s, damaged: %(damaged)s, missing: %(missing)s.")


@click.group("storage")
def command() -> None:
    """The store of files (STORAGE_URL): what no row speaks of, and what is not what was kept."""
    checked_settings()


@command.command()
@click.option("--dry-run", is_flag=True, help="Count, and change nothing.")
def sweep(dry_run: bool) -> None:
    """Set aside for a day the files that no row speaks of, and delete what was set aside before."""
    tally = asyncio.run(swept(dry=dry_run))
    for name, count in tally.items():
        click.echo(f"{words.gettext(name)}: {count}")
    if not tally:
        click.echo(words.gettext(NOTHING_LIES))


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(as_json: bool) -> None:
    """Read every file that a row speaks of and count its sum; exit code 1 when one is damaged or missing."""
    count, wrong = asyncio.run(checked())
    by_kind = {kind: [each.file for each in wrong if each.kind == kind] for kind in KINDS}
    if as_json:
        told = {kind: [{"hash": file.hash, "case": file.case} for file in files] for kind, files in by_kind.items()}
        click.echo(json.dumps({"checked": count, **told}))
    else:
        for each in wrong:
            click.echo(f"{words.gettext(KINDS[each.kind])}  {each.file.hash}  {each.file.case or '—'}")
        numbers = {kind: len(files) for kind, files in by_kind.items()}
        click.echo(words.gettext(READ) % {"count": count, **numbers})
    if wrong:
        raise SystemExit(1)


async def swept(*, dry: bool) -> Counter[str]:
    await open_pool(max_size=2)
    tally = await orphans.sweep(at=moment.now(), dry=dry)
    await close_pool()
    return tally


async def checked() -> tuple[int, list[Checked]]:
    """How many files were read, and those that are wrong: of a sound store of a million nothing is remembered."""
    count, wrong = 0, []
    await open_pool(max_size=2)
    async for some in checking.check_all():
        count += len(some)
        wrong += [each for each in some if each.kind != "sound"]
    await close_pool()
    return count, wrong
