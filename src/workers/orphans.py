"""The daily sweep of the store: files that no row speaks of, and pieces of uploads that nobody went on with.

It reads the store a page at a time and asks for the rows of each page by their indexes, so a million files take time
but no memory. A file may be kept again, and its row written, at any moment of the sweep. So only what has lain for a
day is taken, and not deleted but set aside for another day: what some row speaks of by then is brought back.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.wording import N_
from workers import shelf, storage
from workers.pieces import INCOMING
from workers.shelf import Lying
from workers.spoken_of import spoken_of
from workers.store import StoreAway, folder

log = logging.getLogger(__name__)

FRESH = timedelta(days=1)  # a file whose row is only being written, or that was set aside
# A net under the rows of uploads, which are swept much sooner and take their pieces with them.
COMING = timedelta(days=7)

# What became of the files: `kept` are spoken of or fresh, `strange` is not ours and left alone.
KEPT, SET_ASIDE, BROUGHT_BACK = N_("in their place"), N_("set aside, as no row speaks of them"), N_("brought back")
DELETED, PIECES, HALVES = N_("deleted for good"), N_("pieces of uploads deleted"), N_("half-written files deleted")
STRANGE = N_("not files of the portal")
Tally = Counter[str]


async def sweep_store(*, at: datetime) -> None:
    """By the clock. A store that is away is swept tomorrow; whoever keeps or reads a file is told of it anyway."""
    try:
        swept = await sweep(at=at)
    except StoreAway as trouble:
        log.warning("the store of files was not swept: %s", trouble)
        return
    log.info("the store of files was swept: %s", told(swept))


async def sweep(*, at: datetime, dry: bool = False) -> Tally:
    """What was done to how many files; `dry` only counts."""
    tally: Tally = Counter()
    async for page in shelf.set_aside():
        tally += await delete_old(page, at=at, dry=dry)
    for name in shelf.SHELVES:
        async for page in shelf.pages(name):
            tally += await look_through(page, at=at, dry=dry)
    # After the others: what somebody kept again in this very minute comes back in the same sweep.
    async for page in shelf.set_aside():
        tally += await bring_back(page, dry=dry)
    async for page in shelf.pages(INCOMING):
        tally += await drop(page, at=at, dry=dry)
    return tally + await drop_halves(at=at, dry=dry)


async def delete_old(page: Sequence[Lying], *, at: datetime, dry: bool) -> Tally:
    """What was set aside more than a day ago, and no row speaks of still."""
    old = {
        lying: lying.hash
        for lying in page
        if lying.hash and lying.set_aside_on and lying.set_aside_on < (at - FRESH).date()
    }
    spoken = await spoken_of(set(old.values()))
    over = [lying for lying, hash in old.items() if hash not in spoken]
    for lying in [] if dry else over:
        await shelf.delete(lying)
    return Counter({DELETED: len(over)})


async def bring_back(page: Sequence[Lying], *, dry: bool) -> Tally:
    """What some row speaks of after all, to where it lay."""
    spoken = await spoken_of({lying.hash for lying in page if lying.hash})
    back = [lying for lying in page if lying.hash in spoken]
    for lying in [] if dry else back:
        await shelf.bring_back(lying)
    return Counter({BROUGHT_BACK: len(back)})


async def look_through(page: Sequence[Lying], *, at: datetime, dry: bool) -> Tally:
    lain = {lying.hash for lying in page if lying.hash and lying.written_at < at - FRESH}
    orphans = lain - await spoken_of(lain)
    taken = orphans if dry else {hash for hash in orphans if await put_aside(hash, at=at)}
    strange = sum(lying.hash is None for lying in page)
    return Counter({KEPT: len(page) - len(taken) - strange, SET_ASIDE: len(taken), STRANGE: strange})


async def put_aside(hash: str, *, at: datetime) -> bool:
    """Unless it was kept again since the page was read: then its row is only being written."""
    written_at = await storage.written_at(hash)
    if written_at is None or written_at >= at - FRESH:
        return False
    await storage.forget(hash)
    return True


async def drop(page: Sequence[Lying], *, at: datetime, dry: bool) -> Tally:
    left = [lying for lying in page if lying.written_at < at - COMING]
    for lying in [] if dry else left:
        await shelf.delete(lying)
    return Counter({PIECES: len(left)})


async def drop_halves(*, at: datetime, dry: bool) -> Tally:
    """An object store keeps its own to itself, and is told by a rule when to let them go."""
    where = folder()
    halves = await asyncio.to_thread(shelf.half_written, where, before=at - FRESH) if where else []
    for path in [] if dry else halves:
        await asyncio.to_thread(path.unlink, missing_ok=True)
    return Counter({HALVES: len(halves)})


def told(tally: Tally) -> str:
    return ", ".join(f"{count} {name}" for name, count in tally.items()) or "nothing lies in it"
