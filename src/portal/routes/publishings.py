"""The moderator's page of what everybody sees of a case: copies of the text and of answers, photos (R10, R28)."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from domain import publishing
from domain.model import Message, Person
from portal.cards.forms import uuids
from portal.desk import journal, moderation, publication, queues
from portal.desk.asking import asked
from portal.desk.collisions import Collision, collision
from portal.desk.deciding import as_opened, decide
from portal.forms import Form, Id, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.pages import not_there, page
from portal.routes.moderation import MODERATORS
from portal.visit import PortalRequest


class PublicationForm(Form):
    answer: Id | None = None


@get("/moderation/{message_id:int}/publication", guards=MODERATORS)
async def show(
    request: PortalRequest,
    message: TheMessage,
    person: ThePerson,
    now: Now,
    answer: FromQuery[int] = 0,
    done: FromQuery[int] = 0,
) -> Response[Any]:
    said = await journal.said(message.id, person.id, request.visit.view.language, all=True) if done else None
    return await shown(request, message, person, now, answer or None, said=said)


@post("/messages/{message_id:int}/publication", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def publish(form: Typed) -> None:
        await publish_item(message, form, form.fit(PublicationForm).answer, by=person, at=now)

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        answer = form.fit(PublicationForm).answer
        late = await standing(message, answer, form, faster, by=person, at=now) if faster else None
        return await shown(request, message, person, now, answer, typed=form, errors=errors, late=late)

    return await decide(request, as_opened(message, publish), again, lambda form: page_of(message, form.get("answer")))


async def publish_item(message: Message, form: Typed, answer: int | None, *, by: Person, at: datetime) -> None:
    text, photos = form.get("public_text"), uuids(form.all("photos"))
    if answer is not None:
        await publishing.publish_answer(message, answer, by=by, at=at, text=text, photos=photos)
        return
    place = form.get("public_address")
    await publishing.publish(message, by=by, at=at, text=text, place=place, photos=photos)


def page_of(message: Message, answer: str | int | None) -> str:
    """After a change the same page, which then says what was done."""
    item = f"answer={answer}&" if answer else ""
    return f"/moderation/{message.id}/publication?{item}done=1"


async def shown(
    request: PortalRequest,
    message: Message,
    person: Person,
    now: datetime,
    answer: int | None,
    *,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    late: Collision | None = None,
    said: Any = None,
) -> Response[Any]:
    sheet = await publication.sheet(message, answer, by=person, at=now, typed=typed, errors=errors)
    if sheet is None:
        raise not_there()
    form = Typed() if typed is None or late else typed
    context = {"sheet": sheet, "form": form, "collision": late, "said": said, **await beside(request, person, now)}
    return page(request, "publishing/show.html", context)


async def standing(
    message: Message, answer: int | None, form: Typed, faster: str, *, by: Person, at: datetime
) -> Collision:
    """Against the copy as it stands now; the message is read anew, as somebody else has changed it."""
    await message.refresh()
    sheet = await publication.sheet(message, answer, by=by, at=at)
    theirs = {"public_text": sheet.item.text, "public_address": sheet.address} if sheet else {}
    return collision(faster, form, theirs, form="copy" if sheet and not sheet.barrier else "")


async def beside(request: PortalRequest, person: Person, now: datetime) -> dict[str, Any]:
    """The queues stand beside every page of the moderator's."""
    ask = await asked(person, now, request.visit.view.language)
    return {"side": await moderation.side(ask, queues.find(moderation.QUEUES, "unpublished")), "desk": "/moderation"}
