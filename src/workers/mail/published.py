"""A piece of news in what everybody may read of it at this moment, and nothing else (R10, R28)."""

from dataclasses import dataclass
from datetime import date

from domain.events import Kind
from domain.model import Event
from domain.substance import OUTCOMES
from domain.wording import N_
from domain.workdays import in_town
from workers.mail.reading import told
from workers.mail.templating import link

# What a letter calls that which everybody sees happen. Officials who pass a case between them are no news (R10).
SAYINGS = {
    Kind.PUBLISHED: N_("A new message"),
    Kind.JOINED: N_("Joined to another message"),
    Kind.DETACHED: N_("It goes on by itself again"),
    Kind.ACCEPTED: N_("The executor has accepted it"),
    Kind.APPROVED: N_("It is answered"),
    Kind.ANSWER_PUBLISHED: N_("The answer is published"),
    Kind.SENT_TO_REWORK: N_("Not solved: it goes to rework"),
    Kind.BROUGHT_TO_COMMISSION: N_("It goes to the commission"),
    Kind.DECIDED: N_("The commission has decided"),
    Kind.PROMISE_CAME: N_("The promised day has come: an additional answer is due"),
    Kind.CLOSED: N_("It is closed"),
}
SHOWN = """
SELECT m.id, m.number, m.public_text, m.public_address,
       stood('topics', t.id, 'name', m.registered_at, t.name) AS topic, a.outcome, a.planned_on, a.public_text AS answer
FROM message m JOIN topic t ON t.id = m.topic LEFT JOIN answer a ON a.message = m.id AND a.id = {}
    AND a.state = 'approved' AND a.published_at IS NOT NULL
WHERE m.id = {} AND m.published_at IS NOT NULL AND NOT t.closed
"""


@dataclass(frozen=True)
class Shown:
    """One piece of news, in what everybody may read of it."""

    id: int
    saying: str
    on: date
    number: str
    text: str
    place: str
    topic: str
    url: str
    outcome: str | None
    planned_on: date | None
    answer: str | None


async def shown_of(event: Event) -> Shown | None:
    """As everybody may read it at this moment, if they may."""
    answer = told(event).get("answer") if event.kind == Kind.ANSWER_PUBLISHED else None
    rows = await Event.raw(SHOWN, answer, event.message)
    if not rows or (answer is not None and rows[0]["answer"] is None):
        return None
    row = rows[0]
    return Shown(
        id=row["id"],
        saying=SAYINGS[Kind(event.kind)],
        on=in_town(event.at).date(),
        number=row["number"],
        text=row["public_text"],
        place=row["public_address"],
        topic=row["topic"],
        url=link(f"/publications/{row['number']}"),
        outcome=OUTCOMES[row["outcome"]] if row["outcome"] else None,
        planned_on=row["planned_on"],
        answer=row["answer"],
    )
