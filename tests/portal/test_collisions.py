"""Two who write at once: both texts stand side by side, nothing typed is lost, nothing is written over unseen (R33)."""

import re
from typing import Any

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser
from tests.portal.desks import words
from tests.portal.errands import at_home
from tests.stories import HOUR

from domain import answering, clarifying, executing, moderating, publishing
from domain.answering import Written
from domain.model import Message, RejectionGround
from portal.desk.collisions import Piece, collision
from portal.door import Door
from portal.forms import Typed


def differing(page: str, tag: str) -> list[str]:
    """What is marked as standing on one side only, without the words that a screen reader hears around it."""
    inner = re.findall(rf"<{tag} [^>]*>(.*?)</{tag}>", page, re.DOTALL)
    return [words(re.sub(r'<span class="vh">.*?</span>', "", each)).strip() for each in inner]


def fields(page: str, id: str) -> dict[str, str]:
    """The hidden fields of a form, as a browser would send them."""
    (inner,) = re.findall(rf'<form[^>]*id="{id}"[^>]*>(.*?)</form>', page, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', inner))


def test_what_differs_is_told_by_words_and_a_browsers_line_breaks_are_no_difference() -> None:
    mine = Typed.of(text="The hole is filled\r\non Monday.", key="7")

    same = collision("Late.", mine, {"text": "The hole is filled\non Monday."})
    (text,) = collision("Late.", mine, {"text": "The hole was filled\non Monday."}).texts

    assert same.texts == []
    assert text.mine == [Piece("The hole ", False), Piece("is ", True), Piece("filled\non Monday.", False)]
    assert text.theirs == [Piece("The hole ", False), Piece("was ", True), Piece("filled\non Monday.", False)]


@pytest.mark.rule("R15")
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_a_draft_that_came_second_is_shown_beside_the_first_and_saved_over_it(
    headers: dict[str, str], portal: Door, town: Town
) -> None:
    message = await stories.in_work(town)
    pavel = await at_home(portal, town.pavel)
    opened = fields((await pavel.get(f"/execution/{message.id}")).text, "decision-answer")
    await answering.draft(message, Written(text="The hole was filled."), by=town.pavel, at=MONDAY + 3 * HOUR)

    typed = {**opened, "text": "The hole is filled."}
    late = await pavel.post(f"/messages/{message.id}/answer", data=typed, headers=headers)
    now = fields(late.text, "decision-answer")
    over = await pavel.post(f"/messages/{message.id}/answer", data={**typed, **now}, headers=headers)

    assert late.status_code == 409
    assert (differing(late.text, "del"), differing(late.text, "ins")) == (["was"], ["is"])
    assert 'form="decision-answer"' in late.text
    assert over.status_code == 303
    assert (await stories.the_answer(message)).text == "The hole is filled."


@pytest.mark.rule("R08", "R33")
async def test_a_refusal_of_a_message_that_has_moved_since_is_told_and_can_be_pressed_again(
    portal: Door, town: Town
) -> None:
    message = await stories.questioned(town)
    vera = await at_home(portal, town.vera)
    form = {"grounds": town.grounds["G01"].id, "reason": "It swears a lot.", "proposal": "Swear less."}
    opened = fields((await vera.get(f"/moderation/{message.id}")).text, "decision-refusal")
    await clarifying.reply(message, "By the bus stop.", by=town.anna, at=MONDAY + 2 * HOUR)

    late = await vera.post(f"/messages/{message.id}/refusal", data={**opened, **form})
    assert late.status_code == 409
    assert (await stories.fresh(message)).status == "submitted"
    assert town.anna.name not in words(late.text)  # it was the author, who is opened and not shown
    assert "It swears a lot." in words(late.text)

    again = {**fields(late.text, "decision-refusal"), **form}
    assert (await vera.post(f"/messages/{message.id}/refusal", data=again)).status_code == 303
    assert (await stories.fresh(message)).status == "refused"


async def questioned_at_once(town: Town, message: Message) -> None:
    await stories.questions_allowed(town)
    await clarifying.ask(message, "Which side of it?", by=town.marina, at=MONDAY + HOUR)


async def refused_at_once(town: Town, message: Message) -> None:
    grounds = [town.grounds["G11"].id]
    said = {"reason": "Which side of it?", "proposal": "One each."}
    await moderating.refuse(message, by=town.marina, at=MONDAY + HOUR, grounds=grounds, **said)


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    ("decision", "field", "first"),
    [("question", "question", questioned_at_once), ("refusal", "reason", refused_at_once)],
)
async def test_of_two_moderators_the_second_reads_what_the_first_has_said(
    decision: str, field: str, first: Any, portal: Door, town: Town
) -> None:
    await stories.questions_allowed(town)
    message = await stories.submitted(town)
    vera = await at_home(portal, town.vera)
    page = await vera.get(f"/moderation/{message.id}")
    opened = fields(page.text, f"decision-{decision}")
    await first(town, message)
    form = {**opened, field: "Which street of it?", "proposal": "One.", "grounds": town.grounds["G01"].id}

    late = await vera.post(f"/messages/{message.id}/{decision}", data=form, headers=HTMX)

    assert late.status_code == 409
    assert town.marina.name in words(late.text)
    assert ("side" in differing(late.text, "del"), "street" in differing(late.text, "ins")) == (True, True)
    assert "Записать мой текст поверх" not in late.text


@pytest.mark.rule("R12")
async def test_a_deputy_who_hands_back_second_reads_the_justification_of_the_first(portal: Door, town: Town) -> None:
    message = await stories.registered(town)
    pavel = await at_home(portal, town.pavel)
    opened = fields((await pavel.get(f"/execution/{message.id}")).text, "decision-hand_back")
    await executing.hand_back(message, by=town.pavel, at=MONDAY + 2 * HOUR, justification="The road is regional.")

    late = await pavel.post(f"/messages/{message.id}/hand-back", data={**opened, "justification": "The road is ours."})

    assert late.status_code == 409
    assert (differing(late.text, "del"), differing(late.text, "ins")) == (["regional."], ["ours."])


@pytest.mark.rule("R20")
async def test_a_remark_to_an_answer_written_anew_is_kept_and_its_rules_are_judged_again(
    portal: Door, town: Town
) -> None:
    message = await stories.in_review(town)
    vera = await at_home(portal, town.vera)
    typed = {**await stories.judged(message), "version": "7", "R17": "broken", "remark": "Say when."}

    late = await vera.post(f"/messages/{message.id}/sending-back", data=typed, headers=HTMX)

    assert late.status_code == 409
    assert ">\nSay when.</textarea>" in late.text
    assert 'name="R17" value="broken" checked' not in late.text
    assert 'name="version" value="7"' not in late.text


@pytest.mark.rule("R28")
async def test_two_copies_for_everybody_stand_side_by_side(portal: Door, town: Town) -> None:
    message = await stories.registered(town)
    vera = await at_home(portal, town.vera)
    address = f"/moderation/{message.id}/publication"
    opened = fields((await vera.get(address)).text, "copy")
    await publishing.publish(message, by=town.marina, at=MONDAY + 2 * HOUR, text="A hole at the stop.")
    typed = {**opened, "public_text": "A pit at the stop.", "public_address": "Mira"}

    late = await vera.post(f"/messages/{message.id}/publication", data=typed)
    over = await vera.post(f"/messages/{message.id}/publication", data={**typed, **fields(late.text, "copy")})

    assert late.status_code == 409
    assert (differing(late.text, "del")[0], differing(late.text, "ins")[0]) == ("hole", "pit")
    assert over.status_code == 303
    assert (await stories.fresh(message)).public_text == "A pit at the stop."


@pytest.mark.rule("R28")
async def test_who_rejects_second_reads_the_first_and_rejects_nothing_twice(portal: Door, town: Town) -> None:
    message = await stories.registered(town)
    vera = await at_home(portal, town.vera)
    opened = fields((await vera.get(f"/moderation/{message.id}/withdrawal")).text, "withdrawal")
    ground = await RejectionGround.objects().first()
    act: dict[str, Any] = {"ground": ground.id if ground else 0, "words": "A name is in it."}
    await publishing.withdraw(message, by=town.marina, at=MONDAY + 2 * HOUR, **act)

    typed = {**opened, **act, "words": "A flat is in it."}
    late = await vera.post(f"/messages/{message.id}/withdrawal", data=typed)

    assert late.status_code == 409
    assert (differing(late.text, "del"), differing(late.text, "ins")) == (["name"], ["flat"])
    assert "Записать мой текст поверх" not in late.text


@pytest.mark.rule("R28")
async def test_what_was_published_since_is_told_before_it_is_rejected(portal: Door, town: Town) -> None:
    message = await stories.registered(town)
    vera = await at_home(portal, town.vera)
    opened = fields((await vera.get(f"/moderation/{message.id}/withdrawal")).text, "withdrawal")
    ground = await RejectionGround.objects().first()
    await publishing.publish(message, by=town.marina, at=MONDAY + 2 * HOUR, text="A hole at the stop.")

    typed = {**opened, "ground": ground.id if ground else 0, "words": "A flat is in it."}
    late = await vera.post(f"/messages/{message.id}/withdrawal", data=typed)
    over = await vera.post(f"/messages/{message.id}/withdrawal", data={**typed, **fields(late.text, "withdrawal")})

    assert (late.status_code, over.status_code) == (409, 303)
    assert 'form="withdrawal"' in late.text
    assert (await stories.fresh(message)).published_at is None


@pytest.mark.rule("R28")
async def test_the_copy_of_an_answer_that_somebody_else_let_out_stands_beside_mine(portal: Door, town: Town) -> None:
    message = await stories.registered(town)
    await publishing.publish(message, by=town.marina, at=MONDAY + HOUR, text="A hole at the stop.")
    await executing.accept(message, by=town.pavel, at=MONDAY + 2 * HOUR)
    await stories.answer(town, message, at=MONDAY + 3 * HOUR)
    marina = await at_home(portal, town.marina)
    typed = {**await stories.judged(message), "publish": "yes", "public_text": "The pit is filled."}
    await stories.approve(town, message, at=MONDAY + 5 * HOUR, publish=True, public_text="The hole is filled.")

    late = await marina.post(f"/messages/{message.id}/approval", data=typed)

    assert late.status_code == 409
    assert (differing(late.text, "del"), differing(late.text, "ins")) == (["hole"], ["pit"])


@pytest.mark.rule("R10", "R12")
async def test_who_no_longer_may_see_the_case_gets_their_own_words_back_and_nothing_else(
    portal: Door, town: Town
) -> None:
    message = await stories.registered(town)
    pavel = await at_home(portal, town.pavel)
    await executing.hand_back(message, by=town.pavel, at=MONDAY + 2 * HOUR, justification="A regional road.")
    await moderating.reroute(message, by=town.marina, at=MONDAY + 3 * HOUR, executor=town.sergey.id)

    token = pavel.headers.pop("X-CSRF-Token")  # without scripts it comes in the form
    form = {"scope": "I fill the hole.", "csrf_token": token}
    late = await pavel.post(f"/messages/{message.id}/acceptance", data=form)

    assert late.status_code == 404
    assert "I fill the hole." in late.text
    assert "regional" not in late.text


async def test_an_old_form_without_a_version_is_taken_as_it_was_before(portal: Door, town: Town) -> None:
    message = await stories.submitted(town)
    vera: Browser = await at_home(portal, town.vera)

    done = await vera.post(f"/messages/{message.id}/registration", data={"topic": town.pothole.id})
    odd = await vera.post(f"/messages/{message.id}/registration", data={"topic": town.pothole.id, "opened": "x"})

    assert (done.status_code, odd.status_code) == (303, 422)
