"""The process of which children are forked (§4.1, R14): it has read what decodes files, and never meets a file.

To start a Python takes longer than to prepare a small picture. So a process that has files decoded starts one such
process for each module of children, with its first child, and again when it has died. It is as the children are to be:
isolated, without our environment, and with nothing of ours open but the socket on which it is asked.

A request is the number of a child: with a descriptor the child is forked and speaks there, without one it is ended.
Nobody else ends or buries children, so that a number never means a process of somebody else. When the asker is gone,
even by a kill -9, its sockets are at their end: that of the nursery and those of all children.
"""

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import count
from typing import Protocol, cast

NUMBER_BYTES = 8


class Module(Protocol):
    """What children are made of: imported here once, carried out in each of them."""

    def main(self) -> None: ...


class Nursery:
    """The nursery as its asker sees it. Nothing of it belongs to an event loop: a process may have several."""

    def __init__(self, module: str) -> None:
        self.asker, theirs = socket.socketpair()
        # One that is stopped does not stop us: it is as good as dead when it takes no more requests.
        self.asker.setblocking(False)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-m", __name__, module],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                env={},
            )
        self.numbers = count()

    def fork(self, theirs: socket.socket) -> Callable[[], None]:
        number = next(self.numbers).to_bytes(NUMBER_BYTES)
        socket.send_fds(self.asker, [number], [theirs.fileno()])
        return partial(self.end_child, number)

    def end_child(self, number: bytes) -> None:
        # Without its nursery a child ends by itself, when the socket on which it is asked is at its end.
        with suppress(OSError):
            self.asker.send(number)

    def end(self) -> None:
        self.asker.close()
        self.process.kill()
        self.process.wait()


NURSERIES: dict[str, Nursery] = {}
# Whoever is forked of us has nurseries of their own: an end that two hold is not at its end when one of them dies.
os.register_at_fork(after_in_child=NURSERIES.clear)


def fork(module: str, theirs: socket.socket) -> Callable[[], None]:
    """Have a child of the module forked that reads and writes there; what is returned ends it."""
    with suppress(KeyError, OSError):
        return NURSERIES[module].fork(theirs)
    if dead := NURSERIES.pop(module, None):
        dead.end()
    NURSERIES[module] = Nursery(module)
    return NURSERIES[module].fork(theirs)


def serve(module: Module, asker: socket.socket) -> None:
    children: dict[bytes, int] = {}
    while True:
        number, given, _, _ = socket.recv_fds(asker, NUMBER_BYTES, 1)
        if not number:
            return
        if given:
            children[number] = born(module, given[0])
        elif number in children:
            end(children.pop(number))


def born(module: Module, theirs: int) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            # What it was given takes the place of our socket, of which no child holds an end.
            os.dup2(theirs, 0)
            os.dup2(theirs, 1)
            os.close(theirs)
            module.main()
        finally:
            os._exit(0)
    os.close(theirs)
    return pid


def end(pid: int) -> None:
    """Not buried before, its number is still its own."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    # Whoever stops a service tells all its processes, but the asker still finishes what it has begun: what of us died
    # under its hands would be a file that is refused for good. Children inherit this; all end with their sockets.
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, signal.SIG_IGN)
    children_of = cast(Module, import_module(sys.argv[1]))
    # What was imported stays: a collection in a child would copy every page of it.
    gc.freeze()
    serve(children_of, socket.socket(fileno=0))
