"""What is pointed out to the executor beside the text that they are writing (§4.2, R18, R19)."""

from dataclasses import dataclass
from datetime import date

from domain import pointed
from domain.informing import Informed
from domain.model import Organisation
from domain.substance import TEXT_AT_MOST
from domain.wording import translations
from portal.cards.forms import uuid_of
from portal.forms import Typed


@dataclass(frozen=True)
class Pointed:
    """`stays`: the executor has said that these words are right as they are."""

    words: str
    sentence: str
    stays: bool


def pointed_in(form: Typed, *, today: date, language: str) -> list[Pointed]:
    """Of the form as it stands, finished or not; a date that is none yet is not there yet."""
    found = pointed.points(
        form.get("text")[:TEXT_AT_MOST],
        outcome=form.get("outcome"),
        planned_on=day_in(form.get("planned_on")),
        informed=informed_in(form),
        today=today,
    )
    words = translations(language)
    return [
        Pointed(each.words, words.gettext(each.sentence.msgid) % each.sentence.values, form.has("insists", each.words))
        for each in found
    ]


def informed_in(form: Typed) -> Informed:
    on, file = day_in(form.get("informed_on")), uuid_of(form.get("informed_file"))
    return Informed(form.get("informed"), on, form.get("informed_number"), file)


def day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def names_of_organisations() -> list[str]:
    """To choose from where another organisation is competent; any other is typed in."""
    active = Organisation.active.eq(True)
    return await Organisation.select(Organisation.name).where(active).order_by(Organisation.name).output(as_list=True)
