"""What texts speak for, read in a process of its own."""

import click

from portal.commands._starting import checked_settings, work


@click.command("hints")
def command() -> None:
    """Read the messages that came, one after the other, for the hints of the moderators.

    Apart from `otklik worker`: the dictionaries take seconds to load and 200 MB, and no letter is to wait for them.
    """
    checked_settings()
    work(("hints",), threads=1)
