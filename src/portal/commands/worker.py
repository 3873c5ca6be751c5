"""What happens after the response: a Dramatiq worker."""

import click

from portal.commands._starting import checked_settings, work

QUICK = ("mail", "push", "followers", "pictures", "live")


@click.command("worker")
def command() -> None:
    """Do what is owed after the response: letters, pictures, live news."""
    checked_settings()
    work(QUICK, threads=8)
