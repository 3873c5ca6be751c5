"""The operator changes the words of the letters: plain text with placeholders, every version kept (R33).

The table of facts, the link and the legal lines are no words and stay as the portal brings them; so no change of
words can cost a letter its link or its case.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from domain import placeholders
from domain.errors import NotAllowed, Sentence, Stale, Unfit, say
from domain.model import LetterWording, Person
from domain.moves import Mover, Role
from domain.wording import LANGUAGES, N_
from domain.workdays import TOWN

AT_MOST = {"subject": 150, "heading": 120, "lead": 1000, "button": 60, "note": 1000}
# Line ends, other control characters, and what turns the direction of writing.
NO_LETTERS = {"Cc", "Cf", "Cs", "Zl", "Zp"}
BUILT_IN = N_("These are the words that the portal brings already.")
LATEST = """
SELECT w.version, w.kept_at, p.name AS who FROM letter_wording w JOIN person p ON p.id = w.kept_by
WHERE w.letter = {} AND w.language = {} ORDER BY w.version DESC LIMIT 1
"""
IN_FORCE = """
SELECT DISTINCT ON (language) language, subject, heading, lead, button, note FROM letter_wording
WHERE letter = {} ORDER BY language, version DESC
"""
# Of two at once the second waits for the first, and then finds the number taken.
KEEP = """
INSERT INTO letter_wording (letter, language, version, subject, heading, lead, button, note, kept_by, kept_at)
VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (letter, language, version) DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Words:
    """What of a letter the operator may change."""

    subject: str
    heading: str
    lead: str
    button: str
    note: str


@dataclass(frozen=True)
class Lettering:
    """What may stand in braces in the words of a letter.

    `facts` tells what takes the place of each placeholder, as the templates of the letter call it. Those of `needs`
    stand in the lead in any case: the regulation wants them told, by the clause, and the table of facts has them not.
    """

    facts: Mapping[str, str]
    needs: tuple[str, ...] = ()
    clause: str = ""


def official(needs: str = "", clause: str = "", **facts: str) -> Lettering:
    return Lettering({"сообщение": "label", "тема": "topic.name", **facts}, tuple(needs.split()), clause)


def author(needs: str = "", clause: str = "", **facts: str) -> Lettering:
    return official(needs, clause, имя="person.given_name", **facts)


DUE = "due_on | day"
DUTY = "_(duty) | lower"
PROMISED = "promised_on | day"
FOLLOWED = "about or _('the message № %(number)s', number=number)"
LETTERS: dict[str, Lettering] = {
    "taken_in": author("срок", "3", срок=DUE),
    "registered": author(
        "номер",
        "3",
        номер="message.number",
        отдел="organisation.name",
        принять="accept_by | day",
        срок="answer_by | day",
    ),
    "joined": author("номер срок", "5.2", номер="message.number", дело="case_number", срок="answer_by | day"),
    "case_joined": official("срок", "5.2", дело="case_number", срок="answer_by | day"),
    "detached": author("срок", "5.2", дело="case_number", срок="answer_by | day"),
    "refused": author(),
    "questioned": author("срок час", "3", срок="until | day", час="hour"),
    "assigned": official("принять срок", "4.1", принять="accept_by | day", срок="answer_by | day"),
    "sent_back": official(),
    "answered": author("срок", "4.4", срок="rate_by | day", дальше="_(unsolved)"),
    "sent_to_rework": author("срок", "4.4", срок=DUE),
    "rework_due": official("срок", "4.4", срок=DUE),
    "promise_came": author("срок", "4.2", обещано=PROMISED, срок=DUE),
    "follow_up_due": official("срок", "4.2", обещано=PROMISED, срок=DUE),
    "brought_to_commission": author(),
    "closed_unrated": author(),
    "part_named": official("срок", "4.1", срок=DUE),
    "part_done": official(соисполнитель="helper.name"),
    "part_removed": official(),
    "case_offered": official(кто="giver.name"),
    "case_taken": official(кто="taker.name"),
    "case_returned": official(кто="taker.name"),
    "commission_waits": official(),
    "commission_decided": author(заседание="held_on | day", дальше="_(goes_on)"),
    "instructed": official("срок", "4.4", срок=DUE),
    "blocked": author("срок", "2.1", срок="last_day | day"),
    "block_ended": author(),
    "objection_waits": official(),
    "objection_decided": author(решение="_(decision)", пояснение="_(outcome)"),
    "term_near": official("срок", "5.1", что=DUTY, срок=DUE),
    "term_missed": official("срок", "5.1", что=DUTY, срок=DUE),
    "head_told": official("срок", "5.1", что=DUTY, срок=DUE),
    "reason_asked": official("срок", "5.1", что=DUTY, срок=DUE),
    "reason_given": official(кто="who"),
    # These go to guests too, and by no case of theirs.
    "followed": Lettering({"событие": "_(message.saying)", "номер": "message.number", "подписка": FOLLOWED}),
    "followed_digest": Lettering({"период": "_(period)", "сколько": "counted"}),
    "subscription_asked": Lettering({"подписка": FOLLOWED}),
}


async def keep(letter: str, language: str, words: Words, *, version: int, by: Person, at: datetime) -> None:
    """From now on letters go out in these words, those that are sent again as well.

    `version` is the one that the form was opened with; Stale tells who has come between.
    """
    must_keep(by)
    if errors := misfits(letter, words):
        raise Unfit(errors)
    await write(letter, language, asdict(words), version=version, by=by, at=at)


async def return_to_built_in(letter: str, language: str, *, version: int, by: Person, at: datetime) -> None:
    """Back to the words that the portal brings, which a later release may better."""
    must_keep(by)
    newest = (LetterWording.letter == letter) & (LetterWording.language == language)
    last = await LetterWording.objects().where(newest).order_by(LetterWording.version, ascending=False).first()
    if last is None or (last.version == version and last.subject is None):
        raise Unfit({"form": say(BUILT_IN)})
    await write(letter, language, {}, version=version, by=by, at=at)


def must_keep(by: Mover) -> None:
    if by.role != Role.OPERATOR:
        raise NotAllowed("Only the operator changes the words of the letters (clause 2.1).")


async def write(
    letter: str, language: str, words: Mapping[str, str], *, version: int, by: Person, at: datetime
) -> None:
    if letter not in LETTERS or language not in LANGUAGES:
        raise LookupError(f"there is no letter {letter} in {language}")
    last = await latest(letter, language)
    if (last["version"] if last else 0) == version:
        texts = [words.get(name) for name in AT_MOST]
        if await LetterWording.raw(KEEP, letter, language, version + 1, *texts, by.id, at):
            return
        last = await latest(letter, language)
    when = last["kept_at"].astimezone(TOWN).strftime("%H:%M") if last else ""
    who = last["who"] if last else ""
    raise Stale("%(who)s was faster: changed the words of this letter at %(when)s.", who=who, when=when)


async def latest(letter: str, language: str) -> dict[str, Any] | None:
    rows = await LetterWording.raw(LATEST, letter, language)
    return rows[0] if rows else None


async def in_force(letter: str) -> dict[str, Words]:
    """The operator's words by language; where there are none, the built-in ones hold."""
    rows = await LetterWording.raw(IN_FORCE, letter)
    return {row.pop("language"): Words(**row) for row in rows if row["subject"] is not None}


def misfits(letter: str, words: Words) -> dict[str, Sentence]:
    """What keeps these words from going out, field by field."""
    lettering = LETTERS[letter]
    wrong = {name: wrong_text(text, AT_MOST[name], lettering) for name, text in asdict(words).items()}
    errors = {name: sentence for name, sentence in wrong.items() if sentence}
    lacking = placeholders.lacking(words.lead, lettering.needs)
    if lacking and "lead" not in errors:
        errors["lead"] = say(
            "The letter has to tell this (clause %(clause)s), so it stands here: %(names)s.",
            clause=lettering.clause,
            names=", ".join(f"{{{name}}}" for name in lacking),
        )
    return errors


def wrong_text(text: str, at_most: int, lettering: Lettering) -> Sentence | None:
    if not text.strip():
        return say("Fill this in.")
    if len(text) > at_most:
        return say("The text is longer than %(count)d characters. Shorten it.", count=at_most)
    if any(unicodedata.category(each) in NO_LETTERS for each in text):
        return say("Write it in one line: line breaks and control characters do not go into a letter.")
    if odd := placeholders.odd_ones(text, lettering.facts):
        return say("There is no such placeholder: %(names)s.", names=", ".join(dict.fromkeys(odd)))
    return None
