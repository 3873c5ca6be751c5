"""The letters of one case: to whom each went, and whether it arrived (§3, §4.3, §4.4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.model import Delivery
from domain.wording import N_, translations
from workers import pushing
from workers.mail import outage
from workers.mail.post import ServerAway
from workers.reaching import NO_USE, PUSH

# What each letter is about, by the reaction that writes it.
TITLES = {
    "mail:taken_in": N_("The message has come"),
    "mail:registered": N_("Registered"),
    "mail:joined": N_("Joined to another message"),
    "mail:case_joined": N_("Joined: a word to its executor"),
    "mail:detached": N_("Goes on by itself"),
    "mail:refused": N_("Registration refused"),
    "mail:questioned": N_("Question to the author"),
    "mail:assigned": N_("A message for the executor"),
    "mail:sent_back": N_("Answer sent back to be mended"),
    "mail:answered": N_("The answer"),
    "mail:sent_to_rework": N_("Remarks taken, a new answer follows"),
    "mail:rework_due": N_("Remarks for the executor"),
    "mail:promise_came": N_("The promised day has come"),
    "mail:follow_up_due": N_("An additional answer is due"),
    "mail:brought_to_commission": N_("The case went to the commission"),
    "mail:closed_unrated": N_("Closed without a rating"),
    "mail:part_named": N_("A part for the co-executor"),
    "mail:part_done": N_("Part of the case done"),
    "mail:part_removed": N_("Part of the case called off"),
    "mail:case_offered": N_("A colleague hands a case over"),
    "mail:case_taken": N_("The colleague has taken the case"),
    "mail:case_returned": N_("The colleague returns the case"),
    "mail:commission_waits": N_("A case waits for the commission"),
    "mail:commission_decided": N_("Decision of the commission"),
    "mail:instructed": N_("Instruction of the commission"),
    "mail:blocked": N_("Blocked"),
    "mail:block_ended": N_("The block has ended"),
    "mail:objection_waits": N_("An objection waits"),
    "mail:objection_decided": N_("Objection answered"),
    "mail:term_near": N_("A term ends soon"),
    "mail:term_missed": N_("A term has run out"),
    "mail:head_told": N_("A term stays unmet"),
    "mail:reason_asked": N_("Why is it late?"),
    "mail:reason_given": N_("The reason of the delay"),
    **{f"{PUSH}{name}": title for name, title in pushing.TITLES.items()},
}
LETTERS = r"""
SELECT d.id, d.reaction, d.address, d.resent, d.attempts, d.next_at, d.done_at, d.gave_up_at, d.bounced_at, d.error,
       e.at, coalesce(p.role = 'citizen', false) AS author, p.id = m.author AS first, coalesce(
           CASE WHEN p.role <> 'citizen' THEN p.name END, o.head_name, o.short_name) AS reader
FROM event e JOIN message m ON m.id = e.message
JOIN delivery d ON d.event = e.id AND d.recipient ~ '^(person|head|push):'
LEFT JOIN person p ON p.id = substring(d.recipient FROM '(?:person|push):(\d+)')::bigint
LEFT JOIN organisation o ON o.id = substring(d.recipient FROM 'head:(\d+)')::bigint
WHERE e.message = {} ORDER BY e.id DESC, d.id
"""


@dataclass(frozen=True)
class Sent:
    """One letter to one reader, or one push to a browser of theirs.

    `state` is waiting, kept_back (the mail server is away), sent, deferred, returned, given_up or needless.
    """

    id: int
    title: str
    reader: str
    address: str
    state: str
    at: datetime
    error: str | None
    resent: int
    pushed: bool

    @property
    def may_go_again(self) -> bool:
        """A push is for a moment: an hour later it would be no news."""
        return self.state not in ("waiting", "kept_back") and not self.pushed


async def letters(message: int, *, language: str, contacts: bool) -> list[Sent]:
    """Newest first; without `contacts` nobody reads where its author lives in the network (R33).

    Authors of joined messages are opened in their own; who follows the message from outside is nobody's to know.
    """
    away = await outage.is_on()
    return [sent(row, language, contacts=contacts, away=away) for row in await Delivery.raw(LETTERS, message)]


def sent(row: dict[str, Any], language: str, *, contacts: bool, away: bool) -> Sent:
    words = translations(language)
    state, at = standing(row, away=away)
    title = TITLES[row["reaction"]]
    joined = words.gettext("the author of a joined message")
    reader = (words.gettext("the author") if row["first"] else joined) if row["author"] else row["reader"]
    address, error = row["address"], None if state == "needless" else row["error"]
    pushed = row["reaction"].startswith(PUSH)
    if row["author"] and not (contacts and row["first"]) and not pushed:
        # What a mail server says repeats the address.
        address, error = masked(address), None
    return Sent(row["id"], words.gettext(title), reader, address, state, at, error, row["resent"], pushed)


def masked(address: str) -> str:
    """Enough to see that it is a mailbox and where: a…@mail.example."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def standing(row: dict[str, Any], *, away: bool) -> tuple[str, datetime]:
    """How it stands, and since when; of a letter that waits for another attempt, until when."""
    error = row["error"] or ""
    if row["bounced_at"]:
        return "returned", row["bounced_at"]
    if row["gave_up_at"]:
        return "needless" if error == NO_USE else "given_up", row["gave_up_at"]
    if row["done_at"]:
        return "sent", row["done_at"]
    untried = not error and not row["reaction"].startswith(PUSH)
    if error.startswith(ServerAway.__name__) or (away and untried):
        return "kept_back", row["at"]
    return ("deferred", row["next_at"]) if error else ("waiting", row["at"])
