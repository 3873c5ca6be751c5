"""Files that break, attack and lie: what becomes of each was written down before, and none harms anybody (R13, R14)."""

from itertools import islice
from pathlib import Path

import pytest
from tests.hostile import FAMILIES, every, family, mutants
from tests.hostile.judging import become, faults, made_in

from workers.pictures import Darkroom

pytestmark = pytest.mark.rule("R13", "R14")
SEED, MUTANTS = 20_261_128, 300
PICTURES = [name for name in FAMILIES if name != "names"]


@pytest.mark.parametrize("name", PICTURES)
async def test_every_hostile_file_becomes_what_it_should(name: str, tmp_path: Path) -> None:
    wrong = {}

    async with Darkroom() as darkroom:
        for file in family(name):
            kind, reason, result = await become(file, darkroom, tmp_path)
            if (kind, reason) != (file.kind, file.reason):
                wrong[file.name] = f"{kind}, {reason}, {result.get('detail')}"
            elif reason is None and (found := faults(file, made_in(tmp_path))):
                wrong[file.name] = str(found)
            elif file.size and (result["width"], result["height"]) != file.size:
                wrong[file.name] = str(result)

    assert wrong == {}


def test_the_set_has_hundreds_of_files_each_under_a_name_of_its_own() -> None:
    names = [file.name for file in every()]

    assert len(set(names)) == len(names) >= 300


async def test_whatever_a_spoiled_file_becomes_nothing_of_it_is_left_but_a_picture(tmp_path: Path) -> None:
    wrong, accepted = {}, 0

    async with Darkroom() as darkroom:
        for file in islice(mutants(SEED), MUTANTS):
            _, reason, _ = await become(file, darkroom, tmp_path)
            accepted += reason is None
            if reason is None and (found := faults(file, made_in(tmp_path))):
                wrong[file.name] = found

    assert wrong == {}
    assert MUTANTS / 10 < accepted < MUTANTS


async def test_the_same_seed_spoils_the_same_files() -> None:
    once, again, other = (list(islice(mutants(seed), 20)) for seed in (1, 1, 2))

    assert once == again
    assert [file.content for file in once] != [file.content for file in other]
