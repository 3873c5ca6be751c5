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
    from workers.moment import now

    from domain.database import atomic
    from domain.model.person import Person
    from portal.town import settle

    if await Person.exists():
        return False
    # The whole town or nothing: after Ctrl-C half-way the next start begins again.
    async with atomic():
        await settle(at=now())
    return True
