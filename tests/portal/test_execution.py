"""The executor's desk: acceptance, "not ours", the answer with its files and rules, and nothing typed is ever lost."""

import re
from datetime import timedelta

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, tag, words
from tests.workers.drawing import quarters, saved

from domain import moderating, rating
from domain.model import Answer, Attachment, Message
from domain.rounds import current
from portal.door import Door

HOUR = timedelta(hours=1)


@pytest.fixture
async def pavel(town: Town, browser: Browser) -> Browser:
    return await browser.sign_in(town.pavel)


async def read(message: Message) -> Message:
    found = await Message.objects().get(Message.id == message.id)
    assert found
    return found


async def answer_of(message: Message) -> Answer:
    found = await current(await read(message))
    assert found
    return found


def hidden(page: str, name: str) -> str:
    """What the page would send back by itself in this field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def photo() -> bytes:
    return saved(quarters(640, 480))


async def form(browser: Browser, message: Message, **typed: str) -> dict[str, str]:
    page = (await browser.get(f"/execution/{message.id}")).text
    return {"key": hidden(page, "key"), "version": hidden(page, "version"), **typed}


@pytest.mark.rule("R10")
async def test_an_executor_sees_the_matter_and_not_the_person(pavel: Browser, town: Town) -> None:
    message = await stories.in_work(town)

    page = await pavel.get(f"/execution/{message.id}")

    assert "A deep hole at the bus stop." in words(page.text)
    assert "Mira 41" in page.text
    assert town.anna.name not in page.text


@pytest.mark.rule("R10")
async def test_somebody_elses_case_is_not_there(town: Town, browser: Browser) -> None:
    message = await stories.in_work(town)
    await browser.sign_in(town.sergey)

    assert (await browser.get(f"/execution/{message.id}")).status_code == 404
    assert (await browser.get(f"/execution/{message.id}/news")).status_code == 404
    for deed in ("acceptance", "hand-back", "answer", "answer/review"):
        assert (await browser.post(f"/messages/{message.id}/{deed}", data={"text": "x"})).status_code == 404
    assert "A deep hole" not in (await browser.get("/execution")).text


@pytest.mark.parametrize("who", ["anna", "marina", "elena"])
async def test_the_desk_is_there_for_executors_only(who: str, town: Town, browser: Browser) -> None:
    await browser.sign_in(getattr(town, who))

    assert (await browser.get("/execution")).status_code == 404


@pytest.mark.rule("R11")
async def test_a_case_is_accepted_with_its_scope(pavel: Browser, town: Town) -> None:
    message = await stories.registered(town)

    before = await pavel.get("/execution?queue=accept")
    wrong = await pavel.post(f"/messages/{message.id}/acceptance", data={"scope": "Fill it.", "finish_on": "soon"})
    late = await pavel.post(f"/messages/{message.id}/acceptance", data={"scope": "Fill it.", "finish_on": "2026-05-28"})
    done = await pavel.post(
        f"/messages/{message.id}/acceptance", data={"scope": "Fill it.", "finish_on": "2026-03-05", "queue": "accept"}
    )
    page = await pavel.get(done.headers["location"])

    assert f'action="/messages/{message.id}/acceptance"' in before.text
    assert wrong.status_code == 422
    assert "Fill it." in wrong.text
    assert "autofocus" in tag(wrong.text, 'name="finish_on"')
    assert 'min="2026-03-02" max="2026-03-13"' in tag(before.text, 'name="finish_on"')
    assert late.status_code == 422
    assert "Fill it." in late.text
    assert 'value="2026-05-28"' in tag(late.text, 'name="finish_on"')
    assert "Сам ответ нужен раньше: 13.03.2026" in words(late.text)
    assert "п. 4.3" in words(late.text)
    assert done.headers["location"] == f"/execution/{message.id}?queue=accept&done={message.id}"
    assert "Fill it., закончить до 5 марта" in words(page.text)
    assert (await read(message)).status == "in_work"


@pytest.mark.rule("R12")
async def test_a_case_that_is_not_theirs_goes_back_with_a_reason(pavel: Browser, town: Town) -> None:
    message = await stories.registered(town)

    page = await pavel.get(f"/execution/{message.id}")
    wrong = await pavel.post(f"/messages/{message.id}/hand-back", data={"competent": "The region"})
    done = await pavel.post(f"/messages/{message.id}/hand-back", data={"justification": "The road is the region's."})

    assert "Вернуть можно до 3 марта" in words(page.text)
    assert wrong.status_code == 422
    assert 'value="The region"' in wrong.text
    assert done.status_code == 303
    assert (await read(message)).status == "handed_back"


@pytest.mark.rule("R12")
async def test_after_the_term_the_page_says_until_when_it_was_possible(
    town: Town, browser: Browser, clock: Clock
) -> None:
    message = await stories.registered(town)
    clock.forward(days=2)
    await browser.sign_in(town.pavel)

    page = await browser.get(f"/execution/{message.id}")
    late = await browser.post(f"/messages/{message.id}/hand-back", data={"justification": "Not ours, really."})

    assert "Вернуть можно было до 3 марта" in words(page.text)
    assert 'name="justification"' not in page.text
    assert late.status_code == 409
    assert "Not ours, really." in late.text
    assert (await read(message)).status == "registered"


@pytest.mark.rule("R13")
async def test_a_draft_is_saved_with_its_files_and_is_there_again(pavel: Browser, town: Town, storage_url: str) -> None:
    message = await stories.in_work(town)
    typed = await form(pavel, message, outcome="planned", text="We wait for asphalt.", planned_on="2026-04-01")

    done = await pavel.post(
        f"/messages/{message.id}/answer", data=typed, files={"files": ("hole.jpg", photo(), "image/jpeg")}
    )
    page = await pavel.get(done.headers["location"])

    assert done.status_code == 303
    assert "Сохранён черновик ответа" in page.text
    assert "We wait for asphalt." in page.text
    assert "checked" in tag(page.text, 'name="outcome" value="planned"')
    assert 'value="2026-04-01"' in page.text
    assert "hole.jpg" in page.text
    assert (await answer_of(message)).outcome == "planned"


async def test_a_file_can_be_taken_out_again(pavel: Browser, town: Town, storage_url: str) -> None:
    message = await stories.in_work(town)
    typed = await form(pavel, message, text="Done.")
    upload = {"files": ("hole.jpg", photo(), "image/jpeg")}
    await pavel.post(f"/messages/{message.id}/answer", data=typed, files=upload)
    (file,) = await Attachment.objects().where(Attachment.answer.is_not_null())

    again = await form(pavel, message, text="Done.", dropped=str(file.id))
    await pavel.post(f"/messages/{message.id}/answer", data=again)

    assert "hole.jpg" not in (await pavel.get(f"/execution/{message.id}")).text


@pytest.mark.rule("R13")
async def test_a_file_of_another_kind_is_named_and_the_rest_is_saved(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    message = await stories.in_work(town)
    typed = await form(pavel, message, text="The hole is filled.")
    files = [("files", ("hole.jpg", photo(), "image/jpeg")), ("files", ("plan.exe", b"MZ and so on", "image/jpeg"))]

    answer = await pavel.post(f"/messages/{message.id}/answer", data=typed, files=files)

    assert answer.status_code == 422
    assert 'id="f-files-error"' in answer.text
    assert "plan.exe" in answer.text
    assert "hole.jpg" in answer.text
    assert "The hole is filled." in answer.text
    saved = await pavel.post(
        f"/messages/{message.id}/answer",
        data={"key": hidden(answer.text, "key"), "version": hidden(answer.text, "version"), "text": "Filled."},
    )
    assert saved.status_code == 303


@pytest.mark.rule("R17", "R18")
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_an_answer_that_lacks_something_comes_back_with_every_word(
    headers: dict[str, str], pavel: Browser, town: Town, storage_url: str
) -> None:
    message = await stories.in_work(town)
    typed = await form(pavel, message, outcome="planned", text="We wait for asphalt.")
    upload = {"files": ("hole.jpg", photo(), "image/jpeg")}

    answer = await pavel.post(f"/messages/{message.id}/answer/review", data=typed, files=upload, headers=headers)

    assert answer.status_code == 422
    assert "We wait for asphalt." in answer.text
    assert "hole.jpg" in answer.text
    assert "autofocus" in tag(answer.text, 'id="f-planned_on"')
    assert (await read(message)).status == "in_work"


async def test_files_survive_a_text_that_is_too_long(pavel: Browser, town: Town, storage_url: str) -> None:
    message = await stories.in_work(town)
    typed = await form(pavel, message, text="x" * 6001)
    upload = {"files": ("hole.jpg", photo(), "image/jpeg")}

    wrong = await pavel.post(f"/messages/{message.id}/answer", data=typed, files=upload)
    kept = re.findall(r'name="uploads" value="([^"]+)" checked', wrong.text)
    again = {"key": hidden(wrong.text, "key"), "version": "", "text": "Shorter.", "uploads": kept}
    done = await pavel.post(f"/messages/{message.id}/answer", data=again)

    assert wrong.status_code == 422
    assert len(kept) == 1
    assert done.status_code == 303
    assert "hole.jpg" in (await pavel.get(f"/execution/{message.id}")).text


@pytest.mark.rule("R21")
async def test_an_answer_goes_to_review_and_the_next_case_lies_open(pavel: Browser, town: Town) -> None:
    message, following = await stories.in_work(town), await stories.in_work(town, at=MONDAY + HOUR)
    typed = await form(pavel, message, outcome="solved", text="The hole is filled.", queue="todo")

    done = await pavel.post(f"/messages/{message.id}/answer/review", data=typed)
    page = await pavel.get(done.headers["location"])

    assert (await read(message)).status == "in_review"
    assert "Ответ отправлен на проверку" in page.text
    assert f'action="/messages/{following.id}/answer"' in page.text


async def test_of_two_windows_the_second_is_told_and_loses_no_word(pavel: Browser, town: Town) -> None:
    message = await stories.in_work(town)
    first = await form(pavel, message, text="First window.")
    second = {**first, "text": "Second window."}
    await pavel.post(f"/messages/{message.id}/answer", data=first)

    plain = await pavel.post(f"/messages/{message.id}/answer", data=second)
    piece = await pavel.post(f"/messages/{message.id}/answer", data=second, headers=HTMX)

    for answer in (plain, piece):
        assert answer.status_code == 409
        assert ">\nSecond window.</textarea>" in answer.text
    assert "<html" not in piece.text
    assert (await answer_of(message)).text == "First window."


@pytest.mark.rule("R20")
async def test_what_the_reviewer_wants_mended_stands_on_top(pavel: Browser, town: Town) -> None:
    message = await stories.in_review(town)
    await moderating.send_back(message, by=town.vera, at=MONDAY + 5 * HOUR, rules=["R18"], remark="Name the day.")

    page = words((await pavel.get("/execution?queue=sent_back")).text)

    assert "Ответ вернули на правку" in page
    assert "Name the day." in page
    assert page.index("Name the day.") < page.index("Что написал житель")


@pytest.mark.rule("R15", "R24", "R26")
async def test_a_rework_shows_the_remarks_and_keeps_the_earlier_answer(pavel: Browser, town: Town) -> None:
    message = await stories.answered(town)
    at = MONDAY + timedelta(days=1)
    await rating.rate(message, by=town.anna, at=at, choice="unsolved", remarks="It is as deep as before.")

    page = words((await pavel.get("/execution?queue=rework")).text)

    assert "доработка 1 из 3" in page
    assert "It is as deep as before." in page
    assert "The hole was filled on 3 March." in page
    assert town.anna.name not in page


@pytest.mark.rule("R16")
async def test_a_file_that_answers_another_message_is_refused_by_name(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    first, second = await stories.in_work(town), await stories.in_work(town, at=MONDAY + HOUR)
    upload = {"files": ("hole.jpg", photo(), "image/jpeg")}
    for message in (first, second):
        typed = await form(pavel, message, outcome="solved", text="The hole is filled.")
        answer = await pavel.post(f"/messages/{message.id}/answer/review", data=typed, files=upload)

    assert answer.status_code == 422
    assert f"№ {(await read(first)).number}" in words(answer.text)


async def test_the_rows_alone_are_what_the_page_shows(pavel: Browser, town: Town) -> None:
    message = await stories.in_work(town)

    page = await pavel.get(f"/execution/{message.id}?queue=todo")
    rows = await pavel.get(f"/execution/rows?queue=todo&opened={message.id}", headers=HTMX)

    section = rows.text[: rows.text.index("</section>")].strip()
    assert section in page.text


@pytest.mark.rule("R31")
async def test_what_presses_stands_first(town: Town, portal: Door, clock: Clock) -> None:
    late = await stories.in_work(town)
    fresh = await stories.registered(town, at=MONDAY + timedelta(days=15))
    clock.forward(days=15, hours=2)
    browser = await Browser(portal).sign_in(town.pavel)

    page = (await browser.get("/execution")).text

    assert page.index(f'id="row-{late.id}"') < page.index(f'id="row-{fresh.id}"')
    assert "Просрочено" in words(page)


@pytest.mark.parametrize("queue", ["todo", "accept", "in_work", "rework", "review", "closed"])
async def test_no_page_of_the_desk_asks_more_than_twelve_times(
    queue: str, pavel: Browser, town: Town, clock: Clock
) -> None:
    for story in (stories.registered, stories.in_work, stories.in_review, stories.answered):
        await story(town)
    clock.forward(minutes=5)  # the session notes when it was last seen

    with counted() as asked:
        page = await pavel.get(f"/execution?queue={queue}&done=2")

    assert page.status_code == 200
    assert 5 < len(asked) <= QUERIES_AT_MOST, "\n".join(asked)
