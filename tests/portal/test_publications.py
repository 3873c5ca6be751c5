"""What everybody reads: published messages only, never their authors; found, paged, kept by the browser."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, words
from tests.portal.errands import at_home, filled_in, only_message, photo, prepared
from tests.stories import HOUR

from domain import executing, moderating, publishing, rating, terms
from domain.events import Kind, record_each
from domain.model import Attachment, Event, Message, Setting
from domain.publicity import public_place
from portal.caching import Memory
from portal.door import Door

PUBLIC = "A deep hole at the bus stop."
ORIGINAL = "A deep hole at the bus stop, Petrov of flat 9 drove into it."


async def published(town: Town, text: str = PUBLIC, topic: int | None = None) -> Message:
    message = await stories.registered(town)
    if topic:
        await Message.update({Message.topic: topic}).where(Message.id == message.id)
    await publishing.publish(message, by=town.marina, at=MONDAY + 2 * HOUR, text=text)
    return await Message.objects().get(Message.id == message.id)  # type: ignore[return-value]


def numbers(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/publications/([0-9-]+)"', page)


@pytest.mark.rule("R28")
async def test_only_what_was_published_is_in_the_feed(browser: Browser, town: Town) -> None:
    await stories.registered(town)
    shown = await published(town)

    page = (await browser.get("/")).text

    assert numbers(page) == [shown.number]


@pytest.mark.rule("R28")
async def test_a_message_whose_author_withheld_consent_is_nowhere(browser: Browser, town: Town) -> None:
    message = await stories.submitted(town, consent=False)
    with pytest.raises(Exception, match="mend"):
        await moderating.register(message, by=town.marina, at=MONDAY, public_text=PUBLIC)
    await moderating.register(message, by=town.marina, at=MONDAY)

    feed, card = await browser.get("/"), await browser.get(f"/publications/{message.number}")

    assert numbers(feed.text) == []
    assert card.status_code == 404


@pytest.mark.rule("R10")
async def test_no_public_page_holds_the_author_or_the_original(portal: Door, browser: Browser, town: Town) -> None:
    anna = await at_home(portal, town.anna)
    private = {"text": ORIGINAL, "address": "Mira 41, кв. 12"}
    await anna.post("/messages", data=filled_in(town, **private), files=[photo("Sokolova.jpg")])
    message = await only_message()
    await prepared(message)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR, public_text=PUBLIC)
    await stories.taken_to_the_answer(town, message)

    paths = ["/", "/?q=hole", "/?state=answered", f"/publications/{message.number}"]
    pages = [(await browser.get(path, headers=headers)).text for path in paths for headers in ({}, HTMX)]

    for page in pages:
        assert PUBLIC[:-1] in page
        for secret in ("Petrov", "flat 9", "кв. 12", "Sokolova", *town.anna.name.split(), town.anna.email):
            assert secret not in page
        for official in (town.marina, town.vera, town.pavel):
            assert official.name not in page
            assert official.email not in page


async def test_the_public_sees_the_outcome_and_the_answer_only_when_they_were_published(
    browser: Browser, town: Town
) -> None:
    message = await published(town)
    await stories.taken_to_the_answer(town, message, publish=False)

    before = (await browser.get(f"/publications/{message.number}")).text
    answer = (await stories.the_answer(message)).id
    copy = "The hole is no more."
    await publishing.publish_answer(await stories.fresh(message), answer, by=town.marina, at=MONDAY, text=copy)
    after = (await browser.get(f"/publications/{message.number}?again")).text

    assert copy not in before
    assert copy in after
    assert "The hole was filled" not in before + after


@pytest.mark.rule("R10")
async def test_how_officials_pass_a_case_between_them_is_not_told(browser: Browser, town: Town) -> None:
    message = await published(town)
    said = {"justification": "The road belongs to the region."}
    await executing.hand_back(message, by=town.pavel, at=MONDAY + 3 * HOUR, **said)

    page = words((await browser.get(f"/publications/{message.number}")).text)

    assert "У модератора" not in page
    assert "belongs to the region" not in page


async def test_the_feed_is_found_by_words_number_category_and_state(browser: Browser, town: Town) -> None:
    hole = await published(town, "Глубокая яма на дороге")
    lamp = await published(town, "Не горит фонарь", topic=town.topics["lamp-dark"].id)
    await stories.taken_to_the_answer(town, hole)

    async def found(query: str) -> list[str]:
        return numbers((await browser.get(f"/?{query}")).text)

    assert await found("q=ямы") == [hole.number]
    assert await found("q=дороги") == [hole.number]
    assert await found(f"q={lamp.number}") == [lamp.number]
    assert await found("category=ROADS") == [hole.number]
    assert await found("state=answered") == [hole.number]
    assert await found("state=in_work") == [lamp.number]
    assert await found("state=late") == []
    assert await found("category=nothing") == []
    assert await found("q=%D0%A4&state=nonsense&category='") == []


@pytest.mark.rule("R10")
async def test_a_flat_cannot_be_searched_for(browser: Browser, town: Town) -> None:
    message = await published(town)
    for address in ("ул. Мира, 41, кв. 127", "ул. Мира, 41, квартира №127", "ул. Мира, 41; комн 127а"):
        await Message.update({Message.public_address: public_place(address)}).where(Message.id == message.id)

        assert numbers((await browser.get("/?q=Мира")).text) == [message.number]
        assert numbers((await browser.get("/?q=127")).text) == []
        assert numbers((await browser.get("/?q=127а")).text) == []


async def test_what_runs_late_is_found(browser: Browser, town: Town, clock: Clock) -> None:
    late = await published(town)
    clock.forward(days=30)
    await terms.miss_due(at=clock.now)

    assert numbers((await browser.get("/?state=late")).text) == [late.number]


@pytest.mark.parametrize("words_typed", ["'", '"', "\\", "%", "a:*", "!!", "()", "<script>", "ё" * 500, "{}", "\u202e"])
async def test_any_words_can_be_searched_for(browser: Browser, town: Town, words_typed: str) -> None:
    answer = await browser.get("/", params={"q": words_typed})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


async def test_the_feed_goes_on_by_key_and_shows_nothing_twice(browser: Browser, town: Town) -> None:
    for _ in range(23):
        await published(town)

    first = (await browser.get("/")).text
    (older,) = re.findall(r'href="(/\?[^"]*after=[^"]*)"[^>]*rel="next"', first)
    second = (await browser.get(unquote(older).replace("&amp;", "&"))).text

    assert len(numbers(first)) == 20
    assert len(numbers(second)) == 3
    assert not set(numbers(first)) & set(numbers(second))


@pytest.mark.rule("R28")
async def test_the_older_pages_go_on_when_the_last_message_before_them_was_taken_off(
    browser: Browser, town: Town
) -> None:
    older, anchor = await published(town), await published(town)
    await publishing.withdraw_consent(anchor, by=town.anna, at=MONDAY + 9 * HOUR)

    page = (await browser.get(f"/?after={anchor.number}")).text

    assert numbers(page) == [older.number]


async def test_a_page_that_has_not_changed_is_answered_by_its_tag(browser: Browser, town: Town, clock: Clock) -> None:
    await published(town)
    first = await browser.get("/")
    tag = {"If-None-Match": first.headers["etag"]}

    same = await browser.get("/", headers=tag)
    await published(town)
    changed = await browser.get("/", headers=tag)
    now = {"If-None-Match": changed.headers["etag"]}
    clock.forward(minutes=1)

    assert (same.status_code, same.content) == (304, b"")
    assert changed.status_code == 200
    assert len(numbers(changed.text)) == 2
    assert (await browser.get("/", headers=now)).status_code == 200


async def test_a_cached_page_costs_one_question(browser: Browser, town: Town) -> None:
    await published(town)
    first = await browser.get("/")

    with counted() as asked:
        second = await browser.get("/")

    assert second.text == first.text
    assert len(asked) == 1


async def test_what_is_not_public_leaves_a_cached_page_as_it_is(browser: Browser, town: Town) -> None:
    message = await published(town)
    tag = {"If-None-Match": (await browser.get("/")).headers["etag"]}

    await stories.submitted(town)
    unchanged = await browser.get("/", headers=tag)
    await executing.accept(message, by=town.pavel, at=MONDAY + 3 * HOUR, scope="The hole is filled.")
    changed = await browser.get("/", headers=tag)

    assert unchanged.status_code == 304
    assert changed.status_code == 200


async def test_a_cached_page_never_hides_what_has_become_of_a_case(browser: Browser, town: Town) -> None:
    """However much has happened elsewhere since: only the last hundred events are looked at."""
    message = await published(town)
    await elsewhere(town, 110)
    before = await browser.get("/")
    await executing.accept(message, by=town.pavel, at=MONDAY + 3 * HOUR, scope="The hole is filled.")

    await elsewhere(town, 110)
    after = await browser.get("/")

    assert after.headers["etag"] != before.headers["etag"]
    assert after.text != before.text


async def elsewhere(town: Town, times: int) -> None:
    message = await stories.submitted(town)
    await record_each([(Kind.AUTHOR_OPENED, message.id, {})] * times, by=town.marina, at=MONDAY + 3 * HOUR)


async def test_one_visitors_page_is_not_anothers(portal: Door, browser: Browser, town: Town) -> None:
    await published(town)
    guest = await browser.get("/")
    anna = await at_home(portal, town.anna)

    hers = await anna.get("/")
    fragment = await browser.get("/", headers=HTMX)
    foreigner = Browser(portal)
    await foreigner.post("/settings/view", data={"language": "en"})
    english = await foreigner.get("/")

    assert town.anna.name in hers.text
    assert town.anna.name not in (await browser.get("/")).text
    assert len({answer.headers["etag"] for answer in (guest, hers, fragment, english)}) == 4
    assert 'lang="en"' in english.text
    assert "<html" not in fragment.text


async def test_a_page_of_somebody_signed_in_is_not_remembered(portal: Door, town: Town) -> None:
    await published(town)
    anna = await at_home(portal, town.anna)
    await anna.get("/")

    with counted() as asked:
        await anna.get("/")

    assert any("FROM message" in question for question in asked)


def test_the_memory_forgets_what_was_asked_longest_ago() -> None:
    memory = Memory(at_most=2)

    for key in ("first", "second"):
        memory.keep(key, key)
    memory.get("first")
    memory.keep("third", "third")

    assert (memory.get("first"), memory.get("second"), memory.get("third")) == ("first", None, "third")


async def test_the_numbers_are_true(browser: Browser, town: Town, clock: Clock) -> None:
    solved = await stories.answered(town)
    await stories.in_work(town)
    await rating.rate(solved, by=town.anna, at=MONDAY + 10 * HOUR, choice="solved")
    clock.now = MONDAY + timedelta(days=1)

    page = words((await browser.get("/")).text)

    for line in ("ответов в срок за 90 дней 100 %", "сообщений сейчас в работе 1", "авторов подтвердили: решено 100 %"):
        assert line in page


@pytest.mark.rule("R05")
async def test_the_promise_of_the_first_page_is_the_setting(browser: Browser, town: Town) -> None:
    await Setting.update({Setting.registration_hour: 16, Setting.rework_workdays: 2}, force=True)

    page = await browser.get("/")

    assert "До 16:00 рабочего дня" in page.text
    assert "Доработка: до 2 рабочих дней" in page.text


async def test_reading_changes_nothing(browser: Browser, town: Town) -> None:
    message = await published(town)
    before = await Event.count(), await Attachment.count()

    for path in ("/", f"/publications/{message.number}"):
        assert (await browser.get(path)).status_code == (await browser.head(path)).status_code == 200

    assert before == (await Event.count(), await Attachment.count())


@pytest.mark.parametrize("path", ["/", "/?q=hole&category=ROADS", "/publications/{number}"])
async def test_no_page_asks_more_than_twelve_times(portal: Door, town: Town, path: str) -> None:
    message = await published(town)
    await stories.taken_to_the_answer(town, message)
    anna = await at_home(portal, town.anna)

    with counted() as asked:
        answer = await anna.get(path.format(number=message.number))

    assert answer.status_code == 200
    assert len(asked) <= QUERIES_AT_MOST, asked


@pytest.mark.parametrize("number", ["2026-1", "0", "x", "2026-00001'", "%D9%A3"])
async def test_an_address_of_nothing_is_404(browser: Browser, town: Town, number: str) -> None:
    assert (await browser.get(f"/publications/{number}")).status_code == 404


def test_the_flat_is_no_part_of_a_public_place() -> None:
    assert public_place("ул. Мира, 41, кв. 12") == "ул. Мира, 41"
    assert public_place("Мира 41 квартира 12а, у подъезда") == "Мира 41, у подъезда"
    assert public_place("Квартал 5, дом 7") == "Квартал 5, дом 7"
    assert public_place("Мира 41, кв 12, 3 подъезд") == "Мира 41, 3 подъезд"
    assert public_place("Мира 41, кв. 5 в подъезде") == "Мира 41 в подъезде"
    for flat in ("12г", "12b", "12 г", "1204", "2014", "12-14", "12, 14", " 12", "№ 12", "12/3"):
        assert public_place(f"ул. Мира, 41, кв. {flat}") == "ул. Мира, 41"
    for flat in ("кв12", "КВАРТИРА 5", "комн. 214", "31-я квартира"):
        assert public_place(f"ул. Мира, 41, {flat}") == "ул. Мира, 41"
