"""Run as a process of its own before the journeys: the people and the directories of the demo town, and no message yet."""

import asyncio
from datetime import UTC, datetime

from tests.people import settle_people

from domain.database import close_pool, open_pool


async def main() -> None:
    await open_pool()
    await settle_people(at=datetime.now(UTC))
    await close_pool()


if __name__ == "__main__":
    asyncio.run(main())
