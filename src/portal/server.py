"""The process that listens: `python -m portal.server` (HOST, PORT).

The application is made here, once, and the process that answers is a fork of this one: should it be killed, the next
one answers at once, and what both have read is in memory once.
"""

import os
import resource
from importlib import import_module
from math import inf
from resource import RLIM_INFINITY as LIMITLESS

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

PORTAL = "portal.asgi:app"

PAGES = 4096  # open at once in one process
FILES_A_PAGE = 2  # each takes one, and what serves it may take another


def pages_at_once() -> int:
    """As many as there are files for: a shell allows a thousand files, and more where the operator's limit lets us."""
    soft, hard = (limitless(each) for each in resource.getrlimit(resource.RLIMIT_NOFILE))
    files = min(hard, max(soft, FILES_A_PAGE * PAGES))
    if files > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (int(files), LIMITLESS if hard == inf else int(hard)))
    return int(min(PAGES, files // FILES_A_PAGE))


def limitless(files: int) -> float:
    """The number that says "no limit" is less than any limit."""
    return inf if files == LIMITLESS else files


def serve(app: str) -> None:
    import_module(app.partition(":")[0])
    Granian(
        app,
        address=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        # Every open page holds one request for its live news, so the limit counts people, not work in hand.
        backlog=2048,
        backpressure=pages_at_once(),
        # Granian would wait for those open streams without end when it is asked to stop.
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    serve(PORTAL)
