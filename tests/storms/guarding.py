"""What the processes do while a storm passes: their memory, their numbers, and how long others wait for a page."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.process_time import family, megabytes

from portal.embedded.process import Child

CHILD = b"workers.nursery"  # and its forks, which are called as it is
LOOK = 0.25


@dataclass
class Guard:
    """One main process: `before` and `peak` are megabytes of it and of what it started, without those that decode."""

    process: Child
    before: float = 0.0
    peak: float = 0.0
    child_peak: float = 0.0
    pids: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def begin(self) -> None:
        self.pids = set(self.lasting())
        self.before = self.peak = sum(megabytes(pid, "VmRSS") for pid in self.pids)

    def look(self) -> None:
        pids = list(family(self.process.pid))
        decoding = [pid for pid in pids if decodes(pid)]
        self.peak = max(self.peak, sum(megabytes(pid, "VmRSS") for pid in pids if pid not in decoding))
        self.child_peak = max([self.child_peak, *(megabytes(pid, "VmHWM") for pid in decoding)])

    @property
    def restarted(self) -> int:
        return len(self.pids - set(self.lasting()))

    def lasting(self) -> Iterator[int]:
        return (pid for pid in family(self.process.pid) if not decodes(pid))


def decodes(pid: int) -> bool:
    try:
        return CHILD in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


async def looking(guards: list[Guard]) -> None:
    while True:
        for guard in guards:
            await asyncio.to_thread(guard.look)
        await asyncio.sleep(LOOK)


async def reading(address: str, waited: list[float]) -> None:
    """Somebody else reads the first page all the while, from a process of their own: ours is busy with sending."""
    neighbour = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storms.neighbour", address), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert neighbour.stdout is not None
        async for line in neighbour.stdout:
            waited.append(float(line))
        raise RuntimeError("the neighbour could not read the page")
    finally:
        with suppress(ProcessLookupError):
            neighbour.kill()
        await neighbour.wait()
