"""The search of the staff: every filter is a link, and what somebody may not see is neither found nor counted."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser
from tests.portal.desks import QUERIES_AT_MOST, counted, words

from domain import moderating, streets, submitting, viewing
from domain.database import DB
from domain.errors import Unfit
from domain.model import Absence, Message, Person, SavedView
from domain.rulebook import rulebook
from domain.submitting import Matter
from portal.desk import finding, searching
from portal.desk.asking import Asked
from portal.desk.control_filters import Span
from portal.desk.search_filters import Filters
from portal.door import Door

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Nothing but rows: what a search reads of a message, as many times as are needed.
COPIES = """
INSERT INTO message (key, author, topic, executor, status, text, address, consent, sent_at)
SELECT gen_random_uuid(), author, topic, executor, status, text, address, consent, sent_at FROM message,
generate_series(1, {}) WHERE id = {}
"""


async def sent(
    town: Town, text: str, address: str = "ул. Мира, д. 41", *, by: Person | None = None, **said: Any
) -> int:
    matter = Matter(text=text, topic=said.pop("topic", town.pothole.id), address=address, consent=False)
    message = await submitting.submit(matter, key=uuid4(), by=by or town.anna, at=said.pop("at", MONDAY))
    return int(message.id)


async def found(
    person: Person, *, at: Any = MONDAY, after: str = "", status: tuple[str, ...] = (), **query: str
) -> list[int]:
    pairs = [*query.items(), *(("status", each) for each in status), ("after", after)]
    asked = Asked(person, at, "ru", await rulebook())
    return [row.id for row in (await searching.results(asked, Filters.asked(pairs, person))).rows]


async def test_words_are_found_in_every_form_and_with_either_e(town: Town) -> None:
    tree = await sent(town, "Упала ёлка.Дорогу перегородила, проехать нельзя.")
    lamp = await sent(town, "Фонари не горят у школы")

    finds = {q: await found(town.marina, q=q) for q in ("елки", "Ёлкой", "дорога", "фонарь школа", "фонарь -школа")}

    assert finds == {"елки": [tree], "Ёлкой": [tree], "дорога": [tree], "фонарь школа": [lamp], "фонарь -школа": []}
    assert await found(town.marina, q="и") == []  # a word that is in every text is no question
    assert await found(town.marina) == [lamp, tree]


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [("Мира 41", True), ("ул мира, 41", True), ("улица Мира", True), ("мира 4", False), ("Мира 141", False)],
)
async def test_an_address_is_found_however_it_is_written(town: Town, asked: str, is_found: bool) -> None:
    here = await sent(town, "Яма", "г. Михайловка, ул.Мира,д.41")
    await sent(town, "Яма", "ул. Мирная, 41")

    assert await found(town.marina, address=asked) == ([here] if is_found else [])


FLATS = (
    "ул. Мира, д. 41, кв. 12",
    "Мира 41 кв.12",
    "Мира 41, квартира № 12",
    "Мира 41, кв 12а",
    "Мира 41, комн. 12",
    "Мира 41, квартиры 12, 14 и 15",
    "Мира 41, 12-я квартира",
    "Мира 41, КВ12",
)


@pytest.mark.rule("R10")
async def test_nobody_finds_out_a_flat_that_they_are_not_shown(town: Town) -> None:
    here = await sent(town, "Яма", FLATS[0])

    for query in ("Мира 41 12", "Мира 41 кв. 12", "Мира 41 кв. 13"):
        by_flat = "кв." not in query
        assert await found(town.vera, address=query) == ([] if by_flat else [here])
        assert await found(town.vera, q=query.replace(" кв.", "")) == []
    for address in FLATS:
        (row,) = await Message.raw("SELECT search_place({}) AS whole, search_place({}) AS shown", address, "Мира 41")
        assert (address, row["whole"].split()) == (address, row["shown"].split())


async def test_the_search_leaves_out_every_kind_of_street_that_followers_know(database: None) -> None:
    spellings = sorted({*streets.KINDS, *streets.KINDS.values()} - {"набережная", "наб"})  # many a street's own name

    places = {each: await Message.raw("SELECT search_place({}) AS place", f"{each}. Мира, 5") for each in spellings}

    assert {
        each: row["place"].split() for each, (row,) in places.items() if row["place"].split() != ["мира", "5"]
    } == {}


async def test_a_house_with_a_letter_is_the_same_with_and_without_a_space(town: Town) -> None:
    here = await sent(town, "Яма", "Садовая, д. 14 А")

    assert await found(town.marina, address="садовая 14а") == [here]
    assert await found(town.marina, address="садовая 14") == []


async def test_what_an_author_has_corrected_is_found_by_its_new_words_only(town: Town) -> None:
    id = await sent(town, "Сломаны качели")
    message: Any = await Message.objects().get(Message.id == id)
    refusal = {"grounds": [town.grounds["G01"].id], "reason": "No.", "proposal": "Say more."}
    await moderating.refuse(message, by=town.marina, at=MONDAY + HOUR, **refusal)  # type: ignore[arg-type]

    corrected = Matter(text="Сломана горка", topic=town.pothole.id, address="ул. Лесная, 3", consent=False)
    await submitting.correct(message, corrected, by=town.anna, at=MONDAY + 9 * DAY)

    assert await found(town.marina, q="горка", address="Лесная") == [id]
    assert await found(town.marina, q="качели") == await found(town.marina, address="Мира") == []
    assert await found(town.marina, since="2026-03-02", until="2026-03-02") == [id]  # by the day on which it first came


async def test_a_number_is_found_whole_and_by_its_beginning(town: Town) -> None:
    first, second = await stories.registered(town), await stories.registered(town, at=MONDAY + HOUR)

    assert await found(town.marina, q=f"№ {first.number}") == [first.id]
    assert await found(town.marina, q="2026-0000") == [second.id, first.id]
    assert await found(town.marina, q="2026-9") == []


async def test_filters_narrow_one_another(town: Town) -> None:
    late = await stories.in_work(town, at=MONDAY - 30 * DAY)
    running = await stories.registered(town)
    new = await sent(town, "Фонарь не горит", topic=town.pavement.id, at=MONDAY + HOUR)
    asked = {
        "late": await found(town.marina, term="late"),
        "late here": await found(town.marina, term="late", organisation=str(town.pavel.organisation), q="hole"),
        "late there": await found(town.marina, term="late", organisation=str(town.sergey.organisation)),
        "today": await found(town.marina, term="today"),
        "topic": await found(town.marina, topic=str(town.pavement.id)),
        "department": await found(town.marina, organisation=str(town.pavel.organisation)),
        "statuses": await found(town.marina, status=("in_work", "submitted")),
        "status and topic": await found(town.marina, status=("in_work",), topic=str(town.pavement.id)),
        "days": await found(town.marina, since="2026-01-01", until="2026-03-01"),
        "since": await found(town.marina, since="2026-03-02", q="hole"),
        "author": await found(town.marina, author=town.anna.name, term="late"),
    }

    assert asked == {
        "late": [late.id], "late here": [late.id], "late there": [], "today": [new], "topic": [new],
        "department": [running.id, late.id], "statuses": [new, late.id], "status and topic": [],
        "days": [late.id], "since": [running.id], "author": [late.id],
    }  # fmt: skip


async def test_pages_go_on_by_key_while_rows_come_in(town: Town) -> None:
    first = await sent(town, "Яма у дома")
    await Message.raw(COPIES, 49, first)
    page = await found(town.marina, q="яма")

    await Message.raw(COPIES, 7, first)
    following = await found(town.marina, q="яма", after=str(page[-1]))

    assert len(page) == 40
    assert following == list(range(page[-1] - 1, first - 1, -1))


async def test_a_search_that_sifts_much_says_that_it_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    here = await sent(town, "Яма у дома", topic=town.pavement.id)
    other = await sent(town, "Яма у дома")
    await Message.raw(COPIES, 30, other)
    for module in (finding, searching):
        monkeypatch.setattr(module, "CANDIDATES", 10)

    asked = Asked(town.marina, MONDAY, "ru", await rulebook())
    filters, turns = Filters(q="яма", topic=str(town.pavement.id)), 0
    result = await searching.results(asked, filters)
    while not result.rows and result.further:
        filters, turns = replace(filters, after=result.further.rpartition("=")[2]), turns + 1
        result = await searching.results(asked, filters)

    assert ([row.id for row in result.rows], turns, result.further) == ([here], 3, None)


@pytest.mark.rule("R10")
async def test_only_who_sees_authors_finds_by_them(town: Town, portal: Door) -> None:
    message = await stories.in_work(town)
    name = town.boris.name

    assert await found(town.marina, author=name) == []
    # Nobody finds out letter by letter who has written: a name is known as a whole, or an address of e-mail.
    whole = [await found(town.marina, author=each) for each in ("соколова анна", "Anna@mail.example")]
    begun = [await found(town.marina, author=each) for each in ("Анна", "Соколова", "Сок Ан", "anna@mail")]
    assert (whole, begun) == ([[message.id]] * 2, [[]] * 4)
    for person in (town.pavel, town.elena, town.konstantin, town.yulia):
        browser = await Browser(portal).sign_in(person)
        page = await browser.get(f"/search?author={name}")
        assert str(message.id) in re.findall(r'id="found[-_](\d+)"', page.text)  # as if nothing had been asked
        assert 'name="author"' not in page.text
        assert name.split()[0] not in page.text
        assert town.anna.name not in page.text


@pytest.mark.rule("R10")
async def test_an_executor_finds_and_counts_nothing_of_others(town: Town, browser: Browser) -> None:
    mine, new = await stories.in_work(town), await sent(town, "A hole nobody has seen yet")
    part = await stories.shared(town, at=MONDAY + HOUR)
    await browser.sign_in(town.sergey)

    finds = [await found(town.sergey, q="hole"), await found(town.sergey, q=mine.number), await found(town.sergey)]
    await browser.post("/search/views", data={"name": "Holes", "query": "q=hole"})
    page = await browser.get("/search?q=hole")

    assert finds == [[part.message], [], [part.message]]
    assert re.findall(r'id="found[-_](\d+)"', page.text) == [str(part.message)]
    assert "Holes 1 " in words(page.text)
    assert new not in await found(town.pavel)


async def test_a_deputy_finds_the_cases_of_the_absent_and_keeps_their_own_views(town: Town) -> None:
    case = await stories.in_work(town)
    await Absence.insert(
        Absence(person=town.pavel.id, first_day=date(2026, 3, 2), last_day=date(2026, 3, 9), deputy=town.sergey.id)
    )
    await viewing.save("Pavel's", "q=hole", by=town.pavel)
    town.sergey.stands_in_for = (town.pavel.id,)

    assert await found(town.sergey, q="hole") == [case.id]
    assert await viewing.views_of(town.sergey) == []


async def test_views_are_named_once_and_are_not_endless(town: Town) -> None:
    for number in range(viewing.VIEWS_AT_MOST):
        await viewing.save(f"View {number}", "q=hole", by=town.marina)
    await viewing.save("View 3", "term=late", by=town.marina)

    with pytest.raises(Unfit):
        await viewing.save("One more", "q=hole", by=town.marina)
    await viewing.remove((await viewing.views_of(town.marina))[0].id, by=town.vera)  # not hers

    kept = {view.name: view.query for view in await viewing.views_of(town.marina)}
    assert (len(kept), kept["View 3"]) == (viewing.VIEWS_AT_MOST, "term=late")


@pytest.mark.parametrize(("name", "query"), [("", "q=hole"), ("x" * 61, "q=hole"), ("All", "")])
async def test_a_view_has_a_name_and_a_filter(town: Town, name: str, query: str) -> None:
    with pytest.raises(Unfit):
        await viewing.save(name, query, by=town.marina)

    assert await SavedView.count() == 0


async def test_the_page_is_a_link_with_chips_and_counted_views(town: Town, browser: Browser) -> None:
    await stories.in_work(town, at=MONDAY - 30 * DAY)
    first = await sent(town, "Яма у дома")
    await Message.raw(COPIES, 520, first)
    await browser.sign_in(town.marina)
    address = "/search?q=яма&topic=&status=submitted"
    for name, query in (("Ямы", "q=яма"), ("Late", "term=late")):
        await browser.post("/search/views", data={"name": name, "query": query})

    with counted() as asked:
        page = await browser.get(address)
    piece = await browser.get(address, headers=HTMX)
    unnamed = await browser.post("/search/views", data={"name": " ", "query": "term=late&status=in_work"})

    assert len(asked) <= QUERIES_AT_MOST
    assert "Late 1 " in words(page.text)
    assert "Ямы 500+" in words(page.text)
    assert 'href="/search?status=submitted"' in page.text  # the chip of the word, that takes it away
    assert piece.headers["hx-push-url"] == "/search?q=%D1%8F%D0%BC%D0%B0&status=submitted"
    assert "<html" not in piece.text
    days = await browser.get("/search?since=2026-03-02&until=2026-03-05")
    assert ("с 2 марта 2026" in words(days.text), "до 5 марта 2026" in words(days.text)) == (True, True)
    assert unnamed.status_code == 422
    assert (await browser.get("/search?since=0001-01-01&topic=x&after=-1&status=nothing&term=never")).status_code == 200


async def test_whoever_is_no_official_finds_no_search(town: Town, browser: Browser) -> None:
    assert (await browser.get("/search")).status_code == 303
    await browser.sign_in(town.anna)

    for address in ("/search", "/search/views", "/batches/new"):
        assert (await browser.get(address)).status_code == 404
    assert (await browser.post("/search/views", data={"name": "A", "query": "q=b"})).status_code == 404


async def test_every_word_of_a_new_message_is_found_in_the_very_transaction(town: Town) -> None:
    async with DB.transaction():
        id = await sent(town, "Прорвало трубу")
        assert await found(town.marina, q="труба") == [id]


# Every text of up to three of these words, at either side of the borders of three slices.
VOCABULARY = ("яма", "фонарь", "и")
SAID = [" ".join(said) for many in (1, 2, 3) for said in product(VOCABULARY, repeat=many)]
IDS = [slice * finding.SLICE + beside for slice in (1, 2, 3) for beside in range(-7, 6)]
SPREAD = """
INSERT INTO message (id, key, author, topic, status, text, address, consent, sent_at)
SELECT said.id, gen_random_uuid(), author, topic, status, said.text, said.address, consent, sent_at
FROM unnest({}::bigint[], {}::text[], {}::text[]) said (id, text, address), message WHERE message.id = {}
"""
PLAINLY = """
SELECT message FROM message_words WHERE ({} = '' OR words @@ websearch_to_tsquery('russian', {}))
AND ({} = '' OR place @@ plainto_tsquery('russian', search_place({}))) ORDER BY message DESC LIMIT {}
"""
word = st.sampled_from((*VOCABULARY, "качели", "ямы"))
phrase = st.lists(word, min_size=2, max_size=3).map(lambda said: f'"{" ".join(said)}"')
piece = st.tuples(st.sampled_from(("", "", "-", "or ", "or -")), word | phrase).map("".join)
questions = st.lists(piece, max_size=4).map(" ".join)
places = st.sampled_from(("", "ул. Мира", "Лесная", "Мира Лесная", "ул."))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=questions, address=places, most=st.integers(1, 45))
async def test_slice_by_slice_is_found_what_is_found_at_once(town: Town, q: str, address: str, most: int) -> None:
    if not await Message.exists():
        first = await sent(town, "Дерево", "Садовая")
        said = [SAID[turn * 5 % len(SAID)] for turn in range(len(IDS))]
        await Message.raw(SPREAD, IDS, said, ["Мира" if id % 2 else "Лесная" for id in IDS], first)
    search = finding.Search(Filters(q=q, address=address), town.marina, Span(MONDAY, MONDAY, MONDAY))

    async with DB.transaction():
        for way in ("seqscan", "indexscan"):  # so few messages would not be worth an index of words
            await DB.run_ddl(f"SET LOCAL enable_{way} = off")
        rows = await search.found(most)
    plainly = await Message.raw(PLAINLY, q, q, address, address, most)

    assert [row.id for row in rows] == [row["message"] for row in plainly]


@pytest.mark.parametrize(
    ("column", "query"),
    [("words", {"q": "яма"}), ("place", {"address": "Мира"}), ("words", {"q": "-яма", "address": "Мира"})],
)
async def test_the_index_is_led_by_the_slice(town: Town, column: str, query: dict[str, Any]) -> None:
    candidates = finding.Search(Filters(**query), town.marina, Span(MONDAY, MONDAY, MONDAY)).candidates(10)

    async with DB.transaction():
        await DB.run_ddl("SET LOCAL enable_seqscan = off")
        await DB.run_ddl("SET LOCAL enable_indexscan = off")
        plan = await Message.raw(f"EXPLAIN {candidates.sql}", *candidates.values)

    (led,) = [row["QUERY PLAN"] for row in plan if "Index Cond" in row["QUERY PLAN"] and "@@" in row["QUERY PLAN"]]
    assert led.strip().startswith(f"Index Cond: (({column} @@ ((('''#'")
