"""The moderator's page of publication, the covers drawn there, and what the author reads of it in the cabinet."""

import json
import re
from typing import Any

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser
from tests.portal.desks import QUERIES_AT_MOST, counted, words
from tests.portal.errands import at_home, filled_in, location, only_message, photo, prepared, value
from tests.portal.test_public_photos import photographed, published
from tests.stories import HOUR, fresh
from tests.workers.papers import paper

from domain import covering, moderating, publishing
from domain.areas import Area
from domain.model import Attachment, Message, RejectionGround, Topic
from portal.door import Door

PUBLIC = "A deep hole at the bus stop."


@pytest.fixture
async def marina(portal: Door, town: Town) -> Browser:
    return await at_home(portal, town.marina)


def page_of(message: Message) -> str:
    return f"/moderation/{message.id}/publication"


async def grounds() -> dict[str, int]:
    return {ground.code: ground.id for ground in await RejectionGround.objects()}


@pytest.mark.rule("R10", "R28")
async def test_the_page_proposes_a_copy_without_what_looks_private(portal: Door, marina: Browser, town: Town) -> None:
    anna = await at_home(portal, town.anna)
    said = f"Яма у дома, кв. 12, звоните 8 900 000-00-42, {town.anna.name.split()[0]}."
    await anna.post("/messages", data=filled_in(town, text=said, address="Мира 41, кв. 12"))
    message = await only_message()
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR)

    page = (await marina.get(page_of(message))).text

    field = re.search(r'<textarea[^>]*name="public_text"[^>]*>(.*?)</textarea>', page, re.S)
    assert field is not None
    assert "900" not in field[1]
    assert "кв. 12" not in field[1]
    assert value(page, "public_address") == "Мира 41"
    assert "[имя скрыто]" in field[1]
    assert "кв. 12" not in page
    assert "Анна" not in page


@pytest.mark.rule("R28")
async def test_the_moderator_publishes_after_registration_with_chosen_photos(
    portal: Door, browser: Browser, marina: Browser, town: Town
) -> None:
    message, files = await photographed(portal, town, "one.jpg", "two.jpg")
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR)
    form = {"public_text": "A hole.", "public_address": "Mira", "photos": [str(files[0].id)]}

    answer = await marina.post(f"/messages/{message.id}/publication", data=form)
    done = await marina.get(location(answer))
    shown = (await browser.get(f"/publications/{message.number}")).text

    assert "Опубликовано" in words(done.text)
    assert "A hole." in shown
    assert str(files[0].id) in shown
    assert str(files[1].id) not in shown
    assert (await fresh(message)).public_address == "Mira"


@pytest.mark.rule("R28")
async def test_an_answer_is_published_on_its_own_page(browser: Browser, marina: Browser, town: Town) -> None:
    message = await stories.answered(town)
    await publishing.publish(message, by=town.marina, at=MONDAY + 9 * HOUR, text=PUBLIC)
    answer = (await stories.the_answer(message)).id
    page = await marina.get(f"{page_of(message)}?answer={answer}")

    done = await marina.post(
        f"/messages/{message.id}/publication", data={"answer": str(answer), "public_text": "Mended."}
    )

    assert "The hole was filled on 3 March." in page.text
    assert location(done) == f"{page_of(message)}?answer={answer}&done=1"
    assert "Mended." in (await browser.get(f"/publications/{message.number}")).text


@pytest.mark.rule("R28")
async def test_what_does_not_fit_comes_back_as_it_was_typed(portal: Door, marina: Browser, town: Town) -> None:
    message, (file,) = await photographed(portal, town)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR)

    there = {"public_text": " ", "public_address": "There"}
    blank = await marina.post(f"/messages/{message.id}/publication", data=there)
    foreign = await marina.post(
        f"/messages/{message.id}/publication", data={"public_text": "A hole.", "photos": "not one of ours"}
    )
    faceless = {"photo": str(file.id), "words": "A face."}
    ungrounded = await marina.post(f"/messages/{message.id}/withdrawal", data=faceless)

    assert blank.status_code == ungrounded.status_code == 422
    assert value(blank.text, "public_address") == "There"
    assert f'name="photos" value="{file.id}" form="copy">' in blank.text  # not chosen: nothing was
    assert foreign.status_code == 303  # what is no id chooses nothing
    assert "A face." in ungrounded.text
    assert 'aria-invalid="true"' in ungrounded.text


@pytest.mark.rule("R28")
async def test_without_consent_or_on_a_closed_topic_there_is_no_form_and_no_way_by_hand(
    browser: Browser, marina: Browser, town: Town
) -> None:
    withheld = await stories.submitted(town, consent=False)
    await moderating.register(withheld, by=town.marina, at=MONDAY)
    closed = await stories.registered(town)
    await Topic.update({Topic.closed: True}).where(Topic.id == closed.topic)

    for message in (withheld, closed):
        page = await marina.get(page_of(message))
        sent = await marina.post(f"/messages/{message.id}/publication", data={"public_text": "A hole."})
        at_once = await marina.post(
            f"/messages/{message.id}/registration", data={"topic": message.topic, "publish": "yes", "public_text": "A"}
        )

        assert 'name="public_text"' not in page.text
        assert (sent.status_code, at_once.status_code) == (422, 422)
        assert (await browser.get(f"/publications/{message.number}")).status_code == 404


@pytest.mark.rule("R28")
async def test_a_photo_is_taken_off_and_the_author_reads_why(
    portal: Door, browser: Browser, marina: Browser, town: Town
) -> None:
    message, (file,) = await published(portal, town)
    shown = (await browser.get(f"/publications/{message.number}")).text
    (address,) = set(re.findall(r'src="(/publications/[^"]+/small)"', shown))
    offer = await marina.get(f"/moderation/{message.id}/withdrawal?photo={file.id}")
    form = {"photo": str(file.id), "ground": (await grounds())["P02"], "words": "Видно лицо прохожего."}

    done = await marina.post(f"/messages/{message.id}/withdrawal", data=form)
    anna = await at_home(portal, town.anna)
    cabinet = words((await anna.get(f"/messages/{message.id}")).text)

    assert "На фотографии видно лицо" in offer.text
    assert location(done) == f"{page_of(message)}?done=1"
    assert (await browser.get(address)).status_code == 404
    assert str(file.id) not in (await browser.get(f"/publications/{message.number}")).text
    assert cabinet.count("Видно лицо прохожего.") == 2  # beside the publication, and in what has happened
    assert "Фотография не опубликована" in cabinet


@pytest.mark.rule("R28")
async def test_a_withdrawn_message_is_gone_from_every_page_at_once(
    portal: Door, browser: Browser, marina: Browser, town: Town
) -> None:
    message, _ = await published(portal, town)
    tags = {path: (await browser.get(path)).headers["etag"] for path in ("/", f"/publications/{message.number}")}
    form = {"ground": (await grounds())["P01"], "words": "Названо имя."}

    await marina.post(f"/messages/{message.id}/withdrawal", data=form)
    feed = await browser.get("/", headers={"If-None-Match": tags["/"]})
    card = await browser.get(f"/publications/{message.number}", headers={"If-None-Match": tags["/"]})

    assert feed.status_code == 200
    assert str(message.number) not in feed.text
    assert card.status_code == 404
    assert str(message.number) not in (await browser.get("/?q=hole")).text
    assert (await fresh(message)).status == "registered"


@pytest.mark.rule("R28")
async def test_the_author_withdraws_the_consent_in_the_cabinet(portal: Door, browser: Browser, town: Town) -> None:
    message, _ = await published(portal, town)
    anna, boris = await at_home(portal, town.anna), await at_home(portal, town.boris)
    address = f"/messages/{message.id}/consent/withdrawal"
    assert f'action="{address}"' in (await anna.get(f"/messages/{message.id}")).text

    strangers = (await boris.post(address)).status_code
    done = await anna.post(address)

    assert strangers == 404
    assert "Согласие отозвано" in (await anna.get(location(done))).text
    assert (await browser.get(f"/publications/{message.number}")).status_code == 404
    assert str(message.number) not in (await browser.get("/")).text


@pytest.mark.rule("R10")
async def test_areas_are_covered_by_numbers_without_scripts(portal: Door, marina: Browser, town: Town) -> None:
    message, (file,) = await published(portal, town)
    page = (await marina.get(f"/moderation/{message.id}/photos/{file.id}")).text
    assert page.count('name="left"') == 3
    form = {"left": ["10", "50,5", ""], "top": ["0", "50", ""], "width": ["20", "10", ""], "height": ["5.5", "10", ""]}

    done = await marina.post(f"/messages/{message.id}/photos/{file.id}/covers", data=form)
    again = (await marina.get(f"/moderation/{message.id}/photos/{file.id}")).text
    state = (await marina.get(f"/moderation/{message.id}/photos/{file.id}/state")).text

    assert location(done) == f"{page_of(message)}?done=1"
    covers = (await Attachment.objects().get(Attachment.id == file.id).output(load_json=True)).covers
    assert covers == [[100, 0, 200, 55], [505, 500, 100, 100]]
    assert 'value="50.5"' in again
    assert "<rect" in again
    assert "every 3s" in state


@pytest.mark.rule("R10")
async def test_whoever_draws_on_an_older_page_uncovers_nothing(portal: Door, marina: Browser, town: Town) -> None:
    message, (file,) = await published(portal, town)
    path = f"/messages/{message.id}/photos/{file.id}/covers"
    before = value((await marina.get(f"/moderation/{message.id}/photos/{file.id}")).text, "opened")
    theirs = [Area(0, 0, 500, 500)]
    await covering.cover(await stories.fresh(message), file.id, theirs, by=town.vera, at=MONDAY + HOUR)

    own = {"left": "60", "top": "60", "width": "10", "height": "10"}
    late = await marina.post(path, data={**own, "opened": before})
    stands = (await Attachment.objects().get(Attachment.id == file.id)).covers
    lines = {side: re.findall(rf'name="{side}" value="([^"]*)"', late.text) for side in own}
    done = await marina.post(path, data={**lines, "opened": value(late.text, "opened")})

    assert (late.status_code, json.loads(stands)) == (409, [[0, 0, 500, 500]])
    assert town.vera.name in late.text
    assert done.status_code == 303
    covers = (await Attachment.objects().get(Attachment.id == file.id)).covers
    assert json.loads(covers) == [[0, 0, 500, 500], [600, 600, 100, 100]]


@pytest.mark.rule("R10")
@pytest.mark.parametrize("line", [("1", "2", "3"), ("", "2", "3", "4"), ("a", "2", "3", "4"), ("-1", "2", "3", "4"),
                                  ("90", "0", "20", "1"), ("1e1", "2", "3", "4"), ("0", "0", "0", "0")])  # fmt: skip
async def test_numbers_that_are_no_area_are_refused_and_kept(
    portal: Door, marina: Browser, town: Town, line: tuple[str, ...]
) -> None:
    message, (file,) = await published(portal, town)
    form: dict[str, Any] = dict(zip(("left", "top", "width", "height"), line, strict=False))

    answer = await marina.post(f"/messages/{message.id}/photos/{file.id}/covers", data=form)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert (await Attachment.objects().get(Attachment.id == file.id)).covers == "[]"


@pytest.mark.rule("R10")
@pytest.mark.parametrize("who", ["anna", "boris", "pavel", "elena", "konstantin", "yulia"])
async def test_to_nobody_else_there_are_such_pages(portal: Door, town: Town, who: str) -> None:
    message, (file,) = await published(portal, town)
    visitor = await at_home(portal, getattr(town, who))
    own = f"/messages/{message.id}"

    pages = [page_of(message), f"/moderation/{message.id}/withdrawal", f"/moderation/{message.id}/photos/{file.id}"]
    deeds = [f"{own}/publication", f"{own}/withdrawal", f"{own}/photos/{file.id}/covers"]

    assert {(await visitor.get(path)).status_code for path in pages} == {404}
    assert {(await visitor.post(path, data={"words": "x"})).status_code for path in deeds} == {404}


async def test_what_is_not_there_is_not_there(portal: Door, marina: Browser, town: Town) -> None:
    message, (file,) = await published(portal, town)
    other = await stories.registered(town)

    for path in (
        f"{page_of(message)}?answer=999",
        f"/moderation/{message.id}/withdrawal?answer=999",
        f"/moderation/{message.id}/withdrawal?photo=nothing",
        f"/moderation/{other.id}/withdrawal?photo={file.id}",
        f"/moderation/{other.id}/photos/{file.id}",
        f"/moderation/{other.id}/photos/{file.id}/state",
        "/moderation/999/publication",
    ):
        assert (await marina.get(path)).status_code == 404, path


async def test_what_nobody_has_decided_on_stands_in_a_queue(marina: Browser, town: Town) -> None:
    undecided, withheld = await stories.registered(town), await stories.submitted(town, consent=False)
    await moderating.register(withheld, by=town.marina, at=MONDAY)
    shown = await stories.answered(town)
    await publishing.publish(shown, by=town.marina, at=MONDAY + 9 * HOUR, text=PUBLIC)
    rejected = await stories.registered(town)
    act: dict[str, Any] = {"at": MONDAY + HOUR, "ground": (await grounds())["P01"], "words": "A name."}
    await publishing.withdraw(rejected, by=town.marina, **act)

    page = (await marina.get("/moderation?queue=unpublished")).text

    rows = set(re.findall(r'id="row-(\d+)"', page))
    assert rows == {str(undecided.id), str(shown.id)}  # of the shown one its answer waits


async def test_nothing_waits_to_be_published_in_a_closed_topic_until_it_opens_again(
    marina: Browser, town: Town
) -> None:
    message = await stories.registered(town)
    row = f'id="row-{message.id}"'

    await Topic.update({Topic.closed: True}).where(Topic.id == message.topic)
    closed = (await marina.get("/moderation?queue=unpublished")).text
    await Topic.update({Topic.closed: False}).where(Topic.id == message.topic)
    opened = (await marina.get("/moderation?queue=unpublished")).text

    assert row not in closed
    assert row in opened


async def test_the_registration_publishes_only_the_chosen_photos(portal: Door, marina: Browser, town: Town) -> None:
    message, files = await photographed(portal, town, "one.jpg", "two.jpg")
    page = (await marina.get(f"/moderation/{message.id}")).text
    assert page.count('name="photos"') == 2
    form = {"topic": str(message.topic), "publish": "yes", "public_text": "A hole.", "photos": str(files[1].id)}

    await marina.post(f"/messages/{message.id}/registration", data=form)

    shown = await Attachment.select(Attachment.id).where(Attachment.shown.eq(True)).output(as_list=True)
    assert shown == [files[1].id]


async def test_a_document_is_not_offered_among_the_photos_for_everybody(
    portal: Door, marina: Browser, town: Town
) -> None:
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town), files=[photo(), photo("act.pdf", paper())])
    message = await only_message()
    scan = next(file for file in await prepared(message) if file.kind == "pdf")

    page = (await marina.get(f"/moderation/{message.id}")).text

    assert page.count('name="photos"') == 1
    assert f'name="photos" value="{scan.id}"' not in page
    assert f"/files/{scan.id}" in page


async def test_the_approval_publishes_a_copy_of_the_answer(portal: Door, browser: Browser, town: Town) -> None:
    message = await stories.in_review(town)
    await publishing.publish(message, by=town.marina, at=MONDAY + 4 * HOUR, text=PUBLIC)
    vera = await at_home(portal, town.vera)
    page = (await vera.get(f"/moderation/{message.id}?queue=review")).text
    assert "The hole was filled on 3 March.</textarea>" in page

    form = {"publish": "yes", "public_text": "It was filled.", **await stories.judged(message)}
    answer = await vera.post(f"/messages/{message.id}/approval", data=form)

    assert answer.status_code == 303
    shown = (await browser.get(f"/publications/{message.number}")).text
    assert "It was filled." in shown
    assert "The hole was filled" not in shown


@pytest.mark.parametrize(
    "path", ["", "?answer={answer}", "/../withdrawal", "/../withdrawal?photo={photo}", "/../photos/{photo}"]
)
async def test_no_page_asks_more_than_twelve_times(portal: Door, marina: Browser, town: Town, path: str) -> None:
    message, (file,) = await published(portal, town)
    await stories.taken_to_the_answer(town, message)
    named = {"answer": (await stories.the_answer(message)).id, "photo": file.id}
    address = f"/moderation/{message.id}/{path.format(**named)}"

    with counted() as asked:
        answer = await marina.get(address)

    assert answer.status_code == 200
    assert len(asked) <= QUERIES_AT_MOST, asked


async def test_a_picture_of_a_photo_still_being_prepared_cannot_be_drawn_on(
    portal: Door, marina: Browser, town: Town
) -> None:
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town), files=[photo()])
    message = await only_message()
    (file,) = await Attachment.objects()

    early = await marina.get(f"/moderation/{message.id}/photos/{file.id}")
    await prepared(message)

    assert early.status_code == 409
    assert (await marina.get(f"/moderation/{message.id}/photos/{file.id}")).status_code == 200
