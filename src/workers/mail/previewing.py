"""How a letter would look in other words, on a real case or on made-up facts; it is shown to the operator only.

Operators read no cases: the table of facts is left out, the reader's name is made up, and the link leads nowhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.directories.escalation import KINDS
from domain.events import Kind
from domain.following import Frequency
from domain.lettering import FOLLOWED, LETTERS, Words
from domain.model import Event
from domain.wording import N_, translations
from workers import mail
from workers.mail import Write, commission, control, desk, followers
from workers.mail.published import SAYINGS
from workers.mail.rewording import context_of, fact, filled, reworded
from workers.mail.templating import frame

WRITERS: dict[str, Write] = {
    name: vars(module)[name]
    for module in (mail, commission, control, desk, followers)
    for name in LETTERS
    if name in vars(module) and name != "followed_digest"  # which is made of several
}
READER = N_("Anna")
SAMPLES = {
    "person.given_name": READER,
    "label": "№ 2026-000123",
    "message.number": "2026-000123",
    "case_number": "2026-000098",
    "topic.name": N_("A hole in the road"),
    "organisation.name": N_("Department of roads"),
    "hour": "17:00",
    "helper.name": N_("Petrov P."),
    "who": N_("Petrov P."),
    "giver.name": N_("Petrov P."),
    "taker.name": N_("Petrov P."),
    "_(duty) | lower": dict(KINDS)["answer"],
    "_(message.saying)": SAYINGS[Kind.ACCEPTED],
    FOLLOWED: N_("A hole in the road"),
    "_(period)": followers.PERIODS[Frequency.DAILY],
    "counted": N_("3 messages"),
    "_(goes_on)": N_("When the new answer comes, we will write again."),
    "_(unsolved)": N_("it goes back for rework"),
    "_(decision)": N_("The block is lifted"),
    "_(outcome)": commission.AGREED,
}
A_TERM = timedelta(days=8)


@dataclass(frozen=True)
class Preview:
    """`words` have the facts in their places; `real` tells whether those are the facts of the case."""

    words: Words
    text: str
    real: bool


async def preview(name: str, language: str, words: Words, event: Event | None, *, today: date) -> Preview:
    case = await context_of_case(name, language, event) if event else None
    done = filled(name, words, language, case or sample(name, language, today))
    return Preview(done, shown(name, language, done, "body.txt"), real=case is not None)


async def context_of_case(name: str, language: str, event: Event) -> dict[str, Any] | None:
    """As the letter of this event has it, for another reader; nothing when it goes to nobody."""
    letter = next(iter(await WRITERS[name](event)), None) if name in WRITERS else None
    if letter is None:
        return None
    return {**letter.context, "person": {"given_name": translations(language).gettext(READER)}}


def sample(name: str, language: str, today: date) -> dict[str, Any]:
    def value(placeholder: str, source: str) -> Any:
        return translations(language).gettext(SAMPLES[source]) if source in SAMPLES else today + A_TERM

    return context_of(name, value)


def meanings(name: str, language: str, today: date) -> dict[str, str]:
    """What each placeholder of a letter would say, for example."""
    context = sample(name, language, today)
    return {each: fact(source, language, context) for each, source in LETTERS[name].facts.items()}


def shown(name: str, language: str, words: Words, file: str) -> str:
    around = frame(language)
    context = {**around, "url": around["portal"], "no_more": None, "away": None}
    return reworded(name, file, words, context, frame="previewed")
