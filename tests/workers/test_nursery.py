"""A child that decodes is a fork of a process that has nothing of ours, and none is left behind (R14)."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import uvloop
from tests.bench.process_time import family, read
from tests.workers.drawing import photographed
from tests.workers.papers import paper

from workers import papers, pictures
from workers.nursery import NURSERIES
from workers.pictures import Darkroom

pytestmark = pytest.mark.rule("R14")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

# Has a child of each module forked, says what they say, and waits to be killed.
ASKER = """
import socket, sys
from workers.nursery import NURSERIES, fork

channels = {module: socket.socketpair() for module in ("workers.picture_child", "workers.paper_child")}
for module, (ours, theirs) in channels.items():
    fork(module, theirs)
    theirs.close()
    print(ours.recv(100).decode().strip(), NURSERIES[module].process.pid, flush=True)
sys.stdin.read()
"""
# A fork of a process that has a nursery already, as the processes of the portal are.
FORKED = """
import os, socket
from workers.nursery import NURSERIES, fork

def nursery():
    ours, theirs = socket.socketpair()
    fork("workers.picture_child", theirs)
    return NURSERIES["workers.picture_child"].process.pid

first = nursery()
if os.fork() == 0:
    print(first, nursery(), flush=True)
    os._exit(0)
os.wait()
"""
# Is told to stop with its whole group between two photos, as a service is, and finishes what it has begun.
STOPPED = """
import asyncio, os, signal, sys
from pathlib import Path
from workers.pictures import Darkroom

photo = Path(sys.argv[1])

async def story():
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: None)
    async with Darkroom() as darkroom, Darkroom() as begun_later:
        await darkroom.develop(photo, "jpeg", photo.parent)
        for each in (signal.SIGTERM, signal.SIGINT):
            os.killpg(0, each)
        print([(await each.develop(photo, "jpeg", photo.parent)).get("width") for each in (darkroom, begun_later)])

asyncio.run(story())
"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    source = tmp_path / "photo"
    source.write_bytes(photographed(1))
    return source


async def developed(darkroom: Darkroom, photo: Path) -> int:
    """The number of the process that has done it."""
    result = await darkroom.develop(photo, "jpeg", photo.parent)

    assert result["width"] == 1200, result
    assert darkroom.child is not None
    return darkroom.child.pid


async def gone(*pids: int) -> bool:
    for _ in range(2000):
        if not any(lives(pid) for pid in pids):
            return True
        await asyncio.sleep(0.01)
    return False


def told(pid: int, what: str) -> str:
    return Path(f"/proc/{pid}/{what}").read_text()


def lives(pid: int) -> bool:
    """What nobody has buried yet is dead all the same."""
    stat = read(Path(f"/proc/{pid}"))
    return bool(stat) and stat[0] != "Z"


@LINUX
async def test_a_child_is_a_fork_of_the_nursery_and_has_nothing_of_ours(photo: Path) -> None:
    async with Darkroom() as darkroom:
        pid = await developed(darkroom, photo)
        nursery = NURSERIES[pictures.CHILD].process.pid
        parents = [int(read(Path(f"/proc/{each}"))[1]) for each in (pid, nursery)]
        surroundings = [told(each, "environ") for each in (pid, nursery)]
        limits = told(pid, "limits").splitlines()
        open_there, threads = os.listdir(f"/proc/{pid}/fd"), os.listdir(f"/proc/{nursery}/task")

    assert parents == [nursery, os.getpid()]
    assert surroundings == ["", ""]
    assert set(open_there) == {"0", "1", "2"}
    assert str(2**30) in next(line for line in limits if line.startswith("Max address space"))
    assert threads == [str(nursery)]


@LINUX
async def test_every_darkroom_has_a_child_of_its_own_which_ends_with_it(photo: Path) -> None:
    async with Darkroom() as one, Darkroom() as other:
        pids = await asyncio.gather(developed(one, photo), developed(other, photo))
        nursery = NURSERIES[pictures.CHILD].process.pid
        living = [lives(pid) for pid in pids]
    async with Darkroom() as next_one:
        await developed(next_one, photo)

    assert len(set(pids)) == 2
    assert living == [True, True]
    assert set(family(nursery)) & set(pids) == set()


@LINUX
async def test_a_killed_nursery_costs_no_file_and_is_replaced(photo: Path) -> None:
    async with Darkroom() as before, Darkroom() as after:
        child = await developed(before, photo)
        killed = NURSERIES[pictures.CHILD].process.pid
        os.kill(killed, signal.SIGKILL)
        assert await gone(killed)
        await developed(after, photo)
        same = await developed(before, photo)

    assert same == child
    assert NURSERIES[pictures.CHILD].process.pid != killed
    assert await gone(child)


@LINUX
async def test_a_killed_child_costs_only_its_file(photo: Path) -> None:
    async with Darkroom() as hit, Darkroom() as spared:
        pids = [await developed(each, photo) for each in (hit, spared)]
        os.kill(pids[0], signal.SIGKILL)
        refused = await hit.develop(photo, "jpeg", photo.parent)
        next_one, same = [await developed(each, photo) for each in (hit, spared)]

    assert refused == {"refused": "heavy"}
    assert next_one not in pids
    assert same == pids[1]


@LINUX
async def test_nothing_is_left_when_the_asker_was_killed() -> None:
    pipe = subprocess.PIPE
    asker = await asyncio.create_subprocess_exec(sys.executable, "-c", ASKER, stdin=pipe, stdout=pipe)
    assert asker.stdout is not None
    said = [await asker.stdout.readline() for _ in range(2)]
    pids = [int(number) for number in re.findall(rb"\d+", b"".join(said))]
    living = [lives(pid) for pid in pids]

    asker.kill()
    await asker.wait()

    assert living == [True] * 4
    assert await gone(*pids)


async def test_a_stop_of_the_whole_group_costs_no_file_that_was_begun(photo: Path) -> None:
    arguments = [sys.executable, "-c", STOPPED, str(photo)]
    asker = await asyncio.create_subprocess_exec(*arguments, stdout=subprocess.PIPE, start_new_session=True)
    said, _ = await asker.communicate()

    assert said.decode().strip() == "[1200, 1200]"


async def test_a_fork_of_the_asker_has_a_nursery_of_its_own() -> None:
    asker = await asyncio.create_subprocess_exec(sys.executable, "-c", FORKED, stdout=subprocess.PIPE)
    said, _ = await asker.communicate()

    first, own = said.split()

    assert first != own


def test_a_killed_child_and_a_paper_on_the_loop_of_the_portal(photo: Path, tmp_path: Path) -> None:
    scan = tmp_path / "scan"
    scan.write_bytes(paper())

    async def story() -> list[object]:
        async with Darkroom() as darkroom, Darkroom(papers.CHILD) as reading_room:
            os.kill(await developed(darkroom, photo), signal.SIGKILL)
            refused = await darkroom.develop(photo, "jpeg", tmp_path)
            await developed(darkroom, photo)
            scanned = await reading_room.ask({"source": str(scan), "into": str(tmp_path)})
            return [refused, scanned["pages"]]

    assert uvloop.run(story()) == [{"refused": "heavy"}, 1]
