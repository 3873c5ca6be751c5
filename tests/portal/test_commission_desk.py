"""The desk of the commission: from the fourth "not solved" to the protocol, and who must not see any of it (§4.4)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import at_home, location
from tests.portal.test_collisions import differing
from tests.stories import (
    answered,
    block_ground,
    decided,
    fresh,
    in_commission,
    kind_of,
    proposed,
    reworked,
    sitting_on,
    the_file,
)
from tests.workers.conftest import all_delivered

from domain import blocking, convening
from domain.model import Person, Sitting
from domain.sittings import agenda
from portal.door import Door

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.rule("R27")]
NEXT_MONDAY = MONDAY + timedelta(days=7)


async def the_sitting() -> Sitting:
    found = await Sitting.objects().first()
    assert found is not None
    return found


async def version() -> str:
    return str((await the_sitting()).version)


async def test_from_the_fourth_not_solved_to_the_protocol(
    town: Town, portal: Door, clock: Clock, storage_url: str
) -> None:
    message = await answered(town)
    for turn in range(1, 4):
        await reworked(town, message, at=MONDAY + timedelta(days=turn))
    clock.now = MONDAY + timedelta(days=4)
    anna = await at_home(portal, town.anna)
    location(await anna.post(f"/messages/{message.id}/rating", data={"choice": "unsolved", "remarks": "Still a hole."}))

    clock.now = NEXT_MONDAY
    lidia = await at_home(portal, town.lidia)
    file = (await the_file(message)).id
    assert "A deep hole at the bus stop" in words((await lidia.get("/commission")).text)
    assert "Still a hole." in words((await lidia.get(f"/commission/cases/{file}")).text)
    location(await lidia.post("/commission/sittings", data={"held_on": "2026-03-09", "files": str(file)}))

    address = f"/commission/sittings/{(await the_sitting()).id}"
    members = [town.yulia.id, town.gleb.id, town.konstantin.id]
    assert "Кворума нет" in words((await lidia.get(address)).text)
    after = location(await lidia.post(f"{address}/presence", data={"version": await version(), "present": members}))
    assert "Кворум есть" in words((await lidia.get(after)).text)
    await propose_an_instruction(lidia, address, town)
    votes = {f"vote-1-{id}": "for" for id in members}
    after = location(await lidia.post(f"{address}/votes", data={"version": await version(), "proposal": "1", **votes}))
    assert "Принято" in words((await lidia.get(after)).text)
    location(await lidia.post(f"{address}/closing", data={"version": await version()}))

    await all_delivered("protocol")
    protocol = await lidia.get(f"{address}/protocol")
    assert protocol.content.startswith(b"%PDF-")
    assert "attachment" in protocol.headers["content-disposition"]
    case = words((await anna.get(f"/messages/{message.id}")).text)
    assert "Решение комиссии" in case
    assert "Pour new asphalt." in case
    assert "30 марта 2026" in case
    sergey = await at_home(portal, town.sergey)
    assert "Pour new asphalt." in words((await sergey.get(f"/execution/{message.id}")).text)
    assert (await (await at_home(portal, town.pavel)).get(f"/execution/{message.id}")).status_code == 404


async def propose_an_instruction(browser: Browser, address: str, town: Town) -> None:
    item = (await agenda(await the_sitting()))[0].id
    said = {"item": item, "kind": await kind_of("instruct"), "text": "Pour new asphalt.", "version": await version()}
    form = {**said, "executor": town.sergey.id, "due_on": "2026-03-30"}
    after = location(await browser.post(f"{address}/proposals", data=form))
    assert "Pour new asphalt." in words((await browser.get(after)).text)


async def addresses(town: Town) -> list[str]:
    message = await in_commission(town)
    sitting = await decided(town, message, at=NEXT_MONDAY)
    await convening.close(sitting, by=town.lidia, at=NEXT_MONDAY)
    await all_delivered("protocol")
    place = f"/commission/sittings/{sitting.id}"
    return ["/commission", f"/commission/cases/{(await the_file(message)).id}", place, f"{place}/protocol"]


async def test_the_commission_is_there_for_its_members_and_for_nobody_else(
    town: Town, portal: Door, storage_url: str
) -> None:
    every = await addresses(town)

    for who in (town.anna, town.pavel, town.marina, town.elena):
        browser = await at_home(portal, who)
        assert {(await browser.get(address)).status_code for address in every} == {404}, who.name
    for who in (town.yulia, town.konstantin):
        browser = await at_home(portal, who)
        assert {(await browser.get(address)).status_code for address in every} == {200}, who.name
    assert {(await Browser(portal).get(address)).status_code for address in every} == {303}


async def test_only_the_coordinator_finds_the_forms_and_may_send_them(town: Town, portal: Door, clock: Clock) -> None:
    clock.now = NEXT_MONDAY
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY)
    yulia = await at_home(portal, town.yulia)
    address = f"/commission/sittings/{sitting.id}"

    page = (await yulia.get(address)).text

    assert f'action="{address}' not in page
    for what in ("presence", "proposals", "votes", "closing"):
        assert (await yulia.post(f"{address}/{what}", data={"version": "2"})).status_code == 404
    assert (await yulia.post("/commission/sittings", data={"held_on": "2026-03-09", "files": "1"})).status_code == 404


async def test_what_is_not_there_is_not_there(town: Town, portal: Door) -> None:
    lidia = await at_home(portal, town.lidia)

    for address in (
        "/commission/cases/9",
        "/commission/sittings/9",
        "/commission/sittings/9/protocol",
        "/objections/9",
    ):
        assert (await lidia.get(address)).status_code == 404


async def test_a_sitting_without_its_protocol_says_that_it_is_being_written(
    town: Town, portal: Door, clock: Clock
) -> None:
    sitting = await decided(town, await in_commission(town), at=NEXT_MONDAY)
    await convening.close(sitting, by=town.lidia, at=NEXT_MONDAY)
    lidia = await at_home(portal, town.lidia)
    address = f"/commission/sittings/{sitting.id}"

    assert "Протокол готовится" in words((await lidia.get(address)).text)
    assert (await lidia.get(f"{address}/protocol")).status_code == 404


async def test_a_proposal_that_does_not_fit_comes_back_as_it_was_typed(town: Town, portal: Door, clock: Clock) -> None:
    clock.now = NEXT_MONDAY
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY)
    lidia = await at_home(portal, town.lidia)
    item = (await agenda(sitting))[0].id
    form = {"item": item, "kind": await kind_of("instruct"), "text": "Pour new asphalt.", "version": await version()}

    answer = await lidia.post(f"/commission/sittings/{sitting.id}/proposals", data=form)

    assert answer.status_code == 422
    assert "Pour new asphalt." in answer.text
    assert "В поручении нужна дата" in words(answer.text)


async def test_the_second_secretary_hears_who_was_first_and_keeps_the_words(
    town: Town, portal: Door, clock: Clock
) -> None:
    clock.now = NEXT_MONDAY
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY)
    opened = await version()
    await proposed(town, sitting, at=NEXT_MONDAY)
    konstantin = await at_home(portal, town.konstantin)
    item = (await agenda(sitting))[0].id
    form = {"item": item, "kind": await kind_of("close"), "text": "Enough of it.", "version": opened}

    answer = await konstantin.post(f"/commission/sittings/{sitting.id}/proposals", data=form)

    assert answer.status_code == 409
    assert f"{town.lidia.name} опередил" in words(answer.text)
    assert differing(answer.text, "ins") == ["Enough of it."]
    assert differing(answer.text, "del"), "and what was proposed on the same case meanwhile"


async def test_a_vote_that_is_missing_or_typed_by_hand_counts_nothing(town: Town, portal: Door, clock: Clock) -> None:
    clock.now = NEXT_MONDAY
    message = await in_commission(town)
    sitting = await sitting_on(town, message, at=NEXT_MONDAY)
    await proposed(town, sitting, at=NEXT_MONDAY)
    lidia = await at_home(portal, town.lidia)
    members = [town.yulia.id, town.gleb.id, town.konstantin.id]
    everybody = {f"vote-1-{id}": "for" for id in members}
    tried: list[dict[str, Any]] = [
        {},
        dict(list(everybody.items())[:2]),
        {**everybody, f"vote-1-{town.lidia.id}": "for"},
        {**everybody, f"vote-1-{members[0]}": ["for", "for"]},
        {**everybody, "vote-1-²": "for", f"vote-1-{members[0]}": "perhaps"},
    ]

    for form in tried:
        answer = await lidia.post(
            f"/commission/sittings/{sitting.id}/votes", data={"version": await version(), "proposal": "1", **form}
        )
        assert answer.status_code == 422, form

    assert (await fresh(message)).status == "commission"


async def test_a_sitting_needs_a_day_and_a_case(town: Town, portal: Door, clock: Clock) -> None:
    clock.now = NEXT_MONDAY
    await in_commission(town)
    lidia = await at_home(portal, town.lidia)

    answer = await lidia.post("/commission/sittings", data={"held_on": "2026-03-01"})

    assert answer.status_code == 422
    assert 'value="2026-03-01"' in answer.text
    assert await Sitting.count() == 0


async def test_the_frozen_case_stays_as_it_was_on_the_page(town: Town, portal: Door) -> None:
    message = await in_commission(town)
    lidia = await at_home(portal, town.lidia)
    address = f"/commission/cases/{(await the_file(message)).id}"
    before = without_time((await lidia.get(address)).text)

    await decided(town, message, at=NEXT_MONDAY, effect="instruct")
    await Person.update({Person.name: "Somebody Else"}).where(Person.id == town.anna.id)

    after = without_time((await lidia.get(address)).text)
    assert without_counters(after) == without_counters(before)


def without_time(page: str) -> str:
    return re.sub(r'name="csrf_token" value="\w+"', "", page)


def without_counters(page: str) -> str:
    return re.sub(r'<span class="count".*?</span>', "", page)


async def test_a_case_that_the_commission_closed_is_not_called_solved(town: Town, portal: Door) -> None:
    message = await in_commission(town)
    await decided(town, message, at=NEXT_MONDAY, effect="explain")
    anna, elena = await at_home(portal, town.anna), await at_home(portal, town.elena)

    pages = [
        (await anna.get("/messages")).text,
        (await anna.get(f"/messages/{message.id}")).text,
        (await elena.get(f"/control/{message.id}")).text,
    ]

    for page in pages:
        pill = re.search(r'<span class="pill".*?</span>', page, re.DOTALL)
        assert pill is not None
        assert "Закрыто" in pill[0]


async def test_the_executor_reads_nothing_of_votes_and_blocks(town: Town, portal: Door) -> None:
    message = await in_commission(town)
    ground = await block_ground()
    await blocking.block(message, by=town.marina, at=NEXT_MONDAY, ground=ground, days=3, explanation="Rude words.")
    await decided(town, message, at=NEXT_MONDAY, effect="instruct")
    sergey, marina = await at_home(portal, town.sergey), await at_home(portal, town.marina)

    theirs = words((await sergey.get(f"/execution/{message.id}")).text)
    all_of_it = words((await marina.get(f"/moderation/{message.id}")).text)

    for inside in ("Комиссия проголосовала", "Rude words."):
        assert inside in all_of_it
        assert inside not in theirs


async def test_the_queue_of_the_commission_comes_alone_when_there_is_news(
    town: Town, portal: Door, clock: Clock
) -> None:
    message = await in_commission(town)
    clock.now = NEXT_MONDAY
    lidia = await at_home(portal, town.lidia)

    board = await lidia.get("/commission", headers=HTMX)

    assert "<html" not in board.text
    assert f'id="row-{message.id}"' in board.text
    assert 'hx-target="#side"' in board.text
