"""One house in one folder and on one port: what keeps a second away, and the sweep of what a killed first one left."""

import fcntl
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from portal.embedded.process import Broken, end_group

# As long as a web process may take to let go of its open streams.
LEFTOVERS_SECONDS = 6.0


def hold(data: Path) -> TextIO:
    """The lock file of the folder; the lock lasts as long as this process, however it ends."""
    lock = (data / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        lock.seek(0)
        who = lock.read().strip() or "another process"
        lock.close()
        raise Broken(
            f"The portal runs already from {data}: {who}. Stop that one first, "
            "or give this one a folder of its own: OTKLIK_DATA=…"
        ) from taken
    return lock


def hold_port(host: str, port: int) -> socket.socket:
    """Keep the port from a second house while the town settles here, until the web process takes it over."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((host, port))
        held.listen()
    except OSError as taken:
        held.close()
        raise Broken(f"port {port} was taken a moment ago; start again, or name another one: PORT=…") from taken
    return held


def sign(lock: TextIO, text: str) -> None:
    """Tell whoever finds the lock taken who holds it."""
    lock.seek(0)
    lock.truncate()
    lock.write(text)
    lock.flush()


def remember(data: Path, pids: Iterable[int]) -> None:
    """Note the processes of this run; a number alone may be given to a stranger later, so with their birth."""
    notes = {str(pid): born(pid) for pid in pids if pid}
    (data / "processes").write_text(json.dumps(notes))


def sweep_leftovers(data: Path) -> None:
    """Wait for what a killed supervisor left behind to end by itself, then end it."""
    notes = data / "processes"
    if not notes.exists():
        return
    left = {int(pid): birth for pid, birth in json.loads(notes.read_text() or "{}").items()}
    end = time.monotonic() + LEFTOVERS_SECONDS
    while (alive := [pid for pid, birth in left.items() if born(pid) == birth]) and time.monotonic() < end:
        time.sleep(0.05)
    for pid in alive:
        end_group(pid)
    notes.unlink()


def born(pid: int) -> str | None:
    """When the process was started, in whatever words the system has for it; None when it is gone."""
    if sys.platform != "linux":
        asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
        return asked.stdout.strip() or None
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # A zombie is gone; only nobody has taken note of it yet.
    return None if stat[0] in "ZX" else stat[19]
