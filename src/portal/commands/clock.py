"""What happens when nobody is looking: the relay of the outbox and the sweep of the terms."""

import click

from portal.commands._starting import checked_settings


@click.command("clock")
def command() -> None:
    """Relay what happened and sweep the terms, on time."""
    checked_settings()
    from workers.clock import main

    main()
