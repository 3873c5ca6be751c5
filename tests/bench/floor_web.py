"""Serves the floor by the very command that serves the portal: the same Granian with the same settings."""

import sys
from typing import Any

from portal.commands import web
from portal.commands._starting import become
from portal.server import serve

SERVING = "serving"


def main() -> None:
    """First as the command begins, which sets what a process is begun with, and then in the place of the portal."""
    if sys.argv[1:] == [SERVING]:
        return serve("tests.bench.floor:app")
    command: Any = web
    command.become = lambda _: become("tests.bench.floor_web", SERVING)
    return command.command.main([])


if __name__ == "__main__":
    main()
