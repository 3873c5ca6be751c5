"""What happens after the response: a Dramatiq worker."""

import os

import click

from portal.commands._starting import become, checked_settings


@click.command("worker")
def command() -> None:
    """Do what is owed after the response: letters, pictures."""
    checked_settings()
    # Read by Dramatiq when it is imported, in milliseconds: an idle worker looks into its queue that often.
    os.environ.setdefault("dramatiq_worker_timeout", "100")
    become(
        "dramatiq",
        *("--processes", "1", "--threads", "8", "--worker-shutdown-timeout", "30000"),
        "workers.actors",
    )
