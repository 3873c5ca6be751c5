"""Standard phrases of the answers: whose they are, who keeps them, and what may stand in their braces."""

import asyncio

import pytest
from tests.people import Town

from domain import phrases
from domain.errors import NotAllowed, Stale, Unfit
from domain.model import Person, Phrase
from domain.phrases import Said, keep, phrases_of

pytestmark = pytest.mark.usefixtures("database")


async def roman() -> Person:
    found = await Person.objects().get(Person.esia_oid == "demo-roman")
    assert found
    return found


async def names(person: Person) -> list[str]:
    return [each.name for each in await phrases_of(person)]


async def test_each_sees_their_own_phrases_and_those_of_their_department(town: Town) -> None:
    """Sergey heads the department that Roman works in; Pavel belongs to another."""
    helper = await roman()

    await keep(Said("Light", "The lamp is lit."), by=helper)
    await keep(Said("Water", "The pipe is cut."), by=town.sergey)
    await keep(Said("House", "The house is in the plan.", shared=True), by=town.sergey)

    assert await names(helper) == ["House", "Light"]
    assert await names(town.sergey) == ["House", "Water"]
    assert await names(town.pavel) == []


async def test_the_phrases_of_the_department_are_changed_by_its_head_alone(town: Town) -> None:
    helper = await roman()
    await keep(Said("House", "Planned.", shared=True), by=town.sergey)
    (shared,) = await phrases_of(helper)

    with pytest.raises(NotAllowed):
        await keep(Said("Mine", "Words.", shared=True), by=helper)
    for person in (helper, town.pavel):
        with pytest.raises(NotAllowed):
            await keep(Said("House", "Mine now."), by=person, id=shared.id, version=1)
        await phrases.remove(shared.id, by=person)
    await keep(Said("House", "Built.", shared=True), by=town.sergey, id=shared.id, version=1)

    assert [(each.name, each.words) for each in await phrases_of(helper)] == [("House", "Built.")]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (Said(" ", "Words."), "name"),
        (Said("x" * 61, "Words."), "name"),
        (Said("Name", " "), "words"),
        (Said("Name", "x" * 2001), "words"),
        (Said("Name", "For {номер} of {nobody}."), "words"),
        (Said("Name", "Words.", topic=0), "topic"),
        (Said("Water", "Another."), "name"),
    ],
)
async def test_what_does_not_fit_is_named(town: Town, said: Said, wrong: str) -> None:
    await keep(Said("Water", "The pipe is cut."), by=town.sergey)

    with pytest.raises(Unfit) as unfit:
        await keep(said, by=town.sergey)

    assert list(unfit.value.errors) == [wrong]
    assert await Phrase.count() == 1


@pytest.mark.rule("R10")
async def test_a_phrase_never_speaks_of_the_author(town: Town) -> None:
    with pytest.raises(Unfit):
        await keep(Said("Greeting", "{обращение} The hole is filled."), by=town.pavel)


async def test_two_windows_at_once_keep_no_more_than_fit_the_menu(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "PHRASES_AT_MOST", 1)

    outcomes = await asyncio.gather(
        *(keep(Said(name, "Words."), by=town.pavel) for name in ("One", "Two")), return_exceptions=True
    )

    assert await Phrase.count() == 1
    assert [type(each) for each in outcomes if each] == [Unfit]


async def test_a_phrase_of_ones_own_finds_no_room_in_a_full_menu_of_the_department(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "PHRASES_AT_MOST", 1)
    await keep(Said("Ours", "Planned.", shared=True), by=town.sergey)
    await keep(Said("Mine", "Filled."), by=town.sergey)
    (mine,) = await Phrase.objects().where(Phrase.person == town.sergey.id)

    with pytest.raises(Unfit):
        await keep(Said("Mine", "Filled.", shared=True), by=town.sergey, id=mine.id, version=mine.version)
    await keep(Said("Mine", "Filled today."), by=town.sergey, id=mine.id, version=mine.version)

    (kept,) = await Phrase.objects().where(Phrase.person == town.sergey.id)
    assert kept.words == "Filled today."


async def test_two_heads_at_once_keep_one_phrase_of_a_name(town: Town) -> None:
    helper = await roman()
    helper.heads = True

    outcomes = await asyncio.gather(
        *(keep(Said("House", "Planned.", shared=True), by=each) for each in (helper, town.sergey)),
        return_exceptions=True,
    )

    assert await Phrase.count() == 1
    assert [type(each) for each in outcomes if each] == [Unfit]


async def test_a_phrase_that_was_mended_or_taken_away_meanwhile_is_not_written_over(town: Town) -> None:
    await keep(Said("House", "Planned."), by=town.sergey)
    (opened,) = await phrases_of(town.sergey)
    await keep(Said("House", "Built."), by=town.sergey, id=opened.id, version=opened.version)

    with pytest.raises(Stale):
        await keep(Said("House", "Mine."), by=town.sergey, id=opened.id, version=opened.version)
    assert [each.words for each in await phrases_of(town.sergey)] == ["Built."]
    await phrases.remove(opened.id, by=town.sergey)

    with pytest.raises(Stale):
        await keep(Said("House", "Mine."), by=town.sergey, id=opened.id, version=2)
