"""A block on the pages (§2, R29): an open session gains nothing, nothing typed is lost, the objection is answered."""

from datetime import timedelta
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import WORDS, at_home, filled_in, location, photo, uploads
from tests.portal.test_collisions import differing
from tests.stories import answered, block_ground, blocked, fresh, registered, submitted

from domain import blocking, moderating
from domain.model import Attachment, Block, Message, Objection
from portal.door import Door

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.rule("R29")]
UNTIL = "До 09.03.2026 включительно отправлять сообщения нельзя"


async def test_an_open_session_gains_nothing_and_nothing_typed_is_lost(town: Town, portal: Door, clock: Clock) -> None:
    message = await submitted(town)
    anna = await at_home(portal, town.anna)
    form = filled_in(town)
    await blocked(town, message, at=MONDAY)

    answer = await anna.post("/messages", data=form, files=[photo()])

    assert answer.status_code == 422
    assert UNTIL in words(answer.text)
    assert WORDS in answer.text
    assert "Mira 41" in answer.text
    assert len(uploads(answer.text)) == await Attachment.count() == 1
    assert await Message.count() == 1
    clock.now = (await the_block()).ends_at
    anna = await at_home(portal, town.anna)
    location(await anna.post("/messages", data={**form, "uploads": str(uploads(answer.text)[0])}))
    assert await Attachment.count().where(Attachment.message.is_not_null()) == 1


async def the_block() -> Block:
    found = await Block.objects().first()
    assert found is not None
    return found


async def test_with_scripts_the_form_comes_back_as_well(town: Town, portal: Door) -> None:
    await blocked(town, await submitted(town), at=MONDAY)
    anna = await at_home(portal, town.anna)

    answer = await anna.post("/messages", data=filled_in(town), headers=HTMX)

    assert answer.status_code == 422
    assert UNTIL in words(answer.text)
    assert WORDS in answer.text
    assert "<html" not in answer.text


async def test_what_a_guest_has_typed_waits_while_its_author_is_blocked(town: Town, portal: Door) -> None:
    await blocked(town, await submitted(town), at=MONDAY)
    browser = Browser(portal)
    location(await browser.post("/messages", data=filled_in(town)))
    await browser.sign_in(town.anna)

    page = await browser.get("/messages/new")

    assert WORDS in page.text
    assert "До 9 марта 2026 включительно нельзя отправлять сообщения" in words(page.text)
    assert (await browser.post("/messages", data=filled_in(town))).status_code == 422


async def test_a_refused_message_is_not_corrected_meanwhile(town: Town, portal: Door) -> None:
    message = await submitted(town)
    said = {"reason": "Insults.", "proposal": "Leave them out."}
    await moderating.refuse(message, by=town.marina, at=MONDAY, grounds=[town.grounds["G11"].id], **said)
    await blocked(town, message, at=MONDAY)
    anna = await at_home(portal, town.anna)

    answer = await anna.post(f"/messages/{message.id}/correction", data=filled_in(town, text="Politely now."))

    assert answer.status_code == 422
    assert "Politely now." in answer.text
    assert UNTIL in words(answer.text)
    assert (await fresh(message)).status == "refused"


async def test_the_cabinet_says_until_when_and_why_and_stays_open(town: Town, portal: Door, clock: Clock) -> None:
    message = await answered(town)
    await blocked(town, message, at=MONDAY)
    anna = await at_home(portal, town.anna)

    for address in ("/messages", "/messages/new"):
        page = words((await anna.get(address)).text)
        assert "До 9 марта 2026 включительно нельзя отправлять сообщения" in page
        assert "Insults in every line." in page
    assert (await anna.get(f"/messages/{message.id}")).status_code == 200
    location(await anna.post(f"/messages/{message.id}/rating", data={"choice": "solved"}))
    boris = await at_home(portal, town.boris)
    assert "нельзя отправлять" not in words((await boris.get("/messages")).text)


async def test_the_banner_goes_with_the_last_day(town: Town, portal: Door, clock: Clock) -> None:
    block = await blocked(town, await submitted(town), at=MONDAY)
    clock.now = block.ends_at
    anna = await at_home(portal, town.anna)

    page = words((await anna.get("/messages")).text)

    assert "нельзя отправлять" not in page
    assert "Блокировка закончилась" in words((await anna.get("/block")).text)


async def form(**changes: Any) -> dict[str, Any]:
    return {"ground": await block_ground(), "days": "7", "explanation": "Rude words.", "queue": "new", **changes}


async def test_a_moderator_blocks_from_the_case_and_sees_until_when(town: Town, portal: Door) -> None:
    message = await registered(town)
    other = await submitted(town)
    marina = await at_home(portal, town.marina)
    before = words((await marina.get(f"/moderation/{message.id}")).text)

    location(await marina.post(f"/messages/{message.id}/block", data=await form()))

    assert "Заблокировать автора" in before
    for each in (message, other):
        page = words((await marina.get(f"/moderation/{each.id}")).text)
        assert "Автор заблокирован до 9 марта 2026." in page
        assert "Rude words." in page
        assert "Заблокировать автора" not in page


async def test_a_block_that_does_not_fit_comes_back_as_it_was_typed(town: Town, portal: Door) -> None:
    message = await registered(town)
    marina = await at_home(portal, town.marina)

    for days in ("31", "0", "-1", "", "many", "7.5"):
        answer = await marina.post(f"/messages/{message.id}/block", data=await form(days=days))
        assert answer.status_code == 422, days
        assert "Rude words." in answer.text
    assert await Block.count() == 0


async def test_the_second_moderator_hears_who_was_first(town: Town, portal: Door) -> None:
    message = await registered(town)
    vera = await at_home(portal, town.vera)
    await blocked(town, message, at=MONDAY)

    answer = await vera.post(f"/messages/{message.id}/block", data=await form(days="30"))

    assert answer.status_code == 409
    assert f"{town.marina.name} опередил(а) вас: автор заблокирован до 09.03.2026" in words(answer.text)
    assert differing(answer.text, "ins") == ["Rude words."]
    assert differing(answer.text, "del") == ["Insults in every line."]
    assert (await the_block()).days == 7


async def test_the_journal_of_blocks_of_a_person_stays(town: Town, portal: Door, clock: Clock) -> None:
    message = await registered(town)
    await blocked(town, message, at=MONDAY - timedelta(days=40), days=2)
    await blocked(town, message, at=MONDAY - timedelta(days=20), days=1)
    marina = await at_home(portal, town.marina)

    page = words((await marina.get(f"/moderation/{message.id}")).text)

    assert "Прежние блокировки: 2" in page
    assert "21 января 2026 – 23 января 2026" in page


async def test_only_moderators_block(town: Town, portal: Door) -> None:
    message = await registered(town)

    for who in (town.anna, town.boris, town.pavel, town.elena, town.konstantin, town.yulia):
        browser = await at_home(portal, who)
        assert (await browser.post(f"/messages/{message.id}/block", data=await form())).status_code == 404
    assert await Block.count() == 0


async def test_an_objection_goes_to_the_coordinator_who_lifts_the_block(town: Town, portal: Door) -> None:
    block = await blocked(town, await submitted(town), at=MONDAY)
    anna, konstantin = await at_home(portal, town.anna), await at_home(portal, town.konstantin)

    after = location(await anna.post("/block/objection", data={"text": "It was not me."}))
    assert "Возражение отправлено" in words((await anna.get(after)).text)
    assert "It was not me." in words((await konstantin.get("/objections")).text)
    fetched = (await konstantin.get("/objections", headers=HTMX)).text
    assert f'id="objection-{block.id}"' in fetched
    assert "<html" not in fetched
    address = f"/objections/{block.id}"
    assert "Insults in every line." in words((await konstantin.get(address)).text)
    after = location(await konstantin.post(address, data={"decision": "lifted", "reason": "A mistake."}))

    assert "Блокировка снята" in words((await konstantin.get(after)).text)
    page = words((await anna.get("/block")).text)
    assert "A mistake." in page
    assert "нельзя отправлять" not in words((await anna.get("/messages")).text)
    location(await anna.post("/messages", data=filled_in(town)))


async def test_an_answer_names_its_reason_and_comes_once(town: Town, portal: Door) -> None:
    block = await blocked(town, await submitted(town), at=MONDAY)
    await blocking.object_to(block, by=town.anna, at=MONDAY, text="It was not me.")
    konstantin = await at_home(portal, town.konstantin)
    address = f"/objections/{block.id}"

    assert (await konstantin.post(address, data={"decision": "kept", "reason": " "})).status_code == 422
    assert (await konstantin.post(address, data={"decision": "perhaps", "reason": "So."})).status_code == 422
    location(await konstantin.post(address, data={"decision": "kept", "reason": "It was you."}))
    late = await konstantin.post(address, data={"decision": "lifted", "reason": "Or was it?"})

    assert late.status_code == 409
    assert (differing(late.text, "del"), differing(late.text, "ins")) == (["It", "you."], ["Or", "it?"])
    assert (await Objection.objects().first()).decision == "kept"


async def test_an_empty_objection_is_not_sent(town: Town, portal: Door) -> None:
    await blocked(town, await submitted(town), at=MONDAY)
    anna = await at_home(portal, town.anna)

    assert (await anna.post("/block/objection", data={"text": ""})).status_code == 422
    long = "x" * 3001
    answer = await anna.post("/block/objection", data={"text": long})

    assert answer.status_code == 422
    assert long in answer.text


async def test_who_was_never_blocked_has_no_such_page(town: Town, portal: Door) -> None:
    block = await blocked(town, await submitted(town), at=MONDAY)
    await blocking.object_to(block, by=town.anna, at=MONDAY, text="It was not me.")

    boris = await at_home(portal, town.boris)
    assert (await boris.get("/block")).status_code == 404
    assert (await boris.post("/block/objection", data={"text": "It was me."})).status_code == 404
    for who in (town.anna, town.pavel, town.marina, town.elena, town.yulia):
        browser = await at_home(portal, who)
        for address in ("/objections", f"/objections/{block.id}"):
            assert (await browser.get(address)).status_code == 404, who.name
        answer = await browser.post(f"/objections/{block.id}", data={"decision": "lifted", "reason": "So."})
        assert answer.status_code == 404
