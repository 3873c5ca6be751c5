"""A photo of an answer is turned, cropped or confirmed on a page of its own, before the answer can go (§4.1, R14)."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser
from tests.portal.desks import QUERIES_AT_MOST, counted, words
from tests.portal.errands import at_home
from tests.portal.test_execution import form, read
from tests.portal.test_public_photos import near
from tests.stories import HOUR, told_as_written
from tests.workers.drawing import BLUE, GREEN, RED, UPRIGHT, WHITE, colours, quarters, saved

from domain import covering
from domain.areas import Area
from domain.fitness import UNFIT
from domain.model import Attachment, Message
from portal.desk.answers import MARKS
from portal.door import Door
from workers import storage
from workers.edits import edit_photo
from workers.picture_child import COVER
from workers.pictures import prepare

pytestmark = pytest.mark.rule("R14")
LITTLE = saved(quarters(600, 300))
FIT = saved(quarters(1200, 800))
TURNED_RIGHT = [BLUE, RED, WHITE, GREEN]


@pytest.fixture
async def pavel(town: Town, browser: Browser) -> Browser:
    return await browser.sign_in(town.pavel)


async def with_photo(browser: Browser, town: Town, content: bytes = FIT, name: str = "done.jpg") -> Message:
    """Pavel's draft, whose photo was looked at on the way to its page."""
    message = await stories.in_work(town)
    await send(browser, message, content=content, name=name, to="answer", text="Half of it.")
    (file,) = await Attachment.objects().where(Attachment.answer.is_not_null())
    await prepare(file)
    return message


async def send(browser: Browser, message: Message, *, content: bytes, name: str, to: str, **typed: str) -> Any:
    typed = await form(browser, message, outcome="solved", **typed)
    files = {"files": (name, content, "image/jpeg")}
    return await browser.post(f"/messages/{message.id}/{to}", data=typed, files=files)


async def the_photo() -> dict[str, Any]:
    (file,) = await Attachment.select().where(Attachment.answer.is_not_null()).output(load_json=True)
    return file


async def do(browser: Browser, message: Message, deed: str, **typed: str) -> Any:
    file = await the_photo()
    data = {"version": str(file["version"]), **typed}
    return await browser.post(f"/messages/{message.id}/photos/{file['id']}/{deed}", data=data)


async def seen(browser: Browser) -> list[tuple[int, ...]]:
    file = await the_photo()
    return colours((await browser.get(f"/files/{file['id']}/large")).content)


async def test_an_answer_with_an_unfit_photo_comes_back_at_once_and_names_the_clause(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    message = await stories.in_work(town)

    answer = await send(pavel, message, content=LITTLE, name="far.jpg", to="answer/review", text="Filled.")

    assert answer.status_code == 422
    assert "«far.jpg» слишком мелкая" in words(answer.text)
    assert "(п. 4.1)" in words(answer.text)
    assert "слишком мелко" in words(answer.text)
    assert "Filled." in answer.text
    assert (await read(message)).status == "in_work"


async def test_a_fit_photo_goes_with_the_answer_in_one_press(pavel: Browser, town: Town, storage_url: str) -> None:
    message = await stories.in_work(town)

    answer = await send(pavel, message, content=FIT, name="done.jpg", to="answer/review", text="Filled.")

    assert answer.status_code == 303
    assert (await read(message)).status == "in_review"


async def test_on_the_way_to_the_photo_the_answer_is_saved_as_it_was_typed(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    message = await with_photo(pavel, town, LITTLE)
    file = await the_photo()

    typed = await form(pavel, message, text="All of it.", photo=str(file["id"]))
    there = await pavel.post(f"/messages/{message.id}/answer/photo", data=typed)
    page = await pavel.get(there.headers["location"])

    assert there.headers["location"] == f"/execution/{message.id}/photos/{file['id']}"
    assert "слишком мелко" in words(page.text)
    assert "All of it." in (await pavel.get(f"/execution/{message.id}")).text


async def test_a_photo_is_turned_and_cropped_and_goes_back_to_the_original(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    message = await with_photo(pavel, town)
    before = await the_photo()
    assert await seen(pavel) == UPRIGHT

    turned = await do(pavel, message, "turn", turn="90")
    assert (turned.status_code, await seen(pavel)) == (303, TURNED_RIGHT)
    await do(pavel, message, "crop", left="0", top="0", width="50", height="100")
    assert await seen(pavel) == [BLUE, BLUE, WHITE, WHITE]
    cropped = await the_photo()
    assert (cropped["width"], cropped["height"]) == (400, 1200)
    assert "small" in cropped["marks"]
    await do(pavel, message, "original")

    after = await the_photo()
    assert await seen(pavel) == UPRIGHT
    assert (after["sizes"], after["content_hash"]) == (before["sizes"], before["content_hash"])


async def test_the_browser_asks_whether_the_photo_is_still_the_same(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    message = await with_photo(pavel, town)
    address = f"/files/{(await the_photo())['id']}/small"
    first = await pavel.get(address)
    same = await pavel.get(address, headers={"If-None-Match": first.headers["etag"]})

    await do(pavel, message, "turn", turn="180")
    turned = await pavel.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == "private, no-cache"
    assert (same.status_code, turned.status_code) == (304, 200)


async def test_what_an_edit_replaces_is_forgotten_and_the_original_kept(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    message = await with_photo(pavel, town)
    before = await the_photo()

    await do(pavel, message, "turn", turn="90")
    event = await told_as_written(message, "photo:edited")
    await edit_photo(event)
    await edit_photo(event)  # carried out twice it does no harm

    after = await the_photo()
    there = [await storage.written_at(hash) is not None for hash in before["sizes"].values()]
    assert there == [False, False, False]
    for hash in (before["content_hash"], *after["sizes"].values()):
        assert await storage.written_at(hash) is not None


@pytest.mark.parametrize(
    ("deed", "typed"),
    [
        ("turn", {"turn": "45"}),
        ("turn", {"turn": "0"}),
        ("turn", {"turn": "left"}),
        ("turn", {}),
        ("turn", {"turn": "90", "version": "one"}),
        ("crop", {"left": "50", "top": "0", "width": "60", "height": "100"}),
        ("crop", {"left": "-5", "top": "0", "width": "60", "height": "100"}),
        ("crop", {"left": "0", "top": "0", "width": "0", "height": "100"}),
        ("crop", {"left": "0", "top": "0", "width": "nan", "height": "100"}),
        ("crop", {"left": "0", "top": "0"}),
        ("original", {"version": ""}),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_numbers_that_lie_outside_come_back_as_they_were_typed(
    deed: str, typed: dict[str, str], headers: dict[str, str], pavel: Browser, town: Town, storage_url: str
) -> None:
    message = await with_photo(pavel, town)
    pavel.headers.update(headers)

    answer = await do(pavel, message, deed, **typed)

    assert answer.status_code == 422
    assert (await the_photo())["version"] == 1
    for side in ("left", "width"):
        assert side not in typed or f'value="{typed[side]}"' in answer.text


async def test_the_page_asks_little(pavel: Browser, town: Town, storage_url: str) -> None:
    message = await with_photo(pavel, town)
    page = f"/execution/{message.id}/photos/{(await the_photo())['id']}"

    with counted() as asked:
        await pavel.get(page)

    assert 3 < len(asked) <= QUERIES_AT_MOST, "\n".join(asked)


async def test_a_window_from_before_is_told_and_changes_nothing(pavel: Browser, town: Town, storage_url: str) -> None:
    message = await with_photo(pavel, town)
    await do(pavel, message, "turn", turn="90")

    late = await do(pavel, message, "turn", turn="90", version="1")

    assert late.status_code == 409
    assert "в другом окне" in words(late.text)
    assert await seen(pavel) == TURNED_RIGHT


async def test_a_confirmed_photo_goes_and_the_reviewer_reads_that_it_was_confirmed(
    pavel: Browser, town: Town, portal: Door, storage_url: str
) -> None:
    message = await with_photo(pavel, town, LITTLE)

    await do(pavel, message, "confirmation")
    sent = await pavel.post(
        f"/messages/{message.id}/answer/review", data=await form(pavel, message, outcome="solved", text="Filled.")
    )
    marina = await at_home(portal, town.marina)
    page = words((await marina.get(f"/moderation/{message.id}?queue=review")).text)

    assert sent.status_code == 303
    assert "done.jpg: слишком мелко (подтверждено исполнителем: читается и так)" in page
    assert "Подтверждено, что фотография читается" in page


async def test_nobody_else_finds_the_page_and_nobody_once_the_answer_has_gone(
    pavel: Browser, town: Town, portal: Door, storage_url: str
) -> None:
    message = await with_photo(pavel, town)
    page = f"/execution/{message.id}/photos/{(await the_photo())['id']}"
    assert (await pavel.get(page)).status_code == 200

    for who in (town.sergey, town.marina, town.anna):
        other = await at_home(portal, who)
        assert (await other.get(page)).status_code == 404
        for deed in ("turn", "crop", "original", "confirmation"):
            assert (await do(other, message, deed, turn="90")).status_code == 404
    await pavel.post(
        f"/messages/{message.id}/answer/review", data=await form(pavel, message, outcome="solved", text="Filled.")
    )

    assert (await pavel.get(page)).status_code == 409
    assert (await do(pavel, message, "turn", turn="90")).status_code == 409


async def test_the_citizen_gets_the_photo_as_it_was_edited(
    pavel: Browser, town: Town, portal: Door, storage_url: str
) -> None:
    message = await with_photo(pavel, town)
    await do(pavel, message, "turn", turn="90")
    await pavel.post(
        f"/messages/{message.id}/answer/review", data=await form(pavel, message, outcome="solved", text="Filled.")
    )

    await stories.approve(town, await read(message), at=MONDAY + 5 * HOUR)

    anna = await at_home(portal, town.anna)
    assert await seen(anna) == TURNED_RIGHT


@pytest.mark.rule("R16")
@pytest.mark.rule("R10")
async def test_what_was_covered_is_covered_in_the_photo_as_it_was_edited(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    message = await with_photo(pavel, town)
    photo = (await the_photo())["id"]
    await covering.cover(await stories.fresh(message), photo, [Area(0, 0, 500, 500)], by=town.marina, at=MONDAY)

    await do(pavel, message, "turn", turn="90")
    await edit_photo(await told_as_written(message, "photo:edited"))

    large = await storage.read((await the_photo())["covered"]["large"])
    picture = Image.open(BytesIO(large)).convert("RGB")
    upper_right: Any = picture.getpixel((picture.width * 3 // 4, picture.height // 4))
    assert near(upper_right, COVER)
    seen_now = colours(large)
    assert (seen_now[0], *seen_now[2:]) == (BLUE, WHITE, GREEN)


async def test_a_turned_photo_is_still_the_document_that_answers_another_message(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    first = await stories.in_work(town)
    await send(pavel, first, content=FIT, name="one.jpg", to="answer/review", text="Filled.")
    second = await stories.in_work(town, at=MONDAY + HOUR)
    await send(pavel, second, content=FIT, name="two.jpg", to="answer", text="Filled.")
    (file,) = await Attachment.objects().where(Attachment.name == "two.jpg")
    await prepare(file)

    await pavel.post(f"/messages/{second.id}/photos/{file.id}/turn", data={"version": "1", "turn": "90"})
    answer = await pavel.post(
        f"/messages/{second.id}/answer/review", data=await form(pavel, second, outcome="solved", text="Filled.")
    )

    assert answer.status_code == 422
    assert f"№ {(await read(first)).number}" in words(answer.text)


@pytest.mark.rule("R11")
async def test_a_co_executor_turns_the_photo_of_their_own_part(town: Town, portal: Door, storage_url: str) -> None:
    part = await stories.shared(town)
    sergey, pavel = await at_home(portal, town.sergey), await at_home(portal, town.pavel)
    address = f"/messages/{part.message}/parts/{part.id}"
    typed = {"key": "0b2f5f0a-8c7e-4a44-9d5c-7c1f0a1f5a11", "version": "1", "report": "Cut."}
    await sergey.post(f"{address}/report", data=typed, files={"files": ("pipe.jpg", FIT, "image/jpeg")})
    (file,) = await Attachment.objects().where(Attachment.part == part.id)
    await prepare(file)
    page, turn = f"/execution/{part.message}/photos/{file.id}", f"/messages/{part.message}/photos/{file.id}/turn"

    there = await sergey.post(f"{address}/photo", data={**typed, "version": "2", "photo": str(file.id)})
    turned = await sergey.post(turn, data={"version": "1", "turn": "90"})

    assert (there.status_code, there.headers["location"]) == (303, page)
    assert turned.status_code == 303
    assert colours((await sergey.get(f"/files/{file.id}/large")).content) == TURNED_RIGHT
    assert (await pavel.get(page)).status_code == 404


def test_every_mark_has_its_words() -> None:
    assert list(MARKS) == list(UNFIT)
