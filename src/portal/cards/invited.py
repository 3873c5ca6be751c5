"""What a letter's link opens (§4.3, R21): one answer to one person, without a sign-in, and their one rating of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from domain import invitations
from domain.joined import case_of, voice
from domain.model import Answer, Attachment, Message, Person
from domain.rulebook import rulebook
from domain.seeing import visible_to
from portal.cards import answers, feedback
from portal.cards.answers import AnswerCard
from portal.cards.clocks import Reader, every_term, recounts, terms_of
from portal.cards.feedback import RatingView
from portal.cards.files import file_view, paired
from portal.cards.topics import category_of
from portal.desk.headlines import headline

State = Literal["open", "used", "expired", "unknown"]


@dataclass(frozen=True)
class Invited:
    """`answer` and what hangs on it, for as long as the link is good.

    `message` is the reader's own, `case` the one that is answered: another one where theirs is joined to it.
    """

    token: str
    state: State
    person: Person | None = None
    message: Message | None = None
    case: Message | None = None
    answer: int | None = None
    round: int = 0

    @property
    def current(self) -> bool:
        """An earlier answer stays to be read, and only the last one can be rated."""
        return self.case is not None and self.case.round == self.round


@dataclass(frozen=True)
class MatterView:
    number: str | None
    title: str
    text: str
    address: str
    topic: str


async def invited(token: str, secret: str, *, at: datetime) -> Invited:
    """Whoever is invited sees by it no more than they may see: their own message."""
    invitation = invitations.read(token, secret, at=at)
    if invitation is None:
        return Invited(token, "unknown")
    if invitation.expired:
        return Invited(token, "expired")
    person = await Person.objects().where((Person.id == invitation.person) & Person.active.eq(True)).first()
    answer = await Answer.objects().where((Answer.id == invitation.to) & (Answer.state == "approved")).first()
    if person is None or answer is None:
        return Invited(token, "unknown")
    message = await voice(visible_to(person), answer.message)
    if message is None:
        return Invited(token, "unknown")
    return Invited(token, "open", person, message, await case_of(message), answer.id, answer.round)


async def show(link: Invited, *, at: datetime, language: str, rating: RatingView | None = None) -> dict[str, Any]:
    """The context of the page; `rating` is a form that did not fit, instead of an empty one."""
    if link.message is None or link.case is None:
        return {"state": link.state, "answer": None, "rating": None, "message": None, "clocks": ()}
    message = link.message
    rounds = await answers.approved(link.case.id, message.author)
    row = next(row for row in rounds if row["id"] == link.answer)
    topic, _ = await category_of(message)
    reader = Reader((await rulebook()).calendar, await recounts(link.case.id), at, language)
    rating = rating or (feedback.given(row) if row["choice"] else await form(link, at=at, language=language))
    return {
        "state": "used" if row["choice"] else "open",
        "answer": await answer_of(link, row, language),
        "rating": rating,
        "message": MatterView(message.number, headline(message.text), message.text, message.address, topic),
        "clocks": reader.shown(await every_term(message)),
    }


async def form(link: Invited, *, at: datetime, language: str, **typed: Any) -> RatingView | None:
    """Only the current answer can be rated, and only in time."""
    message, case = link.message, link.case
    if message is None or case is None or not link.current:
        return None
    window = feedback.rating_term(case, (await terms_of(message.id))[message.id], at)
    if window is None:
        return None
    return await feedback.rating(case, window, f"/answers/{link.token}/rating", language=language, **typed)


async def answer_of(link: Invited, row: dict[str, Any], language: str) -> AnswerCard:
    files = await Attachment.objects().where(opened_by(link)).order_by(Attachment.received_at)
    views = [file_view(file, f"/answers/{link.token}/files", language) for file in files]
    befores = {file.id: file.before for file in files if file.answer == row["id"]}
    theirs = paired([view for view in views if view.id in befores], befores, views)
    return answers.answer(row, theirs, to_its_author=True)


def opened_by(link: Invited) -> Any:
    """The files that the link opens, as a condition: those of its answer, and the reader's photos beside them."""
    of_it = Attachment.answer == link.answer
    beside = Attachment.id.is_in(Attachment.select(Attachment.before).where(of_it & Attachment.before.is_not_null()))
    return of_it | (beside & (Attachment.message == (link.message.id if link.message else None)))
