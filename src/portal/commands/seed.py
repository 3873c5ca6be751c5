"""The demo town: people, messages and answers to look at, put into an empty database once."""

import asyncio

import click

from workers.settings import Settings


@click.command("seed")
def command() -> None:
    """Fill in the demo town, unless somebody lives there already."""
    if Settings.from_env().production:
        raise click.ClickException("There is no demo town in production.")
    click.echo("The demo town is there." if asyncio.run(seed()) else "People live there already; nothing was changed.")


async def seed() -> bool:
    from domain.database import atomic
    from portal.town.settle import settle
    from workers.moment import now

    # The whole town or nothing: after Ctrl-C half-way the next start begins again.
    async with atomic():
        return await settle(at=now(), say=click.echo)
