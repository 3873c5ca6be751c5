"""What is made of a file to be shown: its three sizes, kept in the store like every other file."""

import asyncio
from pathlib import Path

from workers import storage

SIZES = ("small", "medium", "large")


async def keep(file: Path) -> str:
    """The name under which the store has what a child process has made."""
    return (await storage.keep(await asyncio.to_thread(file.read_bytes))).hash
