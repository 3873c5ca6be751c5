"""The pages: Granian with the portal in it."""

import os

import click

from portal.commands._starting import become, checked_settings

# The allocator of glibc keeps what was freed, for each thread apart: after forty uploads at once the process would stay
# twice as large. What the operator has set themselves holds.
THRIFT = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": str(2**17), "MALLOC_TRIM_THRESHOLD_": str(2**20)}


@click.command("web")
def command() -> None:
    """Serve the pages (HOST, PORT).

    Several of these share one port: while the process of one is made anew, the others answer.
    """
    settings = checked_settings()
    host = os.environ.get("HOST") or ("0.0.0.0" if settings.production else "127.0.0.1")  # noqa: S104
    os.environ.update({name: value for name, value in THRIFT.items() if name not in os.environ})
    os.environ.update(HOST=host, PORT=os.environ.get("PORT") or "8000")
    become("portal.server")
