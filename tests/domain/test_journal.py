"""The journal tells everything and is never rewritten (R33); what one may not see is not there (§4.1)."""

from datetime import datetime, timedelta

import asyncpg
import pytest
from tests.cleaning import tables
from tests.people import Town
from tests.stories import answered, in_review, submitted

from domain import invitations
from domain.invitations import Invitation
from domain.migrating import backwards, migrate
from domain.model import Event, Message
from domain.piccolo_app import APP_CONFIG
from domain.seeing import visible_to
from domain.workdays import TOWN
from workers.moment import now

pytestmark = pytest.mark.usefixtures("database")
SECRET = "a secret of these tests"


@pytest.mark.rule("R33")
async def test_every_step_stands_with_who_when_and_what(town: Town) -> None:
    await answered(town)

    lines = await Event.select(Event.kind, Event.actor, Event.at).order_by(Event.id)

    assert [(line["kind"], line["actor"]) for line in lines] == [
        ("message:submitted", town.anna.id),
        ("message:registered", town.marina.id),
        ("message:accepted", town.pavel.id),
        ("answer:drafted", town.pavel.id),
        ("answer:sent_for_review", town.pavel.id),
        ("answer:approved", town.vera.id),
    ]
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'message:refused'",
        "UPDATE event SET actor = NULL",
        "UPDATE event SET at = now()",
        "UPDATE event SET data = '{{}}'",
        "DELETE FROM event",
    ],
)
async def test_nobody_rewrites_the_journal(town: Town, statement: str) -> None:
    await submitted(town)

    with pytest.raises(asyncpg.RaiseError, match="never rewritten"):
        await Event.raw(statement)


@pytest.mark.rule("R10", "R32")
async def test_someone_elses_message_is_not_there(town: Town) -> None:
    message = await in_review(town)

    seen = {name: await visible_to(getattr(town, name)).get(Message.id == message.id) for name in SEES}

    assert {name: found is not None for name, found in seen.items()} == SEES


SEES = {
    "anna": True,
    "boris": False,
    "pavel": True,
    "sergey": False,
    "marina": True,
    "elena": True,
    "konstantin": True,
    "yulia": True,
}


@pytest.mark.rule("R10")
async def test_a_role_that_nobody_knows_sees_nothing(town: Town) -> None:
    await submitted(town)
    town.anna.role = "plumber"

    assert await visible_to(town.anna) == []


@pytest.mark.rule("R21")
def test_a_link_opens_its_answer_for_its_person_and_nothing_else() -> None:
    token = invitations.sign(Invitation(to=7, person=3), SECRET, at=now())

    assert invitations.read(token, SECRET, at=now()) == Invitation(7, 3)
    assert invitations.read(token, "another secret of these tests", at=now()) is None
    other = invitations.sign(Invitation(to=8, person=3), SECRET, at=now())
    assert invitations.read(other.split(".")[0] + token[token.index(".") :], SECRET, at=now()) is None
    assert invitations.read("not a token", SECRET, at=now()) is None


@pytest.mark.rule("R21", "R23")
def test_a_link_is_good_to_the_end_of_the_last_day_of_rating() -> None:
    token = invitations.sign(Invitation(to=7, person=3), SECRET, at=datetime(2026, 3, 2, 9, 0, tzinfo=TOWN))
    last_moment = datetime(2026, 4, 1, 23, 59, 59, tzinfo=TOWN)

    assert invitations.read(token, SECRET, at=last_moment) == Invitation(7, 3)
    assert invitations.read(token, SECRET, at=last_moment + timedelta(seconds=1)) == Invitation(7, 3, expired=True)


@pytest.mark.rule("R21")
def test_an_expired_link_says_so() -> None:
    token = invitations.sign(Invitation(to=7, person=3), SECRET, at=now() - timedelta(days=32))

    assert invitations.read(token, SECRET, at=now()) == Invitation(7, 3, expired=True)


async def test_migrations_go_up_from_empty_and_down_again() -> None:
    ours = {table._meta.tablename for table in APP_CONFIG.table_classes}
    before = set(await tables())

    await backwards()
    left = set(await tables())
    await migrate()

    assert ours <= before
    assert left & ours == set()
    assert set(await tables()) == before
