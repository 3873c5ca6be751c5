"""The operator's words of the letters: what may stand in them, their versions, and two operators at once (§2)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
from tests.people import MONDAY, Town

from domain import lettering
from domain.errors import NotAllowed, Stale, Unfit
from domain.lettering import LETTERS, Words
from domain.model import LetterWording
from domain.wording import LANGUAGES
from workers.mail.rewording import built_in

pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]
OWN = Words(
    subject="{сообщение} у нас",
    heading="Мы взялись",
    lead="{имя}, номер вашего сообщения {номер}.",
    button="Смотреть",
    note="Мы напишем ещё.",
)


async def keep(town: Town, words: Words = OWN, version: int = 0) -> None:
    await lettering.keep("registered", "ru", words, version=version, by=town.yulia, at=MONDAY)


async def subjects() -> list[tuple[int, str | None]]:
    kept = await LetterWording.objects().order_by(LetterWording.version)
    return [(each.version, each.subject) for each in kept]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS)
def test_the_words_that_the_portal_brings_pass_the_checks(letter: str, language: str) -> None:
    assert lettering.misfits(letter, built_in(letter, language)) == {}


async def test_every_version_stays_and_the_newest_holds(town: Town) -> None:
    await keep(town)
    await keep(town, replace(OWN, subject="Иначе"), version=1)

    assert await subjects() == [(1, OWN.subject), (2, "Иначе")]
    assert (await lettering.in_force("registered"))["ru"].subject == "Иначе"
    with pytest.raises(asyncpg.RaiseError):
        await LetterWording.update({LetterWording.subject: "rewritten"}, force=True)


async def test_the_way_back_to_the_built_in_words_is_a_version_too(town: Town) -> None:
    await keep(town)

    await lettering.return_to_built_in("registered", "ru", version=1, by=town.yulia, at=MONDAY)

    assert await subjects() == [(1, OWN.subject), (2, None)]
    assert await lettering.in_force("registered") == {}
    with pytest.raises(Unfit):
        await lettering.return_to_built_in("registered", "ru", version=2, by=town.yulia, at=MONDAY)


async def test_of_two_operators_at_once_one_wins_and_the_other_is_told(town: Town) -> None:
    theirs = lettering.keep("registered", "ru", OWN, version=0, by=town.gleb, at=MONDAY)

    ended = await asyncio.gather(keep(town), theirs, return_exceptions=True)

    (late,) = [each for each in ended if each is not None]
    assert isinstance(late, Stale)
    assert "10:00" in str(late)
    assert len(await subjects()) == 1


async def test_who_opened_an_older_version_is_told_who_was_faster(town: Town) -> None:
    await keep(town)

    with pytest.raises(Stale) as late:
        at = MONDAY + timedelta(minutes=5)
        await lettering.keep("registered", "ru", OWN, version=0, by=town.gleb, at=at)

    assert town.yulia.name in str(late.value)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("subject", "  "),
        ("subject", "я" * 151),
        ("subject", "Тема\r\nBcc: all@example.com"),
        ("heading", "Скобка {"),
        ("heading", "Скобка }"),
        ("lead", "{имя}, номер {номер} и {пароль}"),
        ("lead", "{номер} {{ 7*7 }}"),
        ("lead", "{номер} {% include 'x' %}"),
        ("lead", "{имя}, без номера"),
        ("button", "Открыть\u202e"),
        ("note", "Строка\nи ещё"),
    ],
)
async def test_words_that_do_not_fit_are_not_kept_and_their_field_is_named(town: Town, field: str, text: str) -> None:
    with pytest.raises(Unfit) as unfit:
        await keep(town, replace(OWN, **{field: text}))

    assert list(unfit.value.errors) == [field]
    assert await subjects() == []


async def test_what_the_regulation_wants_told_is_asked_for_by_its_clause(town: Town) -> None:
    with pytest.raises(Unfit) as unfit:
        await keep(town, replace(OWN, lead="Здравствуйте."))

    assert unfit.value.errors["lead"].values == {"clause": "3", "names": "{номер}"}


@pytest.mark.parametrize("who", ["anna", "marina", "pavel", "elena", "konstantin"])
async def test_nobody_else_changes_them(town: Town, who: str) -> None:
    with pytest.raises(NotAllowed):
        await lettering.keep("registered", "ru", OWN, version=0, by=getattr(town, who), at=MONDAY)
    with pytest.raises(NotAllowed):
        await lettering.return_to_built_in("registered", "ru", version=0, by=getattr(town, who), at=MONDAY)
