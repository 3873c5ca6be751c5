"""The tables of the database, brought up to date."""

import asyncio

import click


@click.command("migrate")
def command() -> None:
    """Bring the database up to date (DATABASE_URL)."""
    from domain.migrating import migrate

    asyncio.run(migrate())
