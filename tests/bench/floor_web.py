"""Serves the floor by the very command that serves the portal: the same Granian with the same settings."""

from typing import Any

from portal.commands import web


def main() -> None:
    command: Any = web
    become = command.become
    command.become = lambda module, *words: become(module, *words[:-1], "tests.bench.floor:app")
    web.command.main([])


if __name__ == "__main__":
    main()
