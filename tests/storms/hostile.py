"""Thousands of hostile files over HTTP, four at a time, against the portal with its worker and its clock (R13, R14).

`python -m tests.storms.hostile [--count 10000] [--seed 1]` prints what was reached; 1 when a goal was missed.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from statistics import quantiles

import httpx
from tests.bench.places import HOST
from tests.bench.servers import house, port_of, portal, postgres
from tests.bench.towns import Town, settle
from tests.hostile import Hostile, every, mutants
from tests.hostile.judging import faults
from tests.storms.guarding import Guard, looking, reading
from tests.storms.uploading import Upload, Visitor

from domain.database import close_pool, open_pool
from domain.model import Attachment
from portal.embedded.place import Place
from portal.embedded.process import Child
from workers import storage

AT_A_TIME, TOGETHER, A_DAY = 4, 8, 20
WARM_SECONDS, QUIET_SECONDS, TEMP_SECONDS = 5, 60, 60
OTKLIK = str(Path(sys.executable).parent / "otklik")


@dataclass(frozen=True)
class Goal:
    sentence: str
    figure: str
    reached: bool


@dataclass
class Passed:
    """What is left of a storm when it has passed."""

    visitors: list[Visitor]
    web: Guard
    worker: Guard
    quiet: list[float]
    busy: list[float]
    temporary: int
    seconds: float

    @property
    def uploads(self) -> list[Upload]:
        return [upload for visitor in self.visitors for upload in visitor.uploads]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=1)
    chosen = words.parse_args()
    goals = asyncio.run(storm(chosen.count, chosen.seed))
    for goal in goals:
        print(f"{'reached' if goal.reached else 'MISSED '}  {goal.sentence}: {goal.figure}")  # noqa: T201
    sys.exit(any(not goal.reached for goal in goals))


async def storm(count: int, seed: int) -> list[Goal]:
    files = list(islice(chain(every(), mutants(seed)), count))
    with house() as place, postgres(place, durable=True) as server, ExitStack() as stack:
        temporary = place.data / "temporary"
        temporary.mkdir()
        town = await settle(server, "hostile", 1000)
        os.environ.update(DATABASE_URL=town.database, TMPDIR=str(temporary))
        web = portal(stack, "web", place, town.database)
        worker = beside(stack, place, "worker")
        beside(stack, place, "hints")
        beside(stack, place, "clock")
        await open_pool()
        passed = await through(files, town, Guard(web), Guard(worker), temporary)
        goals = await judged(passed)
        await close_pool()
    return goals


def beside(stack: ExitStack, place: Place, name: str) -> Child:
    child = Child(name, [OTKLIK, name], place.data / f"{name}.log", dict(os.environ), Path.cwd())
    child.start()
    stack.callback(child.stop)
    return child


async def through(files: Sequence[Hostile], town: Town, web: Guard, worker: Guard, temporary: Path) -> Passed:
    limits = httpx.Limits(max_connections=AT_A_TIME)
    address = f"http://127.0.0.1:{port_of(web.process)}"
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits, headers={"Host": HOST}) as client:
        quiet, busy = list[float](), list[float]()
        # What is slow only once, is slow before anything is measured.
        for waited, patience in (([], WARM_SECONDS), (quiet, QUIET_SECONDS)):
            with suppress(TimeoutError):
                await asyncio.wait_for(reading(address, waited), patience)
        for guard in (web, worker):
            guard.begin()
        aside = [asyncio.create_task(each) for each in (looking([web, worker]), reading(address, busy))]
        began, visitors = time.monotonic(), visitors_of(town, client)
        await all_sent(visitors, files)
        seconds = time.monotonic() - began
        for task in aside:
            task.cancel()
    return Passed(visitors, web, worker, quiet, busy, await left_in(temporary), seconds)


def visitors_of(town: Town, client: httpx.AsyncClient) -> list[Visitor]:
    """Every fourth has a browser without scripts."""
    return [Visitor(client, sending, scripts=nth % 4 != 0) for nth, sending in enumerate(town.sendings)]


async def all_sent(visitors: Sequence[Visitor], files: Sequence[Hostile]) -> None:
    """Four at a time; nobody sends more messages than one may send in a day."""
    batches = batched(files)
    turns = iter([visitor for _ in range(A_DAY) for visitor in visitors])

    async def one_after_another() -> None:
        for batch in batches:
            await next(turns).send(batch)

    await asyncio.gather(*(one_after_another() for _ in range(AT_A_TIME)))


def batched(files: Sequence[Hostile]) -> Iterator[Sequence[Hostile]]:
    return (files[at : at + TOGETHER] for at in range(0, len(files), TOGETHER))


async def left_in(folder: Path) -> int:
    for _ in range(TEMP_SECONDS):
        if not os.listdir(folder):
            break
        await asyncio.sleep(1)
    return len(os.listdir(folder))


async def judged(passed: Passed) -> list[Goal]:
    wrong, stained, turned, waiting = list[Hostile](), list[Hostile](), list[Hostile](), 0
    for upload in passed.uploads:
        row = await Attachment.objects().get(Attachment.id == upload.id) if upload.id else None
        waiting += row is not None and row.state == "received"
        known = not upload.file.name.startswith("mutant")
        if known and not agrees(upload, row):
            wrong.append(upload.file)
        if found := faults(upload.file, await stored(row)):
            (turned if any("upright" in each for each in found) else stained).append(upload.file)
    for file in (*wrong, *stained, *turned):
        print(f"  {file.name!r:.100}", file=sys.stderr)  # noqa: T201
    return list(goals(passed, wrong, stained, turned, waiting))


async def stored(row: Attachment | None) -> dict[str, bytes]:
    sizes = json.loads(row.sizes) if row else {}
    return {size: await storage.read(hash) for size, hash in sizes.items()}


def agrees(upload: Upload, row: Attachment | None) -> bool:
    if upload.file.kind is None:
        return row is None and upload.status == 422
    return row is not None and (row.state, row.reason) == (
        "refused" if upload.file.reason else "ready",
        upload.file.reason,
    )


def goals(
    passed: Passed, wrong: list[Hostile], stained: list[Hostile], turned: list[Hostile], waiting: int
) -> Iterator[Goal]:
    statuses = [status for visitor in passed.visitors for status in visitor.statuses]
    failed = sum(status >= 500 for status in statuses)
    times = sorted(upload.seconds for upload in passed.uploads)
    known = [upload for upload in passed.uploads if not upload.file.name.startswith("mutant")]
    controls = sum(file.upright for file in wrong)
    web, worker = passed.web, passed.worker
    restarts, child = web.restarted + worker.restarted, max(web.child_peak, worker.child_peak)
    agreement = 1 - len(wrong) / len(known)
    busy, quiet = p95(passed.busy), p95(passed.quiet)
    yield Goal("files sent", f"{len(times)} in {passed.seconds:.0f} s, {len(statuses)} requests", bool(times))
    unsent = sum(visitor.unsent for visitor in passed.visitors)
    yield Goal("answers of 5xx: 0", str(failed), failed == 0)
    yield Goal("forms that a bad file kept back: 0", str(unsent), unsent == 0)
    yield Goal("restarts of web or worker: 0", str(restarts), restarts == 0)
    yield Goal("web at most +150 MB", f"{web.peak - web.before:+.0f} MB", web.peak - web.before <= 150)
    yield Goal("worker at most +200 MB", f"{worker.peak - worker.before:+.0f} MB", worker.peak - worker.before <= 200)
    yield Goal("a child at most 1 GB", f"{child:.0f} MB", 0 < child <= 1024)
    yield Goal("a file in 1.5 s, p95", f"{p95(times):.2f} s", p95(times) <= 1.5)
    yield Goal("a file in 30 s, always", f"{times[-1]:.2f} s", times[-1] <= 30)
    yield Goal("still waiting: 0", str(waiting), waiting == 0)
    yield Goal("became what was written down: 99.5 %", f"{agreement:.2%} of {len(known)}", agreement >= 0.995)
    yield Goal("what must stand upright was taken: all", f"{controls} not", controls == 0)
    yield Goal("stored with anything but a picture: 0", str(len(stained)), not stained)
    yield Goal("not upright: 0", str(len(turned)), not turned)
    yield Goal("temporary files afterwards: 0", str(passed.temporary), passed.temporary == 0)
    yield Goal("a page of others at most twice as slow, p95", f"{busy / quiet:.2f}, {busy:.3f} s", busy <= 2 * quiet)


def p95(figures: Sequence[float]) -> float:
    return quantiles(figures, n=20)[-1]


if __name__ == "__main__":
    main()
