"""Photos that do not show what they are said to show are pointed out to officials, and never refused (R16, R17)."""

import json
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, approve, in_work, registered, submitted, the_answer, told

from domain import answering, attaching, evidence, moderating
from domain.answering import Written
from domain.database import DB
from domain.errors import Stale
from domain.evidence import Evidence
from domain.lookalikes import FOUND, SAME_WITHIN, lookalikes, turned
from domain.model import Attachment, Message, Person

pytestmark = [pytest.mark.rule("R16", "R17"), pytest.mark.usefixtures("database")]
CHANCE = Random(16)
PLACE = (50.0711, 43.2402)


def a_print() -> str:
    return f"{CHANCE.getrandbits(128):032x}"


def spoilt(print: str, bits: int, chance: Random = CHANCE) -> str:
    value = int(print, 16)
    for bit in chance.sample(range(128), bits):
        value ^= 1 << bit
    return f"{value:032x}"


async def photo(*, at: datetime = MONDAY + 3 * HOUR, content: str = "", **traces: Any) -> Attachment:
    """One that has been looked at; `print` and what the file says of itself as they are given."""
    file = await attaching.receive(
        id=uuid4(), key=uuid4(), name="a.jpg", content_hash=content or uuid4().hex, kind="jpeg", size=9, by=None, at=at
    )
    print = traces.pop("print", None)
    values: dict[Any, Any] = {"state": "ready", "sizes": "{}", "print": print, "traces": json.dumps(traces)}
    await Attachment.update(values).where(Attachment.id == file.id)
    return file


async def asked_with(file: Attachment, message: Message) -> None:
    await Attachment.update({Attachment.message: message.id}).where(Attachment.id == file.id)


async def answered_with(file: Attachment, town: Town, message: Message | None = None) -> Message:
    """Pavel's answer with this photo waits for review."""
    message = message or await in_work(town)
    values: dict[Any, Any] = {Message.latitude: PLACE[0], Message.longitude: PLACE[1]}
    await Message.update(values).where(Message.id == message.id)
    message.latitude, message.longitude = PLACE
    written = Written(outcome="solved", text="The hole was filled on 2 March.", key=file.key, files=[file.id])
    await answering.draft(message, written, by=town.pavel, at=MONDAY + 4 * HOUR)
    await answering.send_for_review(message, by=town.pavel, at=MONDAY + 4 * HOUR)
    return message


async def seen(message: Message, by: Person) -> Evidence:
    answer = await the_answer(message)
    (found,) = await evidence.evidence(message, answer.id, by=by, metres=300)
    return found


def kinds(found: Evidence) -> list[str]:
    return [each.kind for each in found.warned]


async def test_a_photo_that_shows_what_was_done_gives_no_reason_to_look(town: Town) -> None:
    file = await photo(
        print=a_print(), taken_at="2026-03-02T12:30:00", camera="Phone", latitude=50.0712, longitude=43.2403
    )

    found = await seen(await answered_with(file, town), town.vera)

    assert (kinds(found), found.camera, found.metres) == ([], "Phone", 13)
    assert found.taken_at == datetime.fromisoformat("2026-03-02T12:30:00+03:00")


@pytest.mark.parametrize(
    ("traces", "kind"),
    [
        ({"taken_at": "2026-03-02T09:40:00"}, "early"),
        ({"taken_at": "2026-03-02T09:40:00+05:00"}, "early"),
        ({"taken_at": "2026-03-02T13:20:00"}, "future"),
        ({"latitude": 50.0811, "longitude": 43.2402}, "far"),
        ({"latitude": 50.0811, "longitude": 43.2402, "within": 200}, "far"),
        ({"editors": ["GIMP 2.10"]}, "edited"),
        ({"generated": True}, "generated"),
    ],
)
async def test_each_doubt_is_told_and_the_answer_goes_out_all_the_same(
    traces: dict[str, Any], kind: str, town: Town
) -> None:
    message = await answered_with(await photo(**traces), town)
    found = await seen(message, town.vera)

    await approve(town, message, at=MONDAY + 5 * HOUR)

    assert kinds(found) == [kind]
    assert message.status == "answered"
    assert (await told(message, "answer:approved")).data["warned"] == [{"name": "a.jpg", "kinds": [kind]}]


@pytest.mark.parametrize(
    "traces",
    [
        {},
        {"taken_at": "2026-03-02T09:55:00"},  # clocks differ by some minutes
        {"taken_at": "2026-03-02T13:05:00"},
        {"taken_at": "2026-02-31T10:00:00"},
        {"taken_at": "9999-12-31T23:59:59-12:00"},  # no hour of the town
        {"taken_at": "0001-01-01T00:00:00+14:00"},
        {"latitude": 50.0811, "longitude": 43.2402, "within": 900},
        {"latitude": 50.0725, "longitude": 43.2402},
    ],
)
async def test_what_clocks_and_phones_err_by_is_no_doubt_nor_is_silence(traces: dict[str, Any], town: Town) -> None:
    message = await answered_with(await photo(**traces), town)

    found = await seen(message, town.vera)
    await approve(town, message, at=MONDAY + 5 * HOUR)

    assert kinds(found) == []
    assert "warned" not in (await told(message, "answer:approved")).data


async def test_the_picture_of_the_question_is_known_again_in_the_answer(town: Town) -> None:
    print, message = a_print(), await in_work(town)
    await asked_with(await photo(print=print), message)
    await answered_with(await photo(print=spoilt(print, SAME_WITHIN)), town, message)

    (warned,) = (await seen(message, town.pavel)).warned

    assert (warned.kind, warned.alike and warned.alike.distance) == ("question", SAME_WITHIN)
    assert warned.sentence.msgid.startswith("Nearly the same")


async def test_the_very_same_file_is_known_even_if_it_is_too_plain_for_a_print(town: Town) -> None:
    message = await in_work(town)
    await asked_with(await photo(content="grey"), message)
    await answered_with(await photo(content="grey"), town, message)

    (warned,) = (await seen(message, town.vera)).warned

    assert (warned.kind, warned.sentence.msgid) == ("question", evidence.SAME["question"])


async def test_pictures_that_differ_by_one_bit_more_are_two_pictures(town: Town) -> None:
    print, message = a_print(), await in_work(town)
    await asked_with(await photo(print=print), message)
    await answered_with(await photo(print=spoilt(print, SAME_WITHIN + 1)), town, message)

    assert kinds(await seen(message, town.vera)) == []


async def test_the_reviewer_is_told_of_another_case_and_an_executor_only_of_their_own(town: Town) -> None:
    print, other = a_print(), await registered(town)
    await asked_with(await photo(print=print), other)
    message = await answered_with(await photo(print=turned(print)[3]), town)

    (warned,) = (await seen(message, town.vera)).warned
    theirs = await seen(message, town.pavel)
    await Message.update({Message.executor: town.sergey.id}).where(Message.id == other.id)

    assert (warned.kind, warned.sentence.values["number"]) == ("case", other.number)
    assert kinds(theirs) == ["case"]
    assert kinds(await seen(message, town.pavel)) == []


async def test_what_somebody_only_prepares_is_nobodys_evidence(town: Town) -> None:
    print, other = a_print(), await in_work(town)
    prepared = await photo(print=print)
    written = Written(outcome="solved", text="Half.", key=prepared.key, files=[prepared.id])
    await answering.draft(other, written, by=town.pavel, at=MONDAY + 3 * HOUR)

    message = await answered_with(await photo(print=print), town)

    assert kinds(await seen(message, town.vera)) == []


async def test_an_answer_written_anew_is_judged_by_its_own_photos(town: Town) -> None:
    message = await answered_with(await photo(editors=["GIMP"]), town)
    review = moderating.Review((await the_answer(message)).version, moderating.ANSWER_RULES)
    await moderating.send_back(message, by=town.vera, at=MONDAY + 5 * HOUR, rules=["R17"], remark="Not this one.")
    first = (await Attachment.objects().where(Attachment.answer.is_not_null()).first()).id
    file = await photo()
    written = Written(outcome="solved", text="Filled.", key=file.key, files=[file.id], dropped=[first])
    await answering.draft(message, written, by=town.pavel, at=MONDAY + 6 * HOUR)
    await answering.send_for_review(message, by=town.pavel, at=MONDAY + 6 * HOUR)

    with pytest.raises(Stale):
        await moderating.approve(message, review, by=town.vera, at=MONDAY + 7 * HOUR)
    await approve(town, message, at=MONDAY + 7 * HOUR)

    assert "warned" not in (await told(message, "answer:approved")).data


async def test_the_index_misses_nothing_that_is_near_enough(town: Town) -> None:
    chance, nobody, message = Random(11), UUID(int=0), await submitted(town)
    prints = [f"{chance.getrandbits(128):032x}" for _ in range(40)]
    await filled(message, prints)

    found = [await lookalikes({nobody: spoilt(print, SAME_WITHIN, chance)}) for print in prints]

    assert [len(each) for each in found] == [1] * len(prints)
    assert {each[0].distance for each in found} == {SAME_WITHIN}


async def filled(message: Message, prints: list[str]) -> None:
    """So many pictures of one message, all at once."""
    assert DB.pool is not None
    await DB.pool.executemany(
        "INSERT INTO attachment (id, key, message, name, content_hash, kind, size, state, print, received_at) "
        "VALUES (gen_random_uuid(), gen_random_uuid(), $1, 'a.jpg', $2, 'jpeg', 9, 'ready', $2, $3)",
        [(message.id, print, MONDAY) for print in prints],
    )


async def crowded(message: Message, count: int) -> None:
    """Pictures that resemble nothing, by one statement."""
    assert DB.pool is not None
    await DB.pool.execute(
        "INSERT INTO attachment (id, key, message, name, content_hash, kind, size, state, print, received_at) "
        "SELECT gen_random_uuid(), gen_random_uuid(), $1, 'a.jpg', md5(n::text), 'jpeg', 9, 'ready', md5(n::text), $2 "
        "FROM generate_series(1, $3::int) n",
        *(message.id, MONDAY, count),
    )


async def test_looking_for_a_picture_reads_an_index_and_never_the_whole_table(town: Town) -> None:
    await crowded(await submitted(town), 3000)
    turns = turned(a_print())
    statement = FOUND.format(*(f"${n}" for n in range(1, 6)))
    assert DB.pool is not None
    await DB.pool.execute("ANALYZE attachment")

    plan = await DB.pool.fetchval(
        f"EXPLAIN (FORMAT JSON) {statement}", [UUID(int=0)] * 8, turns, SAME_WITHIN, [UUID(int=0)], None
    )

    assert '"attachment_print_bands"' in plan
    assert "attachment" not in seq_scanned(plan)


def seq_scanned(plan: str) -> set[str]:
    """The tables that this plan reads from end to end."""

    def of(node: dict[str, Any]) -> set[str]:
        here = {node["Relation Name"]} if node["Node Type"] == "Seq Scan" else set()
        return here.union(*(of(each) for each in node.get("Plans", [])))

    return of(json.loads(plan)[0]["Plan"])
