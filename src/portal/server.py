"""The process that listens: `python -m portal.server` (HOST, PORT).

The application is made here, once, and the process that answers is a fork of this one: should it be killed, the next
one answers at once, and what both have read is in memory once.
"""

import os
import resource
from contextlib import suppress
from importlib import import_module

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

PORTAL = "portal.asgi:app"

PAGES = 4096  # open at once in one process
FILES = 2 * PAGES  # a shell allows a thousand, of which each open page takes one


def serve(app: str) -> None:
    import_module(app.partition(":")[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError):  # the operator has set a lower limit, and means it
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, FILES), hard))
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
        backpressure=PAGES,
        # Granian would wait for those open streams without end when it is asked to stop.
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    serve(PORTAL)
