"""Parts of a case on the desks (R11): named, written, put into the answer; nobody sees more than they need (R10)."""

import re
from typing import Any
from uuid import uuid4

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, tag, words
from tests.stories import HOUR
from tests.workers.drawing import quarters, saved

from domain import executing, moderating, parts, rounds
from domain.model import Attachment, Message, Part, Person
from portal.door import Door
from portal.live import Page
from workers.live import news_of
from workers.pictures import prepare, prepare_pictures


@pytest.fixture
async def pavel(town: Town, browser: Browser) -> Browser:
    return await browser.sign_in(town.pavel)


@pytest.fixture
async def sergey(town: Town, portal: Door) -> Browser:
    return await Browser(portal).sign_in(town.sergey)


def photo() -> dict[str, Any]:
    return {"files": ("pipe.jpg", saved(quarters(640, 480)), "image/jpeg")}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


async def report(browser: Browser, part: Part, **typed: str) -> dict[str, str]:
    page = (await browser.get(f"/execution/{part.message}?queue=parts")).text
    return {"key": hidden(page, "key"), "version": hidden(page, "version"), "queue": "parts", **typed}


async def answer_form(browser: Browser, id: int, **typed: str) -> dict[str, str]:
    page = (await browser.get(f"/execution/{id}")).text
    return {"key": hidden(page, "key"), "version": hidden(page, "version"), **typed}


def row(town: Town, place: str = "", **changes: str) -> dict[str, str]:
    wish = {"helper": str(town.sergey.id), "task": "Cut the pipe.", "due_on": "2026-03-06", **changes}
    return {f"{name}{place}": value for name, value in wish.items()}


@pytest.mark.rule("R11")
async def test_co_executors_are_named_with_the_acceptance(pavel: Browser, town: Town) -> None:
    message = await stories.registered(town)
    form = {"scope": "Fill it.", "finish_on": "2026-03-05", **row(town, "_1"), **row(town, "_2", helper="", due_on="")}

    before = await pavel.get(f"/execution/{message.id}")
    wrong = await pavel.post(f"/messages/{message.id}/acceptance", data=form)
    mended = {name: value for name, value in form.items() if not name.endswith("_2")}
    done = await pavel.post(f"/messages/{message.id}/acceptance", data=mended)
    page = await pavel.get(done.headers["location"])

    assert town.sergey.name in before.text
    assert f">{town.pavel.name}</option>" not in before.text
    assert wrong.status_code == 422
    assert 'id="f-due_on_2-error"' in wrong.text
    assert wrong.text.count("Cut the pipe.") == 2
    assert (await stories.fresh(message)).status == "in_work"
    assert "Cut the pipe." in page.text
    assert f"{town.sergey.name}, Отдел ЖКХ; до 6 марта" in words(page.text)


@pytest.mark.rule("R11")
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_one_more_is_named_later_and_what_does_not_fit_comes_back(
    headers: dict[str, str], pavel: Browser, town: Town
) -> None:
    message = await stories.in_work(town)

    wrong = await pavel.post(f"/messages/{message.id}/parts", data=row(town, due_on="2026-03-01"), headers=headers)
    done = await pavel.post(f"/messages/{message.id}/parts", data=row(town))
    page = words((await pavel.get(done.headers["location"])).text)

    assert wrong.status_code == 422
    assert "Cut the pipe." in wrong.text
    assert "Этот день уже прошёл." in words(wrong.text)
    assert "autofocus" in tag(wrong.text, 'id="f-due_on"')
    assert "Cut the pipe." in page
    assert "Назначен соисполнитель" in page


@pytest.mark.rule("R10", "R11")
async def test_a_co_executor_finds_their_part_and_not_the_person(sergey: Browser, town: Town) -> None:
    part = await stories.shared(town)

    desk = (await sergey.get("/execution?queue=parts")).text
    page = words(desk)

    assert f'action="/messages/{part.message}/parts/{part.id}/report"' in desk
    assert "Close the water and cut the pipe." in page
    assert "A deep hole at the bus stop." in page
    assert re.search(r'id="queue-parts".*?<span class="count" data-tone="warn">1</span>', desk, re.DOTALL)
    assert town.anna.name not in page
    for deed in ("acceptance", "hand-back", "answer", "answer/review", "parts", "answer/parts"):
        assert f'"/messages/{part.message}/{deed}"' not in desk


@pytest.mark.rule("R11")
async def test_nobody_else_finds_it(pavel: Browser, town: Town, portal: Door) -> None:
    await stories.shared(town)
    others = [await Browser(portal).sign_in(each) for each in await others_who_execute(town)]

    for browser in (pavel, *others):
        assert "Close the water" not in (await browser.get("/execution?queue=parts")).text


async def others_who_execute(town: Town) -> list[Any]:
    known = [town.pavel.id, town.sergey.id]
    return await Person.objects().where((Person.role == "executor") & Person.id.not_in(known)).limit(1)


@pytest.mark.rule("R15", "R11")
async def test_by_hand_a_co_executor_gets_no_further(sergey: Browser, town: Town) -> None:
    part = await stories.shared(town)
    form = {"text": "x", "outcome": "solved", "key": str(uuid4()), "justification": "x", "part": part.id, **row(town)}

    for deed in (
        "acceptance",
        "hand-back",
        "answer",
        "answer/review",
        "parts",
        "answer/parts",
        f"parts/{part.id}/removal",
    ):
        assert (await sergey.post(f"/messages/{part.message}/{deed}", data=form)).status_code == 403, deed
    message = await stories.case_of(part)
    assert message.status == "in_work"
    assert await Part.count() == 1


@pytest.mark.rule("R11", "R10")
@pytest.mark.parametrize("who", ["anna", "boris", "marina", "elena", "yulia"])
async def test_for_everybody_else_there_are_no_parts(who: str, town: Town, browser: Browser) -> None:
    part = await stories.shared(town)
    await browser.sign_in(getattr(town, who))

    for deed in ("parts", f"parts/{part.id}/removal", f"parts/{part.id}/report", f"parts/{part.id}/completion"):
        assert (await browser.post(f"/messages/{part.message}/{deed}", data=row(town))).status_code == 404


@pytest.mark.rule("R11", "R13")
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_a_part_is_written_with_files_and_done(
    headers: dict[str, str], sergey: Browser, town: Town, storage_url: str
) -> None:
    part = await stories.shared(town)
    path = f"/messages/{part.message}/parts/{part.id}"

    empty = await sergey.post(f"{path}/completion", data=await report(sergey, part), headers=headers)
    saved = await sergey.post(f"{path}/report", data=await report(sergey, part, report="Half."), files=photo())
    again = (await sergey.get(saved.headers["location"])).text
    done = await sergey.post(f"{path}/completion", data=await report(sergey, part, report="The pipe is cut."))

    assert empty.status_code == 422
    assert "Напишите, что сделано, или приложите файл." in words(empty.text)
    assert "Half." in again
    assert "pipe.jpg" in again
    kept = await Part.objects().get(Part.id == part.id)
    assert kept is not None
    assert kept.done_at == MONDAY
    assert kept.text == "The pipe is cut."
    assert "Часть готова" in words((await sergey.get(done.headers["location"])).text)


@pytest.mark.rule("R13")
async def test_a_file_of_another_kind_is_named_and_the_words_are_kept(
    sergey: Browser, town: Town, storage_url: str
) -> None:
    part = await stories.shared(town)
    bad = {"files": ("plan.exe", b"MZ and so on", "image/jpeg")}

    answer = await sergey.post(
        f"/messages/{part.message}/parts/{part.id}/completion",
        data=await report(sergey, part, report="Cut."),
        files=bad,
    )

    assert answer.status_code == 422
    assert "plan.exe" in answer.text
    assert "Cut." in answer.text


async def test_of_two_windows_of_a_part_the_second_loses_no_word(sergey: Browser, town: Town) -> None:
    part = await stories.shared(town)
    first, second = await report(sergey, part, report="First."), await report(sergey, part, report="Second window.")
    await sergey.post(f"/messages/{part.message}/parts/{part.id}/report", data=first)

    late = await sergey.post(f"/messages/{part.message}/parts/{part.id}/report", data=second)

    assert late.status_code == 409
    assert "Second window." in late.text


@pytest.mark.rule("R10", "R11")
async def test_who_was_called_off_finds_nothing_any_more(pavel: Browser, sergey: Browser, town: Town) -> None:
    part = await stories.shared(town)

    done = await pavel.post(f"/messages/{part.message}/parts/{part.id}/removal")

    assert done.status_code == 303
    assert (await sergey.get(f"/execution/{part.message}")).status_code == 404
    assert (
        await sergey.post(f"/messages/{part.message}/parts/{part.id}/report", data={"report": "x"})
    ).status_code == 404
    assert "Close the water" not in (await sergey.get("/execution?queue=parts")).text
    assert "Часть отменена" in words((await pavel.get(f"/execution/{part.message}")).text)


@pytest.mark.rule("R15")
async def test_a_part_goes_into_the_answer_beside_what_was_typed(pavel: Browser, town: Town) -> None:
    part = await stories.brought(town, await stories.shared(town))
    form = await answer_form(pavel, part.message, text="The hole is filled.", outcome="solved", part=str(part.id))

    done = await pavel.post(f"/messages/{part.message}/answer/parts", data=form)
    page = (await pavel.get(done.headers["location"])).text

    answer = await stories.the_answer(await stories.case_of(part))
    assert answer.text == "The hole is filled.\n\nThe pipe is cut."
    assert answer.outcome == "solved"
    assert "The pipe is cut.</textarea>" in page
    assert f'name="part" value="{part.id}"' in page


@pytest.mark.rule("R11")
async def test_the_answer_goes_over_an_open_part_only_with_a_reason_that_the_reviewer_reads(
    pavel: Browser, town: Town, portal: Door
) -> None:
    part = await stories.shared(town)
    form = await answer_form(pavel, part.message, text="The hole is filled.", outcome="solved")

    wrong = await pavel.post(f"/messages/{part.message}/answer/review", data=form)
    again = {**form, "version": hidden(wrong.text, "version"), "without_parts": "Sergey is ill, the pipe can wait."}
    done = await pavel.post(f"/messages/{part.message}/answer/review", data=again)
    vera = await Browser(portal).sign_in(town.vera)
    desk = words((await vera.get(f"/moderation/{part.message}")).text)

    assert wrong.status_code == 422
    assert "The hole is filled." in wrong.text
    assert "autofocus" in tag(wrong.text, 'id="f-without_parts"')
    assert done.status_code == 303
    assert "Отправлено без частей соисполнителей: Sergey is ill, the pipe can wait." in desk
    assert "Решено; без частей соисполнителей: Sergey is ill" in desk
    assert "Close the water and cut the pipe." in desk


@pytest.mark.rule("R10")
async def test_the_author_and_the_public_read_nothing_of_the_parts(
    town: Town, portal: Door, browser: Browser, sergey: Browser, storage_url: str
) -> None:
    message = await stories.submitted(town)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR, public_text="A hole.")
    await executing.accept(message, by=town.pavel, at=MONDAY + 2 * HOUR)
    part = await stories.shared(town, message=message)
    form = await report(sergey, part, report="Between us officials.")
    await sergey.post(f"/messages/{message.id}/parts/{part.id}/report", data=form, files=photo())
    (file,) = await Attachment.objects()
    anna, pavel = [await Browser(portal).sign_in(each) for each in (town.anna, town.pavel)]

    own = (await anna.get(f"/messages/{message.id}")).text
    public = (await browser.get(f"/publications/{message.number}")).text

    for page in (own, public):
        assert "Between us" not in page
        assert "Close the water" not in page
        assert str(file.id) not in page
    assert (await anna.get(f"/files/{file.id}/original")).status_code == 404
    assert (await browser.get(f"/publications/{message.number}/files/{file.id}/large")).status_code == 404
    await prepare(file)
    for official in (pavel, sergey):
        assert (await official.get(f"/files/{file.id}/original")).status_code == 200


@pytest.mark.rule("R31")
async def test_news_of_a_case_reach_its_co_executors_until_they_are_let_go(town: Town) -> None:
    part = await stories.shared(town)
    page = Page(town.sergey)
    event = await stories.told(await stories.case_of(part), "part:named")

    ((_, told),) = await news_of([event.id])
    assert page.may_know(told)
    await parts.remove(await stories.case_of(part), part.id, by=town.pavel, at=MONDAY + 5 * HOUR)
    ((_, told),) = await news_of([event.id])
    assert not page.may_know(told)


@pytest.mark.rule("R14", "R11")
async def test_photos_of_a_part_are_prepared_like_any_other(sergey: Browser, town: Town, storage_url: str) -> None:
    part = await stories.shared(town)
    path = f"/messages/{part.message}/parts/{part.id}/report"
    await sergey.post(path, data=await report(sergey, part), files=photo())

    await prepare_pictures(await stories.told(await stories.case_of(part), "part:written"))
    await parts.take_over(await stories.case_of(part), part.id, by=town.pavel, at=MONDAY + 5 * HOUR)

    states = await Attachment.select(Attachment.state, Attachment.width)
    assert [(each["state"], each["width"]) for each in states] == [("ready", 640), ("ready", 640)]


async def test_the_desks_ask_no_more_than_twelve_times(
    pavel: Browser, sergey: Browser, town: Town, clock: Clock
) -> None:
    part = await stories.brought(town, await stories.shared(town))
    await stories.shared(town)
    clock.forward(minutes=5)

    for browser, address in ((pavel, f"/execution/{part.message}"), (sergey, "/execution?queue=parts")):
        with counted() as asked:
            page = await browser.get(address)
        assert page.status_code == 200
        assert len(asked) <= QUERIES_AT_MOST, "\n".join(asked)


@pytest.mark.rule("R11")
async def test_the_part_of_an_answer_that_has_gone_is_only_read(sergey: Browser, town: Town) -> None:
    part = await stories.brought(town, await stories.shared(town))
    message: Message = await stories.case_of(part)
    await stories.answer(town, message, at=MONDAY + 5 * HOUR)
    await stories.approve(town, message, at=MONDAY + 6 * HOUR)
    assert await rounds.current(message)

    page = words((await sergey.get(f"/execution/{message.id}")).text)

    assert "The pipe is cut." in page
    assert "эту часть больше нельзя изменить" in page
