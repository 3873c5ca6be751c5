"""What a program saw in the open message (§3): hints for the moderator, each with its reason; nothing is done by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.authors import Author
from domain.model import Message, Screening
from domain.moves import JOINABLE, UNDECIDED, Status
from domain.personal import Private, found, standing
from domain.wording import N_, translations
from portal.desk.headlines import covered

# Whom the text of a message names; nobody before a worker has looked. Text that stands beside others is shown without.
NAMES = "ARRAY(SELECT unnest(s.names) FROM screening s WHERE s.message = {message})"
KINDS = {
    Private.NAME: N_("name"),
    Private.PHONE: N_("phone number"),
    Private.EMAIL: N_("e-mail address"),
    Private.SNILS: N_("SNILS"),
    Private.PASSPORT: N_("passport"),
    Private.CARD: N_("bank card"),
    Private.FLAT: N_("flat"),
    Private.PLATE: N_("number plate"),
}
# One statement. Each other message is found by its id, whatever the planner expects of the list; G07 and G08 follow
# from how they stand now, and not from how they stood when this one was read.
SEEN = f"""
SELECT s.names, s.standard,
    ARRAY(SELECT (tp.id, tp.name, c.name, x.score, ARRAY(SELECT jsonb_array_elements_text(x.words)))
          FROM jsonb_to_recordset(s.topics) x (topic text, score float8, words jsonb)
          JOIN topic tp ON tp.code = x.topic AND tp.active JOIN category c ON c.id = tp.category
          ORDER BY x.score DESC) AS topics,
    ARRAY(SELECT (g.code, g.name, ARRAY(SELECT jsonb_array_elements_text(x.value)))
          FROM jsonb_each(s.grounds) x JOIN ground g ON g.code = x.key AND g.active ORDER BY g.code) AS grounds,
    ARRAY(SELECT (o.id, o.number, o.status, o.text, {NAMES.format(message="o.id")}, o.topic, x.metres, x.own)
          FROM jsonb_to_recordset(s.alike) x (message bigint, score float8, metres integer, own boolean)
          CROSS JOIN LATERAL (SELECT * FROM message WHERE id = x.message OFFSET 0) o ORDER BY x.score DESC) AS alike
FROM screening s WHERE s.message = {{}} AND s.sending = {{}}
"""
EMERGENCY = "G16"
TAKES_IN = (*(status for status in JOINABLE if status not in UNDECIDED), Status.IN_REVIEW, Status.SENT_BACK)
OVER = (Status.REFUSED, Status.ANSWERED, Status.CLOSED)


@dataclass(frozen=True)
class TopicHint:
    id: int
    name: str
    category: str
    score: float
    words: Sequence[str]


@dataclass(frozen=True)
class GroundHint:
    """`words` are those that speak for it; without any the whole text does."""

    code: str
    name: str
    words: Sequence[str]


@dataclass(frozen=True)
class AlikeHint:
    """Another message that may tell of the same; of what it says nothing private is shown.

    To a `case` this one may be joined (§2).
    """

    id: int
    number: str | None
    status: str
    title: str
    case: bool
    metres: int | None
    own: bool

    @property
    def ground(self) -> str:
        """What it speaks for: an open one of the same author, or of another, or nothing any more."""
        return "" if self.status in OVER else "G07" if self.own else "G08"


@dataclass(frozen=True)
class Hints:
    names: Sequence[str]
    standard: int | None
    topics: Sequence[TopicHint]
    grounds: Sequence[GroundHint]
    alike: Sequence[AlikeHint]

    @property
    def danger(self) -> GroundHint | None:
        """What is to be told to 112 before anything else."""
        return next((each for each in self.grounds if each.code == EMERGENCY), None)


@dataclass(frozen=True)
class Piece:
    """A part of the text; `label` says what private thing it is, if it is one."""

    text: str
    label: str = ""


async def hints(message: Message, author: Author) -> Hints | None:
    """None until a worker has read this sending. The words of a reason are told as far as the author is open."""
    rows = await Screening.raw(SEEN, message.id, message.sending)
    if not rows:
        return None
    (row,) = rows
    return Hints(
        names=row["names"],
        standard=row["standard"],
        topics=[TopicHint(*each) for each in row["topics"]],
        grounds=[GroundHint(code, name, told(words, message.text, author)) for code, name, words in row["grounds"]],
        alike=[
            AlikeHint(id, number, status, covered(text, names), topic == message.topic and status in TAKES_IN, *rest)
            for id, number, status, text, names, topic, *rest in row["alike"]
        ],
    )


def told(said: Sequence[str], text: str, author: Author) -> list[str]:
    """Words of the text as they are shown: each by its kind alone where it is not open."""
    hidden = {text[each.start : each.end]: each.instead for each in author.hidden(text)}
    return [hidden.get(each, each) for each in said]


def pieces(text: str, names: Sequence[str], author: Author, language: str) -> list[Piece]:
    """The whole text, cut at what looks private; what its reader has not opened is told by its kind alone."""
    words = translations(language)
    cut, place = [], 0
    for each in found(text, standing(text, names)):
        said = each.instead if author.hides(each, text) else text[each.start : each.end]
        cut += [Piece(text[place : each.start]), Piece(said, words.gettext(KINDS[each.kind]))]
        place = each.end
    return [piece for piece in [*cut, Piece(text[place:])] if piece.text]
