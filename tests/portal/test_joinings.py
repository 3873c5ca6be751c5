"""Pages of a case with several authors: joining and taking out at the desk, and what each of them sees (§2, R10)."""

from datetime import timedelta
from typing import Any

import pytest
from tests import stories
from tests.conftest import SECRET
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, words
from tests.portal.errands import at_home
from tests.portal.test_workload import roman
from tests.stories import HOUR

from domain import invitations, joining, moderating, publishing, rating, terms
from domain.invitations import Invitation
from domain.model import Attachment, Message, Person
from portal.desk import execution
from portal.desk.asking import asked
from portal.door import Door
from portal.routes.files import may_see, own_message

LATER = MONDAY + 6 * HOUR


@pytest.fixture
async def marina(town: Town, browser: Browser) -> Browser:
    return await browser.sign_in(town.marina)


@pytest.mark.rule("R07")
async def test_the_moderator_chooses_among_the_nearest_cases_or_types_a_number(marina: Browser, town: Town) -> None:
    case = await stories.in_work(town)
    message = await stories.another(town, town.boris)
    await Message.update({Message.address: case.address.upper()}).where(Message.id == message.id)

    with counted() as statements:
        pane = await marina.get(f"/moderation/{message.id}")
    wrong = await marina.post(f"/messages/{message.id}/joining", data={"number": "2026-00077", "near": case.number})
    done = await marina.post(f"/messages/{message.id}/joining", data={"number": "", "near": case.number})

    assert len(statements) <= QUERIES_AT_MOST
    assert f'name="near" value="{case.number}"' in pane.text
    assert (wrong.status_code, done.status_code) == (422, 303)
    assert "2026-00077" in wrong.text
    assert (await stories.fresh(message)).joined_to == case.id
    page = words((await marina.get(f"/moderation/{message.id}")).text)
    assert f"Присоединено к № {case.number}" in page
    assert "It is as wide as a wheel." in (await marina.get(f"/moderation/{case.id}")).text


@pytest.mark.rule("R30")
async def test_a_case_whose_answer_is_late_is_not_among_the_nearest(marina: Browser, town: Town) -> None:
    case = await stories.in_work(town)
    message = await stories.another(town, town.boris)
    await Message.update({Message.address: case.address}).where(Message.id == message.id)
    before = await marina.get(f"/moderation/{message.id}")
    await terms.miss_due(at=MONDAY + timedelta(days=16))

    after = await marina.get(f"/moderation/{message.id}")

    near = f'name="near" value="{case.number}"'
    assert (near in before.text, near in after.text) == (True, False)


async def test_taking_out_needs_a_reason_and_leads_on(marina: Browser, town: Town) -> None:
    _, message = await stories.case_of_two(town)
    path = f"/messages/{message.id}/detaching"

    without, done = await marina.post(path, data={"reason": " "}), await marina.post(path, data={"reason": "Another."})
    again = await marina.post(path, data={"reason": "Another."})

    assert (without.status_code, done.status_code, again.status_code) == (422, 303, 409)
    assert (await stories.fresh(message)).status == "registered"


async def test_nobody_but_moderators_has_these_buttons(portal: Door, town: Town) -> None:
    case, message = await stories.case_of_two(town)

    for person in (town.boris, town.pavel, town.elena):
        visitor = await at_home(portal, person)
        answers = [
            await visitor.post(f"/messages/{case.id}/joining", data={"number": "2026-00002"}),
            await visitor.post(f"/messages/{message.id}/detaching", data={"reason": "Mine."}),
        ]
        assert {each.status_code for each in answers} <= {403, 404}


@pytest.mark.rule("R10", "R21")
async def test_each_author_reads_the_course_and_the_answer_and_no_word_of_the_other(portal: Door, town: Town) -> None:
    case, message = await stories.answered_to_two(town)
    await rating.rate(case, by=town.anna, at=LATER, choice="unsolved", remarks="Anna's remark.")
    anna, boris = await at_home(portal, town.anna), await at_home(portal, town.boris)

    with counted() as statements:
        his = words((await boris.get(f"/messages/{message.id}")).text)
    hers, list_of_his = words((await anna.get(f"/messages/{case.id}")).text), (await boris.get("/messages")).text

    assert len(statements) <= QUERIES_AT_MOST
    for told in ("The hole was filled on 3 March.", f"№ {message.number}", f"Присоединено к № {case.number}"):
        assert told in his
    assert "доработку по замечаниям другого автора" in his
    assert "На доработке" in words(list_of_his)
    for hidden in ("bus stop", "Mira 41", "Anna's remark", town.anna.name.split()[0]):
        assert hidden not in his + list_of_his
    for hidden in ("wheel", "Mira 43", str(message.number), town.boris.name.split()[0]):
        assert hidden not in hers
    assert (await boris.get(f"/messages/{case.id}")).status_code == 404
    assert (await anna.get(f"/messages/{message.id}")).status_code == 404


@pytest.mark.rule("R23", "R21")
async def test_each_author_rates_once_in_the_cabinet_or_by_their_letter(portal: Door, clock: Clock, town: Town) -> None:
    case, message = await stories.answered_to_two(town)
    clock.now = LATER
    answer = await stories.the_answer(case)
    path = f"/answers/{invitations.sign(Invitation(answer.id, town.boris.id), SECRET, at=LATER)}"
    anna, guest = await at_home(portal, town.anna), Browser(portal)

    shown = words((await guest.get(path)).text)
    first = await guest.post(f"{path}/rating", data={"choice": "solved"})
    again = await guest.post(f"{path}/rating", data={"choice": "unsolved", "remarks": "No."})
    form = (await anna.get(f"/messages/{case.id}")).text
    second = await anna.post(f"/messages/{case.id}/rating", data={"choice": "accepted"})

    assert str(message.number) in shown
    assert "bus stop" not in shown
    assert (first.status_code, again.status_code, second.status_code) == (303, 409, 303)
    assert f'action="/messages/{case.id}/rating"' in form
    assert (await stories.fresh(case)).status == "closed"


async def attached(to: Message, name: str, **parent: Any) -> Attachment:
    file = Attachment(
        key=to.key, name=name, content_hash="0" * 64, kind="jpeg", size=1, received_at=MONDAY, message=to.id, **parent
    )
    await Attachment.insert(file)
    return file


@pytest.mark.rule("R10")
async def test_photos_of_one_author_are_not_for_another_and_those_of_the_answer_are_for_both(
    portal: Door, town: Town
) -> None:
    case, message = await stories.answered_to_two(town)
    answer = await stories.the_answer(case)
    await rating.rate(message, by=town.boris, at=LATER, choice="unsolved", remarks="Open.")
    rated = await Attachment.raw("SELECT id FROM rating")
    files = {
        "of the case": await attached(case, "a.jpg"),
        "of the other": await attached(message, "b.jpg"),
        "of the answer": await attached(case, "c.jpg", answer=answer.id),
        "of the remarks": await attached(case, "d.jpg", rating=rated[0]["id"]),
    }

    async def seen(person: Person) -> set[str]:
        return {name for name, file in files.items() if await may_see(person, file)}

    assert await seen(town.anna) == {"of the case", "of the answer"}
    assert await seen(town.boris) == {"of the other", "of the answer", "of the remarks"}
    assert await seen(town.zinaida) == set()
    assert await seen(town.pavel) == set(files)
    assert await seen(town.sergey) == set()


@pytest.mark.rule("R28", "R10")
async def test_the_public_page_of_a_joined_message_leads_to_its_case(browser: Browser, town: Town) -> None:
    case, message = await stories.case_of_two(town)
    for each, text in ((case, "A hole."), (message, "The same hole.")):
        await publishing.publish(await stories.fresh(each), by=town.marina, at=LATER, text=text)

    paths = (
        "/",
        "/?q=hole",
        f"/?q={message.number}",
        f"/publications/{case.number}",
        f"/publications/{message.number}",
    )
    feed, by_words, by_number, page, led = [(await browser.get(path)).text for path in paths]

    assert f"/publications/{message.number}" not in feed + by_words
    assert f"/publications/{message.number}" in by_number
    assert "Присоединено" in by_number
    assert "Об этом сообщил ещё 1 житель" in words(page)
    assert f'href="/publications/{case.number}"' in led


@pytest.mark.rule("R10")
async def test_a_co_executor_reads_nothing_that_others_wrote(portal: Door, town: Town) -> None:
    case, message = await stories.case_of_two(town)
    await stories.shared(town, message=await stories.fresh(case))
    sergey = await at_home(portal, town.sergey)

    page = words((await sergey.get(f"/execution/{case.id}")).text)

    assert "bus stop" in page
    assert "wheel" not in page
    assert "Mira 43" not in page
    assert (await sergey.get(f"/execution/{message.id}")).status_code == 404


@pytest.mark.rule("R23", "R21")
async def test_who_wrote_twice_rates_by_the_case_however_old_the_other_is(
    portal: Door, clock: Clock, town: Town
) -> None:
    older = await stories.submitted(town)
    case = await stories.in_work(town)
    await stories.joined(town, older, case)
    await stories.answer(town, await stories.fresh(case), at=MONDAY + 4 * HOUR)
    await stories.approve(town, await stories.fresh(case), at=MONDAY + 5 * HOUR)
    answer = await stories.the_answer(case)
    file = await attached(case, "c.jpg", answer=answer.id)
    path = f"/answers/{invitations.sign(Invitation(answer.id, town.anna.id), SECRET, at=LATER)}"
    clock.now = LATER
    guest = Browser(portal)

    page = (await guest.get(path)).text
    rated = await guest.post(f"{path}/rating", data={"choice": "accepted"})

    assert str(case.number) in page
    assert f'action="{path}/rating"' in page
    assert rated.status_code == 303
    assert (await own_message(town.anna, file.message)).id == case.id


@pytest.mark.rule("R10")
async def test_the_executor_reads_what_others_wrote_and_not_who(portal: Door, town: Town) -> None:
    case, _ = await stories.case_of_two(town)
    pavel = await at_home(portal, town.pavel)

    page = words((await pavel.get(f"/execution/{case.id}")).text)

    assert "It is as wide as a wheel." in page
    assert town.boris.name not in page


@pytest.mark.rule("R10")
async def test_who_had_a_message_before_it_was_joined_to_a_case_of_another_reads_it_when_it_is_taken_out(
    portal: Door, town: Town
) -> None:
    case = await stories.in_work(town)
    message = await stories.another(town, town.boris)
    colleague = await roman()  # Sergey heads the department
    await moderating.register(message, by=town.marina, at=LATER, executor=colleague.id)
    both = [await at_home(portal, colleague), await at_home(portal, town.sergey)]
    before = [(await who.get(f"/execution/{message.id}")).status_code for who in both]
    await stories.joined(town, message, case, at=LATER)
    meanwhile = [(await who.get(f"/execution/{message.id}")).status_code for who in both]

    await joining.detach(await stories.fresh(message), by=town.marina, at=LATER, reason="Another.")

    after = [(await who.get(f"/execution/{message.id}")).status_code for who in both]
    assert (before, meanwhile, after) == ([200, 200], [404, 404], [200, 200])


async def miscounted(person: Person) -> dict[str, tuple[str, int]]:
    """The queues of an executor whose counter does not say how many rows stand in them."""
    ask = await asked(person, LATER, "ru")
    side = await execution.side(ask, execution.QUEUES[0])
    listed = {}
    for queue, count, _ in [*side.queues, *side.done]:
        rows = [row for group in (await execution.beside(ask, queue))["list"].groups for row in group.rows]
        if count != str(len(rows)):
            listed[queue.name] = (count, len(rows))
    return listed


@pytest.mark.rule("R31")
async def test_the_counters_of_an_executor_tell_of_the_rows_whatever_is_joined_and_rated(town: Town) -> None:
    case, message = await stories.case_of_two(town)
    alone = await stories.another(town, town.zinaida)
    await stories.joined(town, alone, case)
    found = [await miscounted(town.pavel)]

    await joining.detach(await stories.fresh(alone), by=town.marina, at=LATER, reason="Another.")
    found.append(await miscounted(town.pavel))
    await stories.answer(town, await stories.fresh(case), at=LATER)
    await stories.approve(town, await stories.fresh(case), at=LATER)
    for each, by in ((case, town.anna), (message, town.boris)):
        found.append(await miscounted(town.pavel))
        await rating.rate(await stories.fresh(each), by=by, at=LATER, choice="accepted")
    found.append(await miscounted(town.pavel))

    assert found == [{}] * 5


async def test_the_search_says_to_what_a_message_is_joined(marina: Browser, town: Town) -> None:
    case, message = await stories.case_of_two(town)

    with counted() as statements:
        page = await marina.get(f"/search?q={message.number}")

    assert len(statements) <= QUERIES_AT_MOST
    assert f"Присоединено к № {case.number}" in words(page.text)
