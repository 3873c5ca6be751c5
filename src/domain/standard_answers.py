"""The moderator's directory of standard answers (R09): what may stand in one, and the versions that were in force."""

from datetime import date, datetime

from domain import placeholders
from domain.errors import Sentence, say
from domain.model import Person, StandardAnswer, StandardAnswerVersion

TEXT_AT_MOST = 5000  # with its placeholders filled it still fits an answer


def wrong_text(text: str) -> Sentence | None:
    """What a standard answer may not say: nothing, too much, or a placeholder that nobody knows."""
    if not placeholders.without_greeting(text).strip():
        return say("Write the answer first.")
    if len(text) > TEXT_AT_MOST:
        return say("The text is longer than %(count)d characters. Shorten it.", count=TEXT_AT_MOST)
    if odd := placeholders.odd_ones(text):
        return say("There is no such placeholder: %(names)s.", names=", ".join(dict.fromkeys(odd)))
    if placeholders.greets_late(text):
        return say("The form of address stands once, at the very beginning: it is never published.")
    return None


async def note_version(id: int, *, by: Person, at: datetime, in_force_from: date) -> None:
    """Keep the standard answer as it stands now under the next number, in the transaction that changed it."""
    standard = await StandardAnswer.objects().where(StandardAnswer.id == id).lock_rows("UPDATE").first()
    if standard is None:
        raise LookupError(f"there is no standard answer {id}")
    standard.version += 1
    await StandardAnswer.update({StandardAnswer.version: standard.version}).where(StandardAnswer.id == id)
    same = ("version", "topic", "name", "outcome", "text", "active")
    kept = {name: getattr(standard, name) for name in same}
    await StandardAnswerVersion.insert(
        StandardAnswerVersion(standard_answer=id, in_force_from=in_force_from, kept_by=by.id, kept_at=at, **kept)
    )


# As words: every new message that is opened asks this.
FITTING = "s.topic = {} AND s.active AND s.version > 0"
IN_FORCE = f"SELECT * FROM standard_answer s WHERE {FITTING} ORDER BY s.name"  # noqa: S608


async def matching(topic: int) -> list[StandardAnswer]:
    """The standard answers that are in force for a topic: a message is typical where there is one (§2)."""
    return [StandardAnswer(_exists_in_db=True, **row) for row in await StandardAnswer.raw(IN_FORCE, topic)]
