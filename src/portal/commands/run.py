"""Everything on one machine: private servers, the demo town, web, worker and clock under one Ctrl-C."""

import os
import signal
from pathlib import Path

import click

from portal.embedded.house import House
from portal.embedded.process import Broken


@click.command("run")
def command() -> None:
    """Start everything on this machine; Ctrl-C stops it."""
    # To be asked to stop, by whomever, is one and the same thing here. SIGINT is set as well because a shell
    # starts what runs in the background with SIGINT ignored.
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, signal.default_int_handler)
    house = House(Path(os.environ.get("OTKLIK_DATA") or ".data"))
    try:
        house.open()
        house.watch()
    except KeyboardInterrupt:
        click.echo("\nStopping …")
    except Broken as trouble:
        raise click.ClickException(str(trouble)) from trouble
    except OSError as trouble:
        # A folder that may not be written to, or a full disk.
        where = f": {trouble.filename}" if trouble.filename else ""
        raise click.ClickException(f"{trouble.strerror or trouble}{where}") from trouble
    finally:
        # A second Ctrl-C would leave servers behind; everything below has its time limit anyway.
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked, signal.SIG_IGN)
        house.close()
