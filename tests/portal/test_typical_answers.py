"""A typical message on the moderator's desk: suggested, filled in, sent, and nothing typed is ever lost (R09)."""

import re

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser
from tests.portal.desks import QUERIES_AT_MOST, counted, tag, words

from domain import opening, rating, standard_answers
from domain.model import Message, StandardAnswer
from portal.door import Door


@pytest.fixture
async def marina(town: Town, browser: Browser) -> Browser:
    return await browser.sign_in(town.marina)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def typed(page: str, name: str) -> str:
    """What stands in the text area of this name."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found, name
    return found[1]


async def filled(browser: Browser, message: Message, kept: StandardAnswer, **more: str) -> dict[str, str]:
    """The form after "fill in", as a browser would send it on."""
    form = {"topic": str(kept.topic), "standard": str(kept.id), "queue": "new", **more}
    page = (await browser.post(f"/messages/{message.id}/typical-answer/text", data=form)).text
    return {
        **form,
        "version": hidden(page, "version"),
        "filled_from": hidden(page, "filled_from"),
        "text": typed(page, "text"),
        "greeting": "{обращение}",
        "outcome": kept.outcome,
    }


@pytest.mark.rule("R09")
async def test_the_standard_answers_of_the_topic_are_suggested(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town)
    here, elsewhere = await stories.standard(town), await stories.standard(town, topic=town.pavement)

    page = (await marina.get(f"/moderation/{message.id}")).text
    piece = (await marina.get(f"/messages/{message.id}/registration?topic={town.pavement.id}", headers=HTMX)).text

    assert "1 типовой ответ" in words(page)
    assert f'<option value="{here.id}">Гарантия' in page
    assert f'<option value="{elsewhere.id}">Гарантия' not in page
    assert f'<option value="{elsewhere.id}">Гарантия' in piece
    assert 'hx-target="#standards"' in piece


async def test_without_a_standard_answer_the_page_says_so(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town)

    page = words((await marina.get(f"/moderation/{message.id}")).text)

    assert "На эту тему нет типового ответа" in page


@pytest.mark.rule("R09")
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_filling_in_keeps_what_was_typed_and_sends_nothing(
    headers: dict[str, str], marina: Browser, town: Town
) -> None:
    message, kept = await stories.submitted(town), await stories.standard(town)
    form = {"topic": kept.topic, "standard": kept.id, "publish": "yes", "public_text": "A hole, typed anew."}

    page = await marina.post(f"/messages/{message.id}/typical-answer/text", data=form, headers=headers)

    assert page.status_code == 200
    assert typed(page.text, "text") == "Сообщение № {номер} на тему «Яма на проезжей части» рассмотрено: Mira 41."
    assert 'value="{обращение}"' in page.text  # who it is, is put in when it is sent
    assert f'<option value="{kept.id}" selected>Гарантия' in page.text
    assert "A hole, typed anew." in page.text
    assert "autofocus" in tag(page.text, 'id="f-text"')
    assert (await stories.fresh(message)).status == "submitted"


@pytest.mark.rule("R09", "R07")
async def test_one_press_registers_and_answers(marina: Browser, town: Town) -> None:
    message, kept = await stories.submitted(town), await stories.standard(town)
    form = await filled(marina, message, kept, publish="yes", public_text="A hole.")

    answer = await marina.post(f"/messages/{message.id}/typical-answer", data=form)
    page = words((await marina.get(answer.headers["location"])).text)

    after = await stories.fresh(message)
    assert answer.status_code == 303
    assert (after.status, after.number, after.public_text) == ("answered", "2026-00001", "A hole.")
    assert "Зарегистрировано, сразу дан типовой ответ" in page
    assert (await stories.the_answer(message)).text.startswith("Сообщение № 2026-00001 на тему")


@pytest.mark.rule("R17")
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_what_does_not_fit_comes_back_as_it_was_typed(
    headers: dict[str, str], marina: Browser, town: Town
) -> None:
    message, kept = await stories.submitted(town), await stories.standard(town)
    form = await filled(marina, message, kept) | {"text": "Wait for {чудо}.", "outcome": "planned"}

    answer = await marina.post(f"/messages/{message.id}/typical-answer", data=form, headers=headers)

    assert answer.status_code == 422
    assert typed(answer.text, "text") == "Wait for {чудо}."
    assert "Нечего подставить: {чудо}." in words(answer.text)
    assert 'id="f-planned_on-error"' in answer.text
    assert (await stories.fresh(message)).status == "submitted"


@pytest.mark.rule("R09")
async def test_another_one_chosen_after_the_filling_in_is_filled_in_first(marina: Browser, town: Town) -> None:
    message, kept, other = await stories.submitted(town), await stories.standard(town), await stories.standard(town)
    form = await filled(marina, message, kept) | {"standard": str(other.id)}

    answer = await marina.post(f"/messages/{message.id}/typical-answer", data=form)

    assert answer.status_code == 422
    assert "Сначала подставьте типовой ответ" in words(answer.text)


@pytest.mark.rule("R09")
async def test_a_new_version_is_read_before_it_is_sent(marina: Browser, town: Town) -> None:
    message, kept = await stories.submitted(town), await stories.standard(town)
    form = await filled(marina, message, kept)
    await standard_answers.note_version(kept.id, by=town.yulia, at=MONDAY, in_force_from=MONDAY.date())

    answer = await marina.post(f"/messages/{message.id}/typical-answer", data=form)

    assert answer.status_code == 422
    assert "У типового ответа новая редакция" in words(answer.text)


async def test_of_two_moderators_the_second_is_told_and_loses_no_word(
    marina: Browser, town: Town, portal: Door
) -> None:
    message, kept = await stories.submitted(town), await stories.standard(town)
    vera = await Browser(portal).sign_in(town.vera)
    first, second = await filled(marina, message, kept), await filled(vera, message, kept)
    await marina.post(f"/messages/{message.id}/typical-answer", data=first)

    late = await vera.post(f"/messages/{message.id}/typical-answer", data={**second, "text": "Every word of Vera's."})

    assert late.status_code == 409
    assert "Every word of Vera's." in words(late.text)
    assert town.marina.name in late.text


@pytest.mark.rule("R10")
@pytest.mark.parametrize("who", ["anna", "pavel", "elena", "yulia"])
async def test_nobody_else_answers_at_once(who: str, town: Town, browser: Browser) -> None:
    message, kept = await stories.submitted(town), await stories.standard(town)
    await browser.sign_in(getattr(town, who))

    for deed in ("typical-answer", "typical-answer/text"):
        form = {"topic": kept.topic, "standard": kept.id}
        assert (await browser.post(f"/messages/{message.id}/{deed}", data=form)).status_code == 404
    assert (await stories.fresh(message)).status == "submitted"


@pytest.mark.rule("R10", "R21")
async def test_only_the_author_and_the_moderators_read_the_form_of_address(
    town: Town, portal: Door, browser: Browser
) -> None:
    message = await stories.answered_at_once(town, public_text="A hole.")
    await rating.rate(message, by=town.anna, at=MONDAY, choice="unsolved", remarks="Still there.")
    anna, marina, pavel = [await Browser(portal).sign_in(each) for each in (town.anna, town.marina, town.pavel)]

    own = (await anna.get(f"/messages/{message.id}")).text
    closed = (await marina.get(f"/moderation/{message.id}")).text
    await opening.open_contacts(message, by=town.marina, reason="contact", at=MONDAY)
    desk = (await marina.get(f"/moderation/{message.id}")).text
    executor = (await pavel.get(f"/execution/{message.id}")).text
    public = (await browser.get(f"/publications/{message.number}")).text

    for page in (own, desk):
        assert "Уважаемая Анна Викторовна!" in page
    for page in (closed, executor, public):
        assert "Сообщение № 2026-00001 на тему" in page
        assert "Анна Викторов" not in page
    assert "Типовой ответ «Гарантия», редакция 1" in words(desk)


async def test_the_desk_asks_no_more_than_before(marina: Browser, town: Town) -> None:
    message, kept = await stories.submitted(town), await stories.standard(town)
    form = {"topic": kept.topic, "standard": kept.id}

    with counted() as asked:
        await marina.get(f"/moderation/{message.id}")
    with counted() as filling:
        await marina.post(f"/messages/{message.id}/typical-answer/text", data=form)

    assert len(asked) <= QUERIES_AT_MOST
    assert len(filling) <= QUERIES_AT_MOST + 6  # the words are looked up beside what the page asks
