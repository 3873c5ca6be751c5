"""The protocol of a sitting: a tagged PDF that is written once and kept as it is (§4.4, R27)."""

import asyncio
import hashlib
import os
import re
import zlib
from datetime import timedelta

import pytest
from tests.people import MONDAY, Town
from tests.stories import decided, in_commission, proposed, sitting_on, votes
from tests.workers.conftest import all_delivered, deliveries

from domain import convening, resolving
from domain.model import Attachment, Event, Person, Sitting
from workers import protocol, storage
from workers.spoken_of import spoken_of

pytestmark = [pytest.mark.usefixtures("database", "storage_url"), pytest.mark.rule("R27")]
NEXT_MONDAY = MONDAY + timedelta(days=7)


async def closed(town: Town, *, effect: str = "instruct") -> Sitting:
    sitting = await decided(town, await in_commission(town), at=NEXT_MONDAY, effect=effect)
    await convening.close(sitting, by=town.lidia, at=NEXT_MONDAY)
    return sitting


async def written(sitting: Sitting) -> bytes:
    await all_delivered("protocol")
    found = await Sitting.objects().get(Sitting.id == sitting.id)
    assert found is not None
    return await storage.read(found.protocol)


def streams(pdf: bytes) -> bytes:
    """Every object of the file, unpacked where it was packed."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompress(each) for each in packed if each[:1] == b"\x78")


async def test_the_protocol_is_a_tagged_pdf_with_title_and_language(town: Town) -> None:
    pdf = await written(await closed(town))

    assert pdf.startswith(b"%PDF-")
    inside = streams(pdf)
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/Marked true", b"/Lang(ru)", b"pdfuaid:part", b"/TH", b"/H1"):
        assert mark in inside, mark
    assert "Протокол № 1".encode("utf-16-be").hex().upper().encode() in inside


async def test_the_facts_of_the_protocol_are_those_of_the_sitting(town: Town) -> None:
    message = await in_commission(town)
    sitting = await sitting_on(town, message, at=NEXT_MONDAY)
    first = await proposed(town, sitting, at=NEXT_MONDAY, effect="close")
    await resolving.vote(
        sitting, first.id, await votes(sitting, "for", "against", "abstained"), by=town.lidia, at=NEXT_MONDAY
    )
    second = await proposed(town, sitting, at=NEXT_MONDAY, effect="instruct")
    await resolving.vote(sitting, second.id, await votes(sitting), by=town.lidia, at=NEXT_MONDAY)
    await convening.close(sitting, by=town.lidia, at=NEXT_MONDAY)

    facts = await protocol.facts_of(sitting.id, protocol.Closing(members=4, quorum=True))

    assert (facts["title"], facts["held_on"]) == ("Протокол № 1 заседания комиссии", "9 марта 2026")
    assert facts["quorum"] == "Присутствуют 3 из 4. Кворум есть."
    (case,) = facts["cases"]
    assert case["label"] == f"Сообщение № {message.number}"
    assert [each["result"] for each in case["proposals"]] == ["Не принято", "Принято"]
    assert sorted(each["choice"] for each in case["proposals"][0]["votes"]) == ["воздержался", "за", "против"]
    assert case["proposals"][1]["instruction"] == f"Исполнитель: {town.sergey.name}, срок – 30 марта 2026."
    assert case["decision"] == "Новое поручение исполнителю"
    assert town.anna.name not in str(facts)


async def test_a_sitting_without_a_quorum_has_its_protocol_as_well(town: Town) -> None:
    sitting = await sitting_on(town, await in_commission(town), at=NEXT_MONDAY, present="")
    await convening.close(sitting, by=town.lidia, at=NEXT_MONDAY)

    assert (await written(sitting)).startswith(b"%PDF-")
    data = await Event.select(Event.data).where(Event.kind == "commission:closed").output(load_json=True).first() or {}
    assert (data["data"]["quorum"], data["data"]["members"]) == (False, 4)


async def test_what_people_have_typed_is_text_and_not_markup(town: Town) -> None:
    evil = '#read("/etc/passwd") #panic() *] $x$ ```'
    await Person.update({Person.name: evil}).where(Person.id == town.yulia.id)

    pdf = await written(await closed(town))

    assert pdf.startswith(b"%PDF-")
    assert [row["error"] for row in await deliveries("protocol")] == [None]


async def test_it_is_written_once_and_the_same_bytes_however_often(town: Town) -> None:
    sitting = await closed(town)
    event = await told_closing()

    await asyncio.gather(*(protocol.write_protocol(event) for _ in range(3)))
    first = await written(sitting)
    await Sitting.update({Sitting.protocol: None}).where(Sitting.id == sitting.id)
    await protocol.write_protocol(event)

    assert await written(sitting) == first
    kept = [name for _, _, names in os.walk(os.environ["STORAGE_URL"].removeprefix("file://")) for name in names]
    assert kept == [hashlib.sha256(first).hexdigest()]


async def told_closing() -> Event:
    found = await Event.objects().where(Event.kind == "commission:closed").first()
    assert found is not None
    return found


async def test_renaming_somebody_later_changes_no_protocol(town: Town) -> None:
    sitting = await closed(town)
    before = await written(sitting)
    await Person.update({Person.name: "Somebody Else"}).where(Person.id == town.yulia.id)

    await protocol.write_protocol(await told_closing())

    assert await written(sitting) == before


async def test_the_sweep_of_orphans_spares_a_protocol(town: Town) -> None:
    pdf = await written(await closed(town))
    digest = hashlib.sha256(pdf).hexdigest()

    assert await spoken_of({digest}) == {digest}
    assert await Attachment.count() == 0
