"""The operator's page of the words of a letter: changed, looked at on a real case, and back again (§2)."""

import html
import re
from dataclasses import asdict, replace
from email.message import EmailMessage
from typing import Any

import pytest
from tests.domain.test_lettering import OWN, keep, subjects
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser
from tests.portal.desks import words
from tests.portal.errands import location
from tests.stories import answered, registered, submitted
from tests.workers.conftest import Mailbox, all_delivered, mailbox

from domain import lettering
from domain.events import Kind
from domain.lettering import Words
from domain.model import Event, LetterWording, Person

__all__ = ["mailbox"]
pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]
PAGE = "/wording/registered/ru"


def form(own: Words = OWN, version: int = 0, case: int | str = "") -> dict[str, Any]:
    return {**asdict(own), "version": version, "case": case}


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def frame_of(page: str) -> str:
    found = re.search(r'<iframe [^>]*src="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


async def case_of(kind: Kind) -> int:
    event = await Event.objects().get(Event.kind == kind)
    assert event is not None
    return event.id


async def test_what_the_operator_wrote_stands_in_the_letter_beside_its_facts(
    town: Town, browser: Browser, mailbox: Mailbox
) -> None:
    await browser.sign_in(town.yulia)

    kept = await browser.post(PAGE, data=form())
    message = await registered(town)
    await all_delivered("mail:registered")

    assert location(kept) == f"{PAGE}?said=kept"
    (letter,) = mailbox.to("anna")
    assert letter["Subject"] == f"№ {message.number} у нас"
    for kind in ("plain", "html"):
        text = body(letter, kind)
        assert f"Анна, номер вашего сообщения {message.number}." in text
        assert "Отдел дорожного хозяйства" in text
        assert f"/messages/{message.id}" in text
        assert "59-ФЗ" in text


async def test_a_letter_that_waited_goes_out_in_the_words_that_hold_then(town: Town, mailbox: Mailbox) -> None:
    message = await registered(town)

    await keep(town)
    await all_delivered("mail:registered")

    assert mailbox.to("anna")[0]["Subject"] == f"№ {message.number} у нас"


async def test_markup_and_templates_stay_text_in_the_letter(town: Town, mailbox: Mailbox) -> None:
    sly = asdict(replace(OWN, lead="<b>{номер}</b> {{ 7*7 }} {% raw %}", subject="{{ 7*7 }}"))
    await LetterWording.insert(
        LetterWording(letter="registered", language="ru", version=1, kept_by=town.yulia.id, kept_at=MONDAY, **sly)
    )
    message = await registered(town)

    await all_delivered("mail:registered")

    (letter,) = mailbox.to("anna")
    assert letter["Subject"] == "{{ 7*7 }}"
    assert f"<b>{message.number}</b> {{{{ 7*7 }}}} {{% raw %}}" in body(letter, "plain")
    assert f"&lt;b&gt;{message.number}&lt;/b&gt; {{{{ 7*7 }}}}" in body(letter, "html")


async def test_words_that_do_not_fit_come_back_as_they_were_typed(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    page = await browser.post(PAGE, data=form(replace(OWN, subject="", lead="{пароль} {номер}")))

    assert page.status_code == 422
    assert {'id="f-subject-error"', 'id="f-lead-error"'} <= set(re.findall(r'id="f-\w+-error"', page.text))
    assert "{пароль} {номер}" in page.text
    assert OWN.note in page.text
    assert await subjects() == []


async def test_the_second_of_two_operators_keeps_every_word(town: Town, browser: Browser) -> None:
    await keep(town, replace(OWN, subject="Первые слова"))
    await browser.sign_in(town.gleb)

    page = await browser.post(PAGE, data=form(replace(OWN, subject="Вторые слова"), version=0))
    again = await browser.post(PAGE, data=form(replace(OWN, subject="Вторые слова"), version=1))

    assert page.status_code == 409
    assert town.yulia.name in words(page.text)
    assert 'value="Вторые слова"' in page.text
    assert 'name="version" value="1"' in page.text
    assert again.status_code == 303
    assert [subject for _, subject in await subjects()] == ["Первые слова", "Вторые слова"]


@pytest.mark.rule("R10")
async def test_the_preview_is_of_the_case_and_tells_nothing_of_its_author(town: Town, browser: Browser) -> None:
    message = await answered(town)
    await Person.update({Person.given_name: "Серафима"}).where(Person.id == town.anna.id)
    await browser.sign_in(town.yulia)
    own = replace(OWN, lead="{имя}, {тема}: до {срок}")
    address = "/wording/answered/ru"

    seen = await browser.post(f"{address}/preview", data=form(own, case=await case_of(Kind.APPROVED)), headers=HTMX)
    letter = await browser.get(frame_of(seen.text))

    assert str(message.number) in words(seen.text)
    for text in (seen.text, letter.text):
        assert "до 1 апреля" in text
        assert message.text not in text
        assert "Серафима" not in text
        assert "/answers/" not in text
    assert "<html" not in seen.text
    assert "sandbox" in letter.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in letter.headers["content-security-policy"]
    assert letter.headers["x-frame-options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in (await browser.get(address)).headers["content-security-policy"]


async def test_a_case_of_another_kind_or_none_is_looked_at_with_made_up_facts(town: Town, browser: Browser) -> None:
    await submitted(town)
    await browser.sign_in(town.yulia)

    for case in (await case_of(Kind.SUBMITTED), 0, 10**17, "no case"):
        seen = await browser.post(f"{PAGE}/preview", data=form(case=case), headers=HTMX)
        assert "2026-000123" in seen.text
        assert "Сведения вымышлены" in seen.text


async def test_without_scripts_the_preview_is_the_page_with_what_was_typed(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    page = await browser.post(f"{PAGE}/preview", data=form())
    wrong = await browser.post(f"{PAGE}/preview", data=form(replace(OWN, note="{")), headers=HTMX)

    assert OWN.note in page.text
    assert "<html" in page.text
    assert frame_of(page.text).startswith(f"{PAGE}/preview/")
    assert "Такой подстановки нет" in words(wrong.text)
    assert "iframe" not in wrong.text
    assert await subjects() == []


async def test_a_token_that_is_not_ours_or_of_another_letter_shows_nothing(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)
    token = frame_of((await browser.get(PAGE)).text).rpartition("/")[2]

    answers = [
        await browser.get(f"{PAGE}/preview/{token}x"),
        await browser.get(f"/wording/refused/ru/preview/{token}"),
        await browser.get("/wording/nothing/ru"),
        await browser.get("/wording/registered/de"),
        await browser.post("/wording/registered/de", data=form()),
    ]

    assert [each.status_code for each in answers] == [404] * 5


async def test_an_earlier_version_comes_back_into_the_form_and_the_built_in_words_by_one_press(
    town: Town, browser: Browser
) -> None:
    await keep(town)
    await keep(town, replace(OWN, subject="Иначе"), version=1)
    await browser.sign_in(town.yulia)

    earlier = await browser.get(f"{PAGE}?version=1")
    back = await browser.post(f"{PAGE}/built-in", data={"version": 2})
    index = await browser.get("/wording")

    assert f'value="{OWN.subject}"' in earlier.text
    assert 'name="version" value="2"' in earlier.text
    assert back.status_code == 303
    assert await lettering.in_force("registered") == {}
    assert town.yulia.name in words(index.text)


@pytest.mark.parametrize("who", ["anna", "marina", "pavel", "elena", "konstantin"])
async def test_for_others_there_is_no_such_page(who: str, town: Town, browser: Browser) -> None:
    await browser.sign_in(getattr(town, who))

    answers = [
        await browser.get("/wording"),
        await browser.get(PAGE),
        await browser.post(PAGE, data=form()),
        await browser.post(f"{PAGE}/preview", data=form()),
        await browser.post(f"{PAGE}/built-in", data={"version": 0}),
    ]

    assert {each.status_code for each in answers} == {404}
    assert await subjects() == []
