"""The mail catcher of development: every letter lands in a folder, none in the world."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import click
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP

from portal.commands._starting import checked_settings


@click.command("mailbox")
def command() -> None:
    """Catch the letters sent to SMTP_URL into the Maildir MAILBOX."""
    settings = checked_settings()
    if settings.mailbox is None:
        raise click.ClickException("MAILBOX is not set, or this is production: letters are not caught here.")
    address = urlsplit(settings.smtp_url)
    asyncio.run(catch(settings.mailbox, address.hostname or "127.0.0.1", address.port or 25))


async def catch(folder: Path, host: str, port: int) -> None:
    handler = Mailbox(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="mailbox", enable_SMTPUTF8=True), host, port)
    async with server:
        await server.serve_forever()
