"""The gates of an answer on the desks (§4.2): pointed out while it is written, kept as typed, judged rule by rule."""

import re

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import tag, words
from tests.portal.errands import at_home, photo, prepared
from tests.workers.drawing import quarters, saved

from domain import publishing
from domain.answering import Written
from domain.informing import Informed
from domain.model import Answer, Message
from domain.moderating import ANSWER_RULES
from domain.rounds import current
from portal.door import Door

FIT = saved(quarters(640, 480))  # large enough to be sent with an answer (R14)

HOUR = stories.HOUR
SOON = "Яму заделаем в ближайшее время."
THEIRS = "Дорога находится в ведении области."
TOLD = Informed("Комитет дорог области", MONDAY.date(), "412-и")
FIT = saved(quarters(1200, 800))


@pytest.fixture
async def pavel(town: Town, browser: Browser) -> Browser:
    return await browser.sign_in(town.pavel)


async def answer_of(message: Message) -> Answer:
    found = await current(await stories.fresh(message))
    assert found
    return found


async def form(browser: Browser, message: Message, **typed: str) -> dict[str, str]:
    page = (await browser.get(f"/execution/{message.id}")).text
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("key", "version")}
    return {**{name: found[1] for name, found in hidden.items() if found}, **typed}


@pytest.mark.rule("R18")
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_a_promise_sent_by_hand_comes_back_with_its_words_quoted(
    headers: dict[str, str], pavel: Browser, town: Town
) -> None:
    message = await stories.in_work(town)
    typed = await form(pavel, message, outcome="solved", text=SOON)

    answer = await pavel.post(f"/messages/{message.id}/answer/review", data=typed, headers=headers)
    ticked = await form(pavel, message, outcome="solved", text=SOON, insists="заделаем в ближайшее время")
    done = await pavel.post(f"/messages/{message.id}/answer/review", data=ticked)

    assert answer.status_code == 422
    assert SOON in answer.text
    assert "«заделаем в ближайшее время» — обещание без точного срока (п. 4.2)" in words(answer.text)
    assert 'href="#f-insists"' in answer.text
    assert done.status_code == 303
    assert (await stories.fresh(message)).status == "in_review"


@pytest.mark.rule("R18")
async def test_the_page_of_a_saved_draft_points_it_out_without_any_script(pavel: Browser, town: Town) -> None:
    message = await stories.in_work(town)
    await pavel.post(f"/messages/{message.id}/answer", data=await form(pavel, message, outcome="solved", text=SOON))

    page = (await pavel.get(f"/execution/{message.id}")).text

    assert "checked" not in tag(page, 'name="insists" value="заделаем в ближайшее время"')


@pytest.mark.rule("R18", "R19")
async def test_while_it_is_written_words_are_pointed_out_and_nothing_is_saved(pavel: Browser, town: Town) -> None:
    message = await stories.in_work(town)
    typed = {"outcome": "solved", "text": f"{SOON} {THEIRS}", "planned_on": "soon", "informed_on": "yesterday"}

    both = await pavel.post(f"/messages/{message.id}/answer/pointed", data=typed, headers=HTMX)
    one = await pavel.post(
        f"/messages/{message.id}/answer/pointed", data={**typed, "informed": "Комитет"}, headers=HTMX
    )

    assert [found in both.text for found in ("заделаем в ближайшее время", "находится в ведении области")] == [True] * 2
    assert [found in one.text for found in ("заделаем в ближайшее время", "находится в ведении области")] == [
        True,
        False,
    ]
    assert "<html" not in both.text
    assert await Answer.count() == 0


@pytest.mark.rule("R10")
async def test_nobody_asks_about_the_words_of_anothers_case(town: Town, browser: Browser) -> None:
    message = await stories.in_work(town)
    await browser.sign_in(town.sergey)

    answer = await browser.post(f"/messages/{message.id}/answer/pointed", data={"text": SOON})

    assert answer.status_code == 404


@pytest.mark.rule("R19")
async def test_half_a_proof_comes_back_field_by_field_as_it_was_typed(pavel: Browser, town: Town) -> None:
    message = await stories.in_work(town)
    told = {"informed": "Комитет дорог области", "informed_on": "2026-03-09", "informed_number": ""}

    answer = await pavel.post(
        f"/messages/{message.id}/answer/review",
        data=await form(pavel, message, outcome="impossible", text=THEIRS, **told),
    )

    assert answer.status_code == 422
    assert 'value="Комитет дорог области"' in answer.text
    assert 'value="2026-03-09"' in answer.text
    for field in ("informed_on", "informed_number"):
        assert f'id="f-{field}-error"' in answer.text
    assert words(answer.text).count("(п. 4.2)") >= 4
    assert "open" in tag(answer.text, 'id="another-organisation"')
    assert (await stories.fresh(message)).status == "in_work"


@pytest.mark.rule("R19")
@pytest.mark.parametrize("file", ["7d9f6a52-0000-4000-8000-000000000000", "no file"])
async def test_a_made_up_file_proves_nothing(file: str, pavel: Browser, town: Town) -> None:
    message = await stories.in_work(town)
    told = {"informed": "Комитет", "informed_on": "2026-03-02", "informed_file": file}

    answer = await pavel.post(
        f"/messages/{message.id}/answer/review",
        data=await form(pavel, message, outcome="impossible", text=THEIRS, **told),
    )

    assert answer.status_code == 422
    assert 'href="#f-informed_file"' in answer.text


@pytest.mark.rule("R19", "R10")
async def test_the_author_reads_the_number_and_everybody_only_the_organisation_and_the_day(
    portal: Door, browser: Browser, town: Town
) -> None:
    message = await stories.in_review(town, written=Written(outcome="impossible", text=THEIRS, informed=TOLD))
    await publishing.publish(message, by=town.marina, at=MONDAY + 4 * HOUR, text="A hole.")
    await stories.approve(town, message, at=MONDAY + 5 * HOUR, publish=True)

    own = words((await (await at_home(portal, town.anna)).get(f"/messages/{message.id}")).text)
    public = words((await browser.get(f"/publications/{message.number}")).text)

    assert "Комитет дорог области, извещена 2 марта 2026, исх. № 412-и" in own
    assert "Комитет дорог области, извещена 2 марта 2026" in public
    assert "412-и" not in public


@pytest.mark.rule("R16")
async def test_the_same_bytes_under_another_name_answer_no_second_message(
    pavel: Browser, town: Town, storage_url: str
) -> None:
    first, second = await stories.in_work(town), await stories.in_work(town, at=MONDAY + HOUR)
    typed = await form(pavel, first, outcome="solved", text="The hole is filled.")
    await pavel.post(f"/messages/{first.id}/answer/review", data=typed, files=[photo("hole.jpg", FIT)])
    await prepared(first)

    typed = await form(pavel, second, outcome="solved", text="The hole is filled.")
    answer = await pavel.post(f"/messages/{second.id}/answer/review", data=typed, files=[photo("act.png", FIT)])

    assert answer.status_code == 422
    number = (await stories.fresh(first)).number
    assert f"Файл «act.png» уже приложен к ответу на сообщение № {number} (п. 4.2)" in words(answer.text)
    assert (await stories.fresh(second)).status == "in_work"


@pytest.mark.rule("R20")
async def test_the_checklist_is_filled_in_as_far_as_a_program_can_tell(
    browser: Browser, town: Town, storage_url: str
) -> None:
    message = await stories.in_review(town, written=Written(outcome="solved", text=f"{SOON} {THEIRS}"))
    await browser.sign_in(town.vera)

    page = (await browser.get(f"/moderation/{message.id}?queue=review")).text

    ticked = set(re.findall(r'name="(R\d\d)" value="(\w+)" checked', page))
    assert ticked == {
        ("R13", "kept"), ("R14", "kept"), ("R15", "kept"), ("R16", "kept"), ("R18", "broken"), ("R19", "broken")
    }  # fmt: skip
    assert words(page).count("п. 4.1") >= 2
    assert "По словам исполнителя, так и должно быть: «заделаем в ближайшее время»" in words(page)


@pytest.mark.rule("R20")
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_an_approval_by_hand_without_every_rule_is_refused_and_keeps_the_ticks(
    headers: dict[str, str], browser: Browser, town: Town
) -> None:
    message = await stories.in_review(town)
    await browser.sign_in(town.vera)
    typed = {**await stories.judged(message), "R14": "broken", "remark": "Turn the photo."}
    typed.pop("R17")

    answer = await browser.post(f"/messages/{message.id}/approval", data=typed, headers=headers)
    bare = await browser.post(f"/messages/{message.id}/approval", data={"version": "1"}, headers=headers)

    assert [answer.status_code, bare.status_code] == [422, 422]
    assert "checked" in tag(answer.text, 'name="R14" value="broken"')
    assert "checked" not in tag(answer.text, 'name="R17" value="kept"')
    assert "Turn the photo." in answer.text
    assert "(п. 4.2)" in words(answer.text)
    assert (await stories.fresh(message)).status == "in_review"


@pytest.mark.rule("R20")
async def test_an_approval_of_another_version_is_told_and_lets_nothing_out(browser: Browser, town: Town) -> None:
    message = await stories.in_review(town)
    await browser.sign_in(town.vera)

    for version in ("2", ""):
        typed = {**await stories.judged(message), "version": version}
        answer = await browser.post(f"/messages/{message.id}/approval", data=typed)
        assert answer.status_code == 409
        assert "написали заново" in answer.text

    assert (await stories.fresh(message)).status == "in_review"


@pytest.mark.rule("R20", "R33")
async def test_one_checklist_ends_in_either_way(browser: Browser, town: Town, clock: Clock) -> None:
    back, out = await stories.in_review(town), await stories.in_review(town, at=MONDAY + HOUR)
    await browser.sign_in(town.vera)
    broken = {**await stories.judged(back), "R14": "broken", "R17": "broken", "remark": "Which way is up?"}

    await browser.post(f"/messages/{back.id}/sending-back", data=broken)
    done = await browser.post(f"/messages/{out.id}/approval", data=await stories.judged(out))
    page = words((await browser.get(f"/moderation/{out.id}")).text)

    assert (await answer_of(back)).rules == ["R14", "R17"]
    assert done.status_code == 303
    assert tuple((await answer_of(out)).confirmed) == tuple(ANSWER_RULES)
    assert "все правила подтверждены, версия 1" in page


@pytest.mark.rule("R10")
async def test_an_executor_has_no_way_to_approve(pavel: Browser, town: Town) -> None:
    message = await stories.in_review(town)

    answer = await pavel.post(f"/messages/{message.id}/approval", data=await stories.judged(message))

    assert answer.status_code == 404
    assert (await stories.fresh(message)).status == "in_review"


@pytest.mark.rule("R09", "R18", "R19")
async def test_a_typical_answer_by_hand_goes_through_the_same_gates(browser: Browser, town: Town) -> None:
    message, kept = await stories.submitted(town), await stories.standard(town)
    await browser.sign_in(town.marina)
    typed = {"topic": town.pothole.id, "standard": kept.id, "version": 1, "filled_from": kept.id, "outcome": "solved"}
    address = f"/messages/{message.id}/typical-answer"

    loose = await browser.post(address, data={**typed, "text": SOON})
    half = await browser.post(
        address, data={**typed, "text": THEIRS, "informed": "Комитет", "informed_on": "2026-03-02"}
    )
    done = await browser.post(address, data={**typed, "text": SOON, "insists": "заделаем в ближайшее время"})

    assert [loose.status_code, half.status_code] == [422, 422]
    assert "checked" not in tag(loose.text, 'name="insists" value="заделаем в ближайшее время"')
    assert 'id="f-informed_number-error"' in half.text
    assert done.status_code == 303
    assert (await stories.fresh(message)).status == "answered"
