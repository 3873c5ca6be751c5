"""The additional answer (§4.3, R22): it begins with what was promised, and goes when it says what came of that."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from domain.errors import Sentence, say
from domain.model import Answer, Message
from domain.wording import LANGUAGES, N_, translations

# The author reads the answer, and answers are written in the language of the town.
LANGUAGE = LANGUAGES[0]
QUOTED = "> "
HEADING = N_("Promised for %(day)s:")


async def begin(came: Sequence[tuple[Message, Answer]]) -> None:
    """Open the drafts of additional answers: no outcome yet, and the promise in front of whoever writes."""
    drafts = [
        Answer(message=case.id, round=case.round, author=case.executor, text=quoted(promise)) for case, promise in came
    ]
    if drafts:
        await Answer.insert(*drafts)


def quoted(promise: Answer) -> str:
    day = format_date(promise.planned_on, "d MMMM y", locale=LANGUAGE)
    heading = translations(LANGUAGE).gettext(HEADING) % {"day": day}
    return "".join(f"{QUOTED}{line}\n" for line in (heading, *promise.text.splitlines())) + "\n"


def unquoted(text: str) -> str:
    """What the answer says itself; what an earlier one promised is only quoted in it."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(QUOTED.strip()))


def own_words(text: str) -> str:
    """Without the quoted lines, and with spaces that do not matter left out."""
    return " ".join(unquoted(text).split())


async def unsaid(message: Message, answer: Answer, *, today: date) -> dict[str, Sentence]:
    """What an answer lacks when the promised date has come: words of its own about what came of it (4.3)."""
    before = (Answer.message == message.id) & (Answer.round < message.round) & (Answer.state == "approved")
    promise = await Answer.objects().where(before).order_by(Answer.round, ascending=False).first()
    if promise is None or promise.outcome != "planned" or promise.planned_on > today:
        return {}
    if own_words(answer.text) not in ("", own_words(promise.text)):
        return {}
    return {"text": say("Clause 4.3: say what came of the promise. Its words alone are no additional answer.")}
