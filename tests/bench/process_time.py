"""How much processor time a server and everything it started have used, from /proc."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds(root: int) -> float:
    """User and system time of the process, of its living descendants, and of those it has buried."""
    stats = family(root)
    living = sum(int(tick) for stat in stats.values() for tick in stat[11:13])
    buried = sum(int(tick) for stat in stats.values() for tick in stat[13:15])
    return (living + buried) / TICKS


def family(root: int) -> dict[int, list[str]]:
    """The process and its living descendants, each with what the system says of it."""
    stats = {int(path.name): stat for path in Path("/proc").glob("[0-9]*") if (stat := read(path))}
    known, size = {root}, 0
    while len(known) > size:
        size = len(known)
        known |= {pid for pid, stat in stats.items() if int(stat[1]) in known}
    return {pid: stats[pid] for pid in known if pid in stats}


def read(path: Path) -> list[str]:
    """The fields after the name, which may hold spaces; nothing when the process has just ended."""
    try:
        return (path / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def buried() -> float:
    """What the children of this process have used that have ended."""
    times = os.times()
    return times.children_user + times.children_system
