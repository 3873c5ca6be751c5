"""Who can sign in to the demo town."""

import asyncio

import click


@click.command("people")
def command() -> None:
    """List the demo people, each with the role that they play."""
    from workers.demo import demo_people

    people = asyncio.run(demo_people())
    width = max((len(person.name) for person in people), default=0)
    for person in people:
        click.echo(f"{person.name:<{width}}  {person.role}")
