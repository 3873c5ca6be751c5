"""Doubts about photos stand before the reviewer and the executor and before nobody else; pairs before everybody."""

import re

import pytest
from tests.conftest import SECRET
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser
from tests.portal.desks import QUERIES_AT_MOST, counted, words
from tests.portal.errands import at_home, filled_in, only_message, photo, prepared
from tests.portal.test_execution import form
from tests.stories import HOUR, approve, fresh
from tests.workers import scenes
from tests.workers.drawing import saved

from domain import executing, invitations, moderating
from domain.invitations import Invitation
from domain.model import Attachment, Message
from portal.door import Door
from portal.town import drawings
from workers.pictures import prepare_all

pytestmark = pytest.mark.rule("R16", "R17")
EDITOR, CAMERA = "GIMP 2.10.36", "Demo phone"
PLACE = (50.0711, 43.2402)
DOUBTS = ("та же картинка", "Снята", EDITOR, CAMERA, "м от места", "50.0")


def hole() -> bytes:
    return saved(scenes.scene("pothole").resize((800, 600)))


def doubtful() -> bytes:
    """The picture of the question, smaller, from an editor, and taken two kilometres away, a month before."""
    small = scenes.scene("pothole").resize((720, 540))
    place = (PLACE[0] + 0.018, PLACE[1])
    return drawings.saved(small, MONDAY.replace(month=2), place=place, editor=EDITOR)


async def asked(portal: Door, town: Town) -> tuple[Message, Attachment]:
    """Anna's published message with a photo, which Pavel has accepted."""
    anna = await at_home(portal, town.anna)
    typed = filled_in(town, latitude=str(PLACE[0]), longitude=str(PLACE[1]))
    await anna.post("/messages", data=typed, files=[photo("hole.jpg", hole())])
    message = await only_message()
    (file,) = await prepared(message)
    at = MONDAY + HOUR
    await moderating.register(message, by=town.marina, at=at, public_text="A deep hole.", photos=[file.id])
    await executing.accept(message, by=town.pavel, at=at)
    return message, file


async def answered(portal: Door, town: Town) -> tuple[Message, Attachment, Attachment]:
    """Pavel's draft shows the very hole again."""
    message, before = await asked(portal, town)
    pavel = await at_home(portal, town.pavel)
    typed = await form(pavel, message, outcome="solved", text="The hole was filled on 2 March.")
    files = {"files": ("done.jpg", doubtful(), "image/jpeg")}
    assert (await pavel.post(f"/messages/{message.id}/answer", data=typed, files=files)).status_code == 303
    after = await Attachment.objects().where(Attachment.answer.is_not_null()).first()
    assert after is not None
    await prepare_all([after])
    return await fresh(message), before, after


async def sent(portal: Door, town: Town) -> tuple[Message, Attachment, Attachment]:
    message, before, after = await answered(portal, town)
    pavel = await at_home(portal, town.pavel)
    typed = await form(pavel, message, outcome="solved", text="The hole was filled on 2 March.")
    answer = await pavel.post(f"/messages/{message.id}/answer/review", data=typed)
    assert answer.status_code == 303, answer.text
    return await fresh(message), before, after


async def test_the_reviewer_sees_each_doubt_beside_its_picture(portal: Door, town: Town, storage_url: str) -> None:
    message, before, after = await sent(portal, town)
    vera = await at_home(portal, town.vera)

    with counted() as statements:
        page = (await vera.get(f"/moderation/{message.id}")).text

    told = words(page)
    assert "картинка, что в самом сообщении" in told
    assert "Снята 02.02.2026 10:00 – раньше, чем отправлено сообщение" in told
    assert re.search(r"Снята в 2\d\d\d м от места", told)
    assert f"Сохранена программой, которая изменяет картинки: {EDITOR}" in told
    assert page.count(f"/files/{before.id}/small") > 1
    assert f"/files/{after.id}/small" in page
    assert len(statements) <= QUERIES_AT_MOST


async def test_the_executor_sees_the_same_before_the_answer_goes(portal: Door, town: Town, storage_url: str) -> None:
    message, _, _ = await answered(portal, town)
    pavel = await at_home(portal, town.pavel)

    with counted() as statements:
        told = words((await pavel.get(f"/execution/{message.id}")).text)

    assert "картинка, что в самом сообщении" in told
    assert EDITOR in told
    assert len(statements) <= QUERIES_AT_MOST


async def test_the_doubts_stand_in_the_journal_of_the_officials(portal: Door, town: Town, storage_url: str) -> None:
    message, _, _ = await sent(portal, town)
    await approve(town, message, at=MONDAY + 3 * HOUR)

    page = await (await at_home(portal, town.vera)).get(f"/moderation/{message.id}")

    assert "done.jpg – снята раньше сообщения, следы редактора, снята далеко от места, как в самом сообщении" in words(
        page.text
    )


async def test_nobody_of_the_public_ever_sees_a_doubt_or_what_the_camera_wrote(
    portal: Door, browser: Browser, town: Town, storage_url: str
) -> None:
    message, before, after = await sent(portal, town)
    await approve(town, message, at=MONDAY + 3 * HOUR, publish=True, photos=[after.id])
    anna, boris, sergey = [await at_home(portal, who) for who in (town.anna, town.boris, town.sergey)]

    own = await anna.get(f"/messages/{message.id}")
    public = [await each.get(f"/publications/{message.number}") for each in (browser, anna, boris)]
    closed = [await each.get(f"/files/{after.id}/{size}") for each in (boris, sergey) for size in ("small", "original")]

    for page in (own, *public):
        assert page.status_code == 200
        assert [doubt for doubt in DOUBTS if doubt in words(page.text)] == []
    assert {answer.status_code for answer in closed} == {404}
    assert (await anna.get(f"/files/{before.id}/original")).status_code == 404
    assert (await sergey.get(f"/execution/{message.id}")).status_code == 404


async def test_before_and_after_stand_side_by_side_before_everybody(
    portal: Door, browser: Browser, town: Town, storage_url: str
) -> None:
    message, before, after = await sent(portal, town)
    review = (await (await at_home(portal, town.vera)).get(f"/moderation/{message.id}")).text
    await approve(town, message, at=MONDAY + 3 * HOUR, publish=True, photos=[after.id])

    own = (await (await at_home(portal, town.anna)).get(f"/messages/{message.id}")).text
    public = (await browser.get(f"/publications/{message.number}")).text

    for page in (review, own):
        assert paired(page) == [f"/files/{before.id}/medium", f"/files/{after.id}/medium"]
    shown = paired(public)
    assert [str(file.id) in address for file, address in zip((before, after), shown, strict=True)] == [True, True]
    assert [(await browser.get(address)).status_code for address in shown] == [200, 200]


async def test_the_link_of_a_letter_opens_both_and_no_other_photo_of_the_message(
    portal: Door, browser: Browser, town: Town, storage_url: str
) -> None:
    message, before, after = await sent(portal, town)
    await approve(town, message, at=MONDAY + 3 * HOUR)
    token = invitations.sign(Invitation(after.answer, town.anna.id), SECRET, at=MONDAY)

    shown = paired((await browser.get(f"/answers/{token}")).text)
    opened = [(await browser.get(address)).status_code for address in shown]
    await Attachment.update({Attachment.before: None}).where(Attachment.id == after.id)

    assert [str(file.id) in address for file, address in zip((before, after), shown, strict=True)] == [True, True]
    assert opened == [200, 200]
    assert (await browser.get(shown[0])).status_code == 404
    assert str(before.id) not in (await browser.get(f"/answers/{token}")).text


async def test_a_photo_that_is_not_public_is_nobodys_before(
    portal: Door, browser: Browser, town: Town, storage_url: str
) -> None:
    message, before, after = await sent(portal, town)
    await approve(town, message, at=MONDAY + 3 * HOUR, publish=True, photos=[after.id])
    await Attachment.update({Attachment.shown: False}).where(Attachment.id == before.id)

    public = (await browser.get(f"/publications/{message.number}")).text

    assert paired(public) == []
    assert str(before.id) not in public
    assert str(after.id) in public


async def test_the_executor_chooses_the_pair_on_a_plain_form(portal: Door, town: Town, storage_url: str) -> None:
    message, before, after = await answered(portal, town)
    pavel, name = await at_home(portal, town.pavel), f"before_{after.id}"
    page = (await pavel.get(f"/execution/{message.id}")).text

    typed = await form(pavel, message, outcome="solved", text="Filled.")
    wrong = await pavel.post(f"/messages/{message.id}/answer", data={**typed, name: str(after.id)})
    typed = await form(pavel, message, outcome="solved", text="Filled.")
    await pavel.post(f"/messages/{message.id}/answer", data={**typed, name: ""})

    assert re.search(rf'<select[^>]*name="{name}".*?<option value="{before.id}" selected>', page, re.DOTALL)
    assert wrong.status_code == 422
    assert "Выберите одну из фотографий сообщения." in words(wrong.text)
    apart = await Attachment.objects().get(Attachment.id == after.id)
    assert apart.before is None


def paired(page: str) -> list[str]:
    """The pictures of the first pair with a slider, the earlier one first."""
    found = re.search(r'<div class="pair">((?:(?!</div>).)*?data-compares)', page, re.DOTALL)
    return re.findall(r'<img src="([^"]+)"', found[1]) if found else []
