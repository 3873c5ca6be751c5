"""The process that listens: `python -m portal.server` (HOST, PORT).

The portal is made here, once, and the process that answers is a fork of this one: should it be killed, the next one
answers at once, and what both have read is in memory once.
"""

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from portal import asgi


def main() -> None:
    Granian(
        f"{asgi.__name__}:app",
        address=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        # Every open page holds one request for its live news, so the limit counts people, not work in hand.
        backlog=2048,
        backpressure=1024,
        # Granian would wait for those open streams without end when it is asked to stop.
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
