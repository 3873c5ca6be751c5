"""The moderator's desk: queues, the open message, each decision, and nothing typed is ever lost."""

from datetime import timedelta

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, tag, words

from domain import executing, moderating
from domain.answering import Written
from domain.database import DB
from domain.model import Answer, Message
from portal.desk.queues import SINCE_EVER
from portal.door import Door

HOUR = timedelta(hours=1)


@pytest.fixture
async def marina(town: Town, browser: Browser) -> Browser:
    return await browser.sign_in(town.marina)


@pytest.fixture
async def vera(town: Town, portal: Door) -> Browser:
    return await Browser(portal).sign_in(town.vera)


async def read(message: Message) -> Message:
    found = await Message.objects().get(Message.id == message.id)
    assert found
    return found


async def test_the_first_message_of_the_queue_lies_open_without_its_author(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town)

    page = await marina.get("/moderation")

    assert page.status_code == 200
    assert "A deep hole at the bus stop" in words(page.text)
    assert "от жителя" in words(page.text)
    assert town.anna.name not in page.text
    assert f'action="/messages/{message.id}/registration"' in page.text


async def test_a_click_fetches_the_pane_with_the_list_and_its_address(marina: Browser, town: Town) -> None:
    first, second = await stories.submitted(town), await stories.submitted(town, at=MONDAY + HOUR)

    piece = await marina.get(f"/moderation/{second.id}?queue=new", headers=HTMX)

    assert "<html" not in piece.text
    assert f'action="/messages/{second.id}/registration"' in piece.text
    assert "aria-current" in tag(piece.text, f'hx-get="/moderation/{second.id}?queue=new"')
    assert "aria-current" not in tag(piece.text, f'hx-get="/moderation/{first.id}?queue=new"')
    assert piece.headers["hx-push-url"] == f"/moderation/{second.id}?queue=new"


@pytest.mark.rule("R10")
@pytest.mark.parametrize("who", ["anna", "pavel", "elena"])
async def test_the_desk_is_there_for_moderators_only(who: str, town: Town, browser: Browser) -> None:
    message = await stories.submitted(town)
    await browser.sign_in(getattr(town, who))

    for address in ("/moderation", f"/moderation/{message.id}", "/moderation/rows"):
        assert (await browser.get(address)).status_code == 404
    assert (await browser.post(f"/messages/{message.id}/registration", data={"topic": 1})).status_code == 404


async def test_a_guest_is_asked_to_sign_in_and_comes_back(town: Town, browser: Browser) -> None:
    answer = await browser.get("/moderation?queue=review")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?return_to=/moderation")


@pytest.mark.rule("R05", "R30")
async def test_the_terms_are_told_before_the_registration(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town)

    short = await marina.get(f"/messages/{message.id}/registration?topic={town.pothole.id}", headers=HTMX)
    long = await marina.get(f"/messages/{message.id}/registration?topic={town.pavement.id}", headers=HTMX)

    assert "13 марта" in words(short.text)  # eight working days; the ninth of March is a day off
    assert "23 марта" in words(long.text)
    assert town.pavel.name in short.text


@pytest.mark.rule("R05")
async def test_the_cutoff_says_how_much_of_today_is_considered(town: Town, browser: Browser, clock: Clock) -> None:
    first, _ = await stories.submitted(town), await stories.submitted(town)
    await moderating.register(first, by=town.vera, at=MONDAY)
    clock.forward(hours=5, minutes=18)
    await browser.sign_in(town.marina)

    page = words((await browser.get("/moderation")).text)

    assert "1 ч 42 мин" in page
    assert "Рассмотрено 1 из 2 сегодняшних" in page


@pytest.mark.rule("R05")
async def test_after_the_hour_the_page_says_when_the_next_are_registered(
    town: Town, browser: Browser, clock: Clock
) -> None:
    clock.forward(hours=7)
    await browser.sign_in(town.marina)

    page = words((await browser.get("/moderation")).text)

    assert "То, что придёт сейчас, регистрируют 3 марта." in page
    assert "до 17:00" not in page


@pytest.mark.rule("R07", "R28")
async def test_registering_leads_to_the_next_message_and_says_the_number(marina: Browser, town: Town) -> None:
    message, following = await stories.submitted(town), await stories.submitted(town, at=MONDAY + HOUR)
    form = {"topic": town.pavement.id, "executor": town.sergey.id, "publish": "yes", "public_text": "A hole."}

    answer = await marina.post(f"/messages/{message.id}/registration", data={**form, "queue": "new"})
    page = await marina.get(answer.headers["location"])

    after = await read(message)
    assert (after.number, after.topic, after.executor) == ("2026-00001", town.pavement.id, town.sergey.id)
    assert after.public_text == "A hole."
    assert after.text != "A hole."
    assert answer.status_code == 303
    assert f"№ 2026-00001, исполнитель: {town.sergey.name}" in words(page.text)
    assert f'action="/messages/{following.id}/registration"' in page.text


async def test_with_scripts_the_same_answer_comes_as_a_piece(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town)

    answer = await marina.post(
        f"/messages/{message.id}/registration", data={"topic": town.pothole.id}, headers=HTMX, follow_redirects=True
    )

    assert "<html" not in answer.text
    assert 'id="pane"' in answer.text
    assert "2026-00001" in answer.text
    assert answer.headers["hx-push-url"] == "/moderation?queue=new"
    assert (await read(message)).published_at is None


@pytest.mark.rule("R28")
async def test_without_consent_there_is_nothing_to_publish(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town, consent=False)
    form = {"topic": town.pothole.id, "publish": "yes", "public_text": "A hole."}

    page = await marina.get(f"/moderation/{message.id}")
    answer = await marina.post(f"/messages/{message.id}/registration", data=form)

    assert "автор не согласился" in words(page.text)
    assert 'name="publish"' not in page.text
    assert answer.status_code == 422
    assert (await read(message)).number is None


@pytest.mark.rule("R08")
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_a_refusal_without_grounds_comes_back_as_it_was_typed(
    headers: dict[str, str], marina: Browser, town: Town
) -> None:
    message = await stories.submitted(town)

    typed = {"reason": "Names a neighbour.", "proposal": ""}
    answer = await marina.post(f"/messages/{message.id}/refusal", data=typed, headers=headers)

    assert answer.status_code == 422
    assert "Names a neighbour." in answer.text
    assert 'href="#f-grounds"' in answer.text
    assert 'id="f-proposal-error"' in answer.text
    assert "autofocus" in tag(answer.text, 'value="1" data-hint=')
    assert answer.text.count("autofocus") == 1


@pytest.mark.rule("R08")
async def test_a_refusal_proposes_what_its_grounds_propose(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town)
    ground = town.grounds["G03"]

    answer = await marina.post(f"/messages/{message.id}/refusal", data={"grounds": ground.id, "reason": ""})
    form = {"grounds": ground.id, "reason": "Names a neighbour.", "proposal": ground.hint}
    done = await marina.post(f"/messages/{message.id}/refusal", data=form)

    assert answer.status_code == 422
    assert answer.text.count(ground.hint) == 2
    assert "checked" in tag(answer.text, f'name="grounds" value="{ground.id}"')
    assert done.status_code == 303
    assert (await read(message)).status == "refused"


@pytest.mark.rule("R33")
async def test_of_two_moderators_the_second_is_told_and_loses_no_word(
    marina: Browser, vera: Browser, town: Town
) -> None:
    message = await stories.submitted(town)
    await marina.post(f"/messages/{message.id}/registration", data={"topic": town.pothole.id})
    form = {"grounds": town.grounds["G01"].id, "reason": "It swears a lot.", "proposal": "Swear less."}

    plain = await vera.post(f"/messages/{message.id}/refusal", data=form)
    piece = await vera.post(f"/messages/{message.id}/refusal", data=form, headers=HTMX)

    for answer in (plain, piece):
        assert answer.status_code == 409
        assert town.marina.name in answer.text
    assert "It swears a lot." in plain.text
    assert "Swear less." in plain.text
    assert "<html" not in piece.text
    assert "It swears a lot." in piece.text
    assert (await read(message)).status == "registered"


@pytest.mark.rule("R12")
async def test_a_message_handed_back_goes_to_another_executor(marina: Browser, town: Town) -> None:
    message = await stories.registered(town)
    await executing.hand_back(message, by=town.pavel, at=MONDAY + 2 * HOUR, justification="The road is the region's.")

    page = await marina.get("/moderation?queue=handed_back")
    empty = await marina.post(f"/messages/{message.id}/rerouting", data={"executor": ""})
    done = await marina.post(f"/messages/{message.id}/rerouting", data={"executor": town.sergey.id})

    assert "The road is the region's." in words(page.text)
    assert empty.status_code == 422
    assert 'id="f-executor-error"' in empty.text
    assert done.status_code == 303
    assert (await read(message)).executor == town.sergey.id


@pytest.mark.rule("R18", "R20")
async def test_the_reviewer_sees_the_rules_and_names_the_broken_one(marina: Browser, town: Town) -> None:
    loose = Written(outcome="solved", text="Яма будет отремонтирована в ближайшее время.")
    message = await stories.in_review(town, written=loose)

    page = await marina.get("/moderation?queue=review")
    wrong = await marina.post(f"/messages/{message.id}/sending-back", data={"remark": "When?"})
    done = await marina.post(f"/messages/{message.id}/sending-back", data={"R18": "broken", "remark": "When?"})

    assert "«будет отремонтирована в ближайшее время» — обещание без точного срока (п. 4.2)" in words(page.text)
    assert "checked" in tag(page.text, 'name="R18" value="broken"')
    assert wrong.status_code == 422
    assert "When?" in wrong.text
    assert 'id="f-rules-error"' in wrong.text
    assert done.status_code == 303
    answer = await Answer.objects().get(Answer.message == message.id)
    assert answer
    assert (answer.state, answer.rules, answer.remark) == ("sent_back", ["R18"], "When?")


@pytest.mark.rule("R21")
async def test_an_approved_answer_is_out(marina: Browser, town: Town) -> None:
    message = await stories.in_review(town)

    form = {"queue": "review", **await stories.judged(message)}
    done = await marina.post(f"/messages/{message.id}/approval", data=form)
    page = await marina.get(done.headers["location"])

    assert (await read(message)).status == "answered"
    assert "Ответ утверждён" in words(page.text)


@pytest.mark.rule("R27")
async def test_only_a_case_reworked_three_times_can_go_to_the_commission(marina: Browser, town: Town) -> None:
    message = await stories.answered(town)
    before = await marina.get(f"/moderation/{message.id}")
    for nth in range(3):
        await stories.reworked(town, message, at=MONDAY + timedelta(days=nth + 1))

    after = await marina.get("/moderation?queue=reworked")
    wrong = await marina.post(f"/messages/{message.id}/commission", data={"reason": ""})
    done = await marina.post(f"/messages/{message.id}/commission", data={"reason": "Nobody agrees."})

    address = f'action="/messages/{message.id}/commission"'
    assert address not in before.text
    assert address in after.text
    assert wrong.status_code == 422
    assert 'id="f-reason-error"' in wrong.text
    assert done.status_code == 303
    assert (await read(message)).status == "commission"


@pytest.mark.rule("R08")
async def test_what_earlier_sendings_said_is_kept(marina: Browser, town: Town) -> None:
    from domain.submitting import Matter, correct

    message = await stories.submitted(town)
    ground = town.grounds["G03"].id
    await moderating.refuse(message, by=town.vera, at=MONDAY, grounds=[ground], reason="A name.", proposal="Drop it.")
    matter = Matter(text="A hole without names.", topic=town.pothole.id, address="Mira 41", consent=True)
    await correct(message, matter, by=town.anna, at=MONDAY + HOUR)

    page = words((await marina.get(f"/moderation/{message.id}")).text)

    assert "A hole without names." in page
    assert "A deep hole at the bus stop." in page
    assert "Что было в отправке 1" in page


async def test_pages_go_by_key_and_show_each_message_once(marina: Browser, town: Town) -> None:
    sent = [await stories.submitted(town, at=MONDAY + timedelta(minutes=nth)) for nth in range(43)]

    first = await marina.get("/moderation")
    older = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = await marina.get(older)

    rows = [f'id="row-{message.id}"' for message in sent]
    assert [row in first.text for row in rows] == [True] * 40 + [False] * 3
    assert [row in second.text for row in rows] == [False] * 40 + [True] * 3
    assert "43" in tag_of_queue(first.text)


def tag_of_queue(page: str) -> str:
    return words("<a " + page[page.index('id="queue-new"') :])[:20]


@pytest.mark.parametrize("after", ["999999999999_1", "99999999999_1", "0_999999999999999999", "9" * 30, "_"])
async def test_an_odd_place_in_a_queue_is_no_fault_of_ours(after: str, marina: Browser, town: Town) -> None:
    page = await marina.get(f"/moderation?queue=new&after={after}")

    assert page.status_code == 200


async def test_counters_stop_at_a_hundred(marina: Browser, town: Town) -> None:
    for nth in range(101):
        await stories.submitted(town, at=MONDAY + timedelta(seconds=nth))

    assert "99+" in words((await marina.get("/moderation")).text)


async def test_the_rows_alone_are_what_the_page_shows(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town)

    page = await marina.get(f"/moderation/{message.id}?queue=new")
    rows = await marina.get(f"/moderation/rows?queue=new&opened={message.id}", headers=HTMX)

    section = rows.text[: rows.text.index("</section>")].strip()
    assert section in page.text
    assert "hx-push-url" not in rows.headers


async def test_the_open_pane_is_told_what_others_did(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town)
    page = await marina.get(f"/moderation/{message.id}")
    since = page.text.split("/news?since=")[1].split('"')[0]

    quiet = await marina.get(f"/moderation/{message.id}/news?since={since}", headers=HTMX)
    await moderating.register(message, by=town.vera, at=MONDAY + HOUR)
    told = await marina.get(f"/moderation/{message.id}/news?since={since}", headers=HTMX)

    assert "Изменено" not in quiet.text
    assert 'hx-target="#case-clock"' in quiet.text, "its clock goes on"
    assert f"Изменено: Зарегистрировано – {town.vera.name}, 2 марта, 11:00" in words(told.text)


@pytest.mark.parametrize("queue", ["new", "handed_back", "review", "reworked", "commission", "at_work", "refused"])
async def test_no_page_of_the_desk_asks_more_than_twelve_times(
    queue: str, marina: Browser, town: Town, clock: Clock
) -> None:
    for story in (stories.submitted, stories.registered, stories.in_review, stories.answered):
        await story(town)
    clock.forward(minutes=5)  # the session notes when it was last seen

    with counted() as asked:
        page = await marina.get(f"/moderation?queue={queue}&done=2")

    assert page.status_code == 200
    assert 5 < len(asked) <= QUERIES_AT_MOST, "\n".join(asked)


async def test_a_long_queue_is_walked_along_its_terms_and_not_sorted(marina: Browser, town: Town) -> None:
    for nth in range(60):
        await stories.submitted(town, at=MONDAY + timedelta(minutes=nth))
    await DB.pool.execute("ANALYZE")

    with counted() as asked:
        await marina.get("/moderation")
    (page,) = [query for query in asked if "FROM term t CROSS JOIN LATERAL" in query]
    async with DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")
        plan = await connection.fetch(f"EXPLAIN {page}", SINCE_EVER, 0)

    below = "\n".join(row[0] for row in plan).split("Limit", 1)[1]
    assert "Index Scan using term_open" in below
    assert "Sort Key: t.runs_out_at" not in below
