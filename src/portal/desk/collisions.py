"""Somebody was faster: what was typed beside what stands now, with what differs marked, and a way to save it over.

The one answer of every desk to two people who write at once: nothing typed is lost, and nothing is written over
unseen. A form carries the version that it was opened with; the verb compares it, and says who came between.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from domain import moves
from domain.events import Kind
from domain.moderating import ANSWER_RULES
from domain.moves import Mover, Status
from domain.shares import LIVELY
from domain.terms import Owed
from domain.wording import N_
from portal.desk.cases import Case
from portal.desk.parts import own_part
from portal.dom import dom_id
from portal.forms import Typed

S = Status
# The texts of the forms of a case; a field of several places (`reply_7`) is known by what stands before its number.
LABELS = {
    "public_text": N_("Text for everybody"),
    "public_address": N_("Place for everybody"),
    "reason": N_("Reason"),
    "proposal": N_("What the author can correct"),
    "justification": N_("Justification"),
    "competent": N_("Who is competent"),
    "remark": N_("Remark"),
    "scope": N_("Scope of the work"),
    "text": N_("Text of the answer"),
    "explanation": N_("In words"),
    "question": N_("Question"),
    "report": N_("For the answer"),
    "task": N_("What they have to do"),
    "without_parts": N_("Why the answer goes without them"),
    "reply": N_("Answer to a remark"),
    "words": N_("Reason in words"),
}
OF_A_HAND_OVER = {**LABELS, "words": N_("Words to the colleague")}
NUMBER = re.compile(r"_[0-9]+$")
WORDS = re.compile(r"\S+\s*|\s+")
# What somebody else has just said in the same form stands in the journal while the case is where that has led it.
SAID = {
    "refusal": (S.REFUSED, Kind.REFUSED),
    "question": (S.QUESTIONED, Kind.QUESTIONED),
    "review": (S.SENT_BACK, Kind.SENT_BACK),
    "commission": (S.COMMISSION, Kind.BROUGHT_TO_COMMISSION),
    "acceptance": (S.IN_WORK, Kind.ACCEPTED),
    "hand_back": (S.HANDED_BACK, Kind.HANDED_BACK),
}
# Where the act can still be made, one press saves it over what stands; an answer written anew is looked at again first.
AGAIN = {
    "registration": moves.REGISTER,
    "refusal": moves.REFUSE,
    "commission": moves.BRING_TO_COMMISSION,
    "acceptance": moves.ACCEPT,
    "hand_back": moves.HAND_BACK,
    "answer": moves.SEND_FOR_REVIEW,
}
OF_THE_VERSION = ("opened", "version", *ANSWER_RULES)


@dataclass(frozen=True)
class Piece:
    words: str
    differs: bool


@dataclass(frozen=True)
class Text:
    """One text of the form; `theirs` is empty where nobody else has written one."""

    label: str
    mine: list[Piece]
    theirs: list[Piece]


@dataclass(frozen=True)
class Collision:
    """`form` is the id of the form in which mine still stands and may be sent; empty where it no longer can be."""

    sentence: str
    texts: list[Text]
    form: str


def collision(
    sentence: str, mine: Typed, theirs: Mapping[str, str], labels: Mapping[str, str] = LABELS, *, form: str = ""
) -> Collision:
    """Of the labelled texts those that were typed and that do not stand there word for word already."""
    typed = [name for known in labels for name in mine.fields if known in (name, NUMBER.sub("", name))]
    texts = [
        text(labels.get(name) or labels[NUMBER.sub("", name)], mine.get(name), theirs.get(name, ""))
        for name in typed
        if mine.get(name).strip() and unlike(mine.get(name), theirs.get(name, ""))
    ]
    return Collision(sentence, texts, form)


def unlike(mine: str, theirs: str) -> bool:
    return mine.split() != theirs.split()


def text(label: str, mine: str, theirs: str) -> Text:
    """Both by words: a browser sends line breaks in its own way, and they are no difference."""
    here, there = WORDS.findall(mine.replace("\r\n", "\n")), WORDS.findall(theirs)
    if not theirs.strip():
        return Text(label, [Piece(mine, differs=False)], [])
    same = SequenceMatcher(None, [each.strip() for each in there], [each.strip() for each in here], autojunk=False)
    steps = same.get_opcodes()
    return Text(
        label,
        [Piece("".join(here[b1:b2]), tag != "equal") for tag, _, _, b1, b2 in steps if b2 > b1],
        [Piece("".join(there[a1:a2]), tag != "equal") for tag, a1, a2, _, _ in steps if a2 > a1],
    )


def of_case(sentence: str, decision: str, mine: Typed, case: Case | None, by: Mover) -> Collision:
    """Over a form of a case; none when it is no longer theirs to see."""
    if case is None:
        return collision(sentence, mine, {})
    theirs = {name: value for name, value in standing(decision, case, by).items() if isinstance(value, str)}
    form = dom_id("decision", decision) if can_be_sent(decision, case, by) else ""
    return collision(sentence, mine, theirs, OF_A_HAND_OVER if decision == "hand_over" else LABELS, form=form)


def standing(decision: str, case: Case, by: Mover) -> Mapping[str, Any]:
    """What stands now where this form would write, by the names of its fields."""
    match decision:
        case "answer" if case.answer:
            return {"text": case.answer.text, **{f"reply_{each.id}": each.reply for each in case.to_be_answered}}
        case "report":
            part = own_part(case.parts, moves.acting(by), case.message.round)
            return {"report": part.text if part else ""}
        case "registration":
            message, text = case.message, case.answer.text if case.answer else ""
            return {"public_text": message.public_text, "public_address": message.public_address, "text": text}
        case "review" if case.answer and case.answer.state == "approved":
            published = said(case, Kind.ANSWER_PUBLISHED)
            return {"public_text": published["text"]} if published.get("answer") == case.answer.id else {}
        case "block":
            return {"explanation": said(case, Kind.BLOCKED).get("reason")}
        case "reason":
            return {"reason": next((each.answer for each in case.reasons if each.answer), None)}
        case known if known in SAID and case.message.status == SAID[known][0]:
            return said(case, SAID[known][1])
        case _:
            return {}


def said(case: Case, kind: Kind) -> dict[str, Any]:
    event = case.last(kind)
    return event["data"] if event else {}


def can_be_sent(decision: str, case: Case, by: Mover) -> bool:
    if decision == "report":
        return case.message.status in LIVELY
    if decision == "hand_back" and not may_still_return(case):
        return False
    return decision in AGAIN and AGAIN[decision].allows(by, case.message)


def may_still_return(case: Case) -> bool:
    """The term of a return runs out without a move of the case (R12)."""
    returns = [each for each in case.clocks if each.term.kind == Owed.RETURN]
    return any(not (each.term.met_at or each.term.void_at or each.view.late) for each in returns)


def as_now(mine: Typed, begun: Typed) -> Typed:
    """What was typed, on top of the version that stands now: what was judged in another version is judged again."""
    kept = {name: values for name, values in mine.fields.items() if name not in OF_THE_VERSION}
    return Typed({**kept, **{name: begun.fields[name] for name in OF_THE_VERSION if name in begun.fields}})
