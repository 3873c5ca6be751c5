"""Everybody in the tests is somebody: Anna writes, Boris has nothing to do with hers, Marina moderates, Pavel mends."""

import pickle
from dataclasses import dataclass
from datetime import datetime

import pytest
from tests.cleaning import clean, keep

from domain.database import DB
from domain.model import Ground, Person, Topic
from domain.workdays import TOWN
from portal.town import directories, people

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=TOWN)


@dataclass
class Town:
    """The demo town before anybody has written; `topics` by code, `grounds` by code."""

    anna: Person  # writes messages
    boris: Person  # writes messages, has nothing to do with Anna's
    zinaida: Person  # writes messages, has no address for letters
    marina: Person  # moderates
    vera: Person  # moderates as well: answers are approved by a second person
    pavel: Person  # executor for roads
    sergey: Person  # executor for houses, water and heat
    elena: Person  # controls the terms
    konstantin: Person  # coordinates, sits in the commission
    yulia: Person  # keeps the directories, sits in the commission
    gleb: Person  # of the operator, sits in the commission
    lidia: Person  # of the coordinator, keeps the sittings of the commission
    topics: dict[str, Topic]
    grounds: dict[str, Ground]

    @property
    def pothole(self) -> Topic:
        """Pavel's, answered in 8 working days."""
        return self.topics["road-pothole"]

    @property
    def pavement(self) -> Topic:
        """Pavel's, answered in 14 working days."""
        return self.topics["pavement"]


async def settle_people(*, at: datetime = MONDAY) -> Town:
    everybody = await people.fill(at=at)
    topics = await directories.fill(everybody)
    # Most stories are told without photos; whoever tells of one says that their topic needs it.
    await Topic.update({Topic.photo_required: False}, force=True)
    grounds = {each.code: each for each in await Ground.objects()}
    named = {key: everybody[key] for key in Town.__annotations__ if key in everybody}
    return Town(**named, topics=topics, grounds=grounds)


@pytest.fixture(scope="session")
async def settled_once(pool: None) -> bytes:
    """Settled once for all tests: the rows are kept beside, and of the objects each test is given its own."""
    await clean()
    town = await settle_people()
    await keep("settled")
    return pickle.dumps(town)


@pytest.fixture
async def town(settled_once: bytes, database: None) -> Town:
    assert DB.pool is not None
    await DB.pool.execute("SELECT settled.put_back()")
    town: Town = pickle.loads(settled_once)  # noqa: S301 -- our own, of a moment ago
    return town
