"""How much one person may send: the queue of the moderators belongs to everybody."""

from datetime import datetime
from uuid import UUID

from domain.errors import Unfit, say
from domain.model import Message, Person
from domain.wording import N_
from domain.workdays import in_town, start_of

MESSAGES_A_DAY = 20
FULL = N_("You have sent %(count)d messages today. This one can go tomorrow; copy the text to keep it.")
ONE_AT_A_TIME = 2_026_110_020  # an advisory lock of this database, with the person's id beside it

SENT = "SELECT count(*) AS sent FROM message WHERE author = {} AND sent_at >= {} AND key <> {}"


class TooMany(Unfit):
    """Nothing is wrong with the form: it is one too many for today."""


async def one_more_message(person: Person, key: UUID, *, at: datetime) -> None:
    """Raises TooMany from the twenty-first of a day on. Inside the sending transaction, so that none slips through.

    A form sent twice is no second message, so its own key does not count.
    """
    await Message.raw("SELECT pg_advisory_xact_lock({}::int, {}::int)", ONE_AT_A_TIME, person.id)
    today = start_of(in_town(at).date())
    (row,) = await Message.raw(SENT, person.id, today, key)
    if row["sent"] >= MESSAGES_A_DAY:
        raise TooMany({"form": say(FULL, count=row["sent"])})
