"""A child process that never outlives its parent, and the ordinary account it runs under when we are root."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec a child must not take the lock of the dynamic loader.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Broken(Exception):
    """A part of the house did not start; the text says which and where to read more."""


@dataclass(frozen=True)
class Account:
    """Whom a server runs as: PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    def arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def ordinary_account(data: Path) -> Account | None:
    """The owner of what is there already, else nobody; None when we are ordinary ourselves."""
    if os.geteuid() != 0:
        return None
    owner = data.stat() if data.exists() else None
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


@dataclass
class Child:
    """One process: its command, its log, its way to stop."""

    name: str
    command: Sequence[str | Path]
    log: Path
    env: Mapping[str, str]
    folder: Path
    account: Account | None = None
    stop_by: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        if self.process is not None:
            # One that was killed leaves its own children behind, and they would hold on to the port and the queue.
            end_group(self.process.pid)
        parent = os.getpid()
        drop = self.account.arguments() if self.account else {}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.env),
                cwd=self.folder,
                # A group of its own: Ctrl-C in the terminal reaches us, and we stop the parts in their order.
                process_group=0,
                preexec_fn=lambda: _die_with(parent, self.stop_by),
                **drop,
            )

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def ask_to_stop(self) -> None:
        if self.process is not None and self.running:
            self.process.send_signal(self.stop_by)

    def wait(self, seconds: float) -> None:
        """Wait for a clean end, then end the whole group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.1))
        end_group(self.process.pid)
        self.process.wait()

    def wait_for_the_end(self) -> int:
        return self.process.wait() if self.process else 0

    def stop(self, seconds: float = 10) -> None:
        self.ask_to_stop()
        self.wait(seconds)

    def last_words(self, lines: int = 5) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def end_group(pid: int) -> None:
    # For a group in which only the dead are left, macOS says that it may not be touched.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def wait_until(ready: Callable[[], bool], child: Child, seconds: float) -> None:
    """Wait till the child serves; its death or its silence is told with the place of the log."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not child.running:
            raise Broken(f"{child.name} stopped while starting; its log is {child.log}:\n{child.last_words()}")
        if ready():
            return
        time.sleep(0.02)
    raise Broken(f"{child.name} did not answer within {seconds:.0f} s; its log is {child.log}")


def _die_with(parent: int, by: signal.Signals) -> None:
    """Ask the kernel to stop us when the parent is gone, even if it was killed with -9 (Linux only)."""
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os._exit(1)
