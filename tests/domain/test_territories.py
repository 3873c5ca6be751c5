"""Who answers on a topic differs by territory, and the territory is recognised from the address (§3, R07)."""

import pytest
from tests.people import MONDAY, Town
from tests.stories import fresh, reply_of, standard, submitted, told

from domain import keeping, moderating, typical
from domain.chosen import recognised
from domain.directories.responsibilities import RESPONSIBILITIES
from domain.directories.territories import TERRITORIES
from domain.errors import Unfit
from domain.model import Message

PLACES = [(1, ["ул. Мира", "пл. Центральная"]), (2, ["с. Ветлое", "с. Ветлое, ул. Мира"]), (3, [" "])]


@pytest.mark.parametrize(
    ("address", "territory"),
    [
        ("ул. Мира, 41", 1),
        ("УЛ. МИРА, 41", 1),
        ("ул. Мирая, 41", None),
        ("г. Город, ул. Мира", 1),
        ("с. Ветлое, ул. Мира, 3", 2),
        ("с. Вётлое", 2),
        ("", None),
    ],
)
def test_a_territory_is_recognised_by_the_longest_of_its_places(address: str, territory: int | None) -> None:
    assert recognised(address, PLACES) == territory


async def north(town: Town) -> int:
    """A territory where Sergey answers for the holes that are Pavel's elsewhere."""
    said = {"code": "north", "name": "Север", "places": ["Mira"], "active": True}
    territory = await keeping.keep(TERRITORIES, said, by=town.yulia, at=MONDAY)
    there = {"territory": territory, "topic": town.pothole.id, "executor": town.sergey.id, "active": True}
    await keeping.keep(RESPONSIBILITIES, there, by=town.yulia, at=MONDAY)
    return territory


@pytest.mark.rule("R07")
async def test_a_message_goes_to_who_is_responsible_in_its_territory(town: Town) -> None:
    territory = await north(town)
    there, elsewhere, named = [await submitted(town) for _ in range(3)]

    await moderating.register(there, by=town.marina, at=MONDAY, territory=territory)
    await moderating.register(elsewhere, by=town.marina, at=MONDAY)
    await moderating.register(named, by=town.marina, at=MONDAY, territory=territory, executor=town.pavel.id)

    found: list[Message] = [await fresh(each) for each in (there, elsewhere, named)]
    assert [each.executor for each in found] == [town.sergey.id, town.pavel.id, town.pavel.id]
    assert [each.territory for each in found] == [territory, None, territory]
    assert (await told(there, "message:registered")).data["territory"] == territory


@pytest.mark.rule("R07", "R09")
async def test_a_typical_message_keeps_its_territory_as_well(town: Town) -> None:
    territory, message = await north(town), await submitted(town)
    reply = reply_of(await standard(town))

    await typical.answer_at_once(message, reply, by=town.marina, at=MONDAY, territory=territory)

    assert ((await fresh(message)).territory, (await fresh(message)).executor) == (territory, town.sergey.id)


@pytest.mark.rule("R07")
async def test_a_closed_territory_is_chosen_no_longer(town: Town) -> None:
    territory, message = await north(town), await submitted(town)
    known = await RESPONSIBILITIES.table.select(RESPONSIBILITIES.column("id"))
    await keeping.keep(RESPONSIBILITIES, {"active": False}, row=known[0]["id"], by=town.yulia, at=MONDAY)
    await keeping.keep(TERRITORIES, {"active": False}, row=territory, by=town.yulia, at=MONDAY)

    with pytest.raises(Unfit) as trouble:
        await moderating.register(message, by=town.marina, at=MONDAY, territory=territory)

    assert list(trouble.value.errors) == ["territory"]
