"""What web, worker and clock do before they become themselves: look whether they may start at all."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from workers import storage
from workers.demo import DemoPeople, refuse_demo_people
from workers.settings import Misconfigured, Settings
from workers.store import StoreAway, StoreRefuses


def checked_settings() -> Settings:
    """The settings, or a sentence that names every fault."""
    try:
        settings = Settings.from_env()
        if settings.production:
            asyncio.run(refuse_demo_people())
        asyncio.run(storage.look())
    except (Misconfigured, DemoPeople) as fault:
        raise click.ClickException(str(fault)) from fault
    except StoreRefuses as fault:
        raise click.ClickException(f"The portal cannot start: the store of files refuses it: {fault}") from fault
    except StoreAway as trouble:
        # Like a database that is not there yet: it is waited for, request by request.
        click.echo(f"The store of files does not answer yet: {trouble}", err=True)
    return settings


def become(module: str, *words: str) -> NoReturn:
    """Turn into the program: no process of ours stays between it and whoever stops it."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *words])  # noqa: S606


def work(queues: Sequence[str], *, threads: int) -> NoReturn:
    """Become a worker of these queues."""
    # Read by Dramatiq when it is imported, in milliseconds: an idle worker looks into its queue that often.
    os.environ.setdefault("dramatiq_worker_timeout", "100")
    become(
        "dramatiq",
        "workers.actors",
        *("--processes", "1", "--threads", str(threads), "--worker-shutdown-timeout", "30000"),
        *("--queues", *queues),
    )
