"""One letter of the demo town goes out in the operator's own words, in the second version of them."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from domain import lettering
from domain.model import Person
from domain.workdays import TOWN, in_town
from portal.town import read
from workers.mail.rewording import built_in

LETTER, LANGUAGE = "closed_unrated", "ru"
MORNING = time(9, 40)


async def fill(people: dict[str, Person], *, at: datetime) -> None:
    words = built_in(LETTER, LANGUAGE)
    for version, changes in enumerate(read("letter_words")):
        words = replace(words, **changes)
        moment = datetime.combine(in_town(at).date() + timedelta(days=version), MORNING, TOWN)
        await lettering.keep(LETTER, LANGUAGE, words, version=version, by=people["yulia"], at=moment)
