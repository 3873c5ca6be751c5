"""Run as a process of its own before the journeys: the people, the directories, and a message in each telling state."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests import stories
from tests.people import settle_people

from domain import moderating, publishing
from domain.database import close_pool, open_pool


async def main() -> None:
    now = datetime.now(UTC)
    begun = now - timedelta(days=2)
    await open_pool()
    town = await settle_people(at=begun)
    ground = next(iter(town.grounds.values()))
    refused = await stories.submitted(town, at=begun)
    said = {"reason": "В тексте есть фамилия соседа.", "proposal": "Уберите фамилию и отправьте снова."}
    await moderating.refuse(refused, by=town.marina, at=begun, grounds=[ground.id], **said)
    shown = await stories.registered(town, at=begun)
    await publishing.publish(shown, by=town.marina, at=begun, text="Глубокая яма у остановки, объехать её трудно.")
    await stories.taken_to_the_answer(town, await stories.fresh(shown), at=begun)
    await stories.in_review(town, at=begun)
    await stories.in_work(town, at=begun)
    await stories.submitted(town, at=now)
    await close_pool()


if __name__ == "__main__":
    asyncio.run(main())
