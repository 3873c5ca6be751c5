"""`otklik push key`: the key by which push services know the portal."""

import click

from workers import vapid


@click.group("push")
def command() -> None:
    """Notifications in the browser (VAPID_PRIVATE_KEY)."""


@command.command()
def key() -> None:
    """Print a new private key for VAPID_PRIVATE_KEY; with another one every browser has to be switched on anew."""
    click.echo(vapid.made())
