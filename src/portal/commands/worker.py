"""What happens after the response: a Dramatiq worker."""

import click

from portal.commands._starting import become, checked_settings


@click.command("worker")
def command() -> None:
    """Do what is owed after the response: letters, pictures, live news."""
    checked_settings()
    become(
        "dramatiq",
        *("--processes", "1", "--threads", "8", "--worker-shutdown-timeout", "30000"),
        # The package sets the broker, its module of actors fills it.
        *("workers", "workers.actors"),
    )
