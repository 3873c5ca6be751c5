"""Files of a case (§4.1): whoever may see the message sees them prepared, and only officials take the originals."""

from typing import Any
from uuid import UUID

from litestar import MediaType, Response, get
from litestar.params import FromPath

from domain import originals
from domain.joined import voice
from domain.model import Answer, Attachment, Message, Part, Person, Rating
from domain.moves import Role
from domain.seeing import visible_to
from portal import serving
from portal.cards import papers
from portal.given import Now, ThePerson, only
from portal.pages import not_there, page
from portal.visit import PortalRequest

# Where each of them reads the case that the file belongs to.
DESKS = {
    Role.CITIZEN: "messages",
    Role.MODERATOR: "moderation",
    Role.EXECUTOR: "execution",
    Role.CONTROLLER: "control",
    Role.COORDINATOR: "control",
    Role.OPERATOR: "control",
}
OFFICIALS = [only(*(role for role in DESKS if role != Role.CITIZEN))]


@get("/files/{file_id:uuid}")
async def show(request: PortalRequest, person: ThePerson, file_id: FromPath[UUID]) -> Response[Any]:
    file = await visible_file(person, file_id)
    message = await message_of(file)
    read_at = await own_message(person, message.id) if message and person.role == Role.CITIZEN else message
    back = f"/{DESKS[Role(person.role)]}/{read_at.id}" if read_at else None
    paper = papers.paper(file, "/files", back=back, original=message is not None and person.role != Role.CITIZEN)
    if paper is None:
        raise not_there()
    return page(request, "files/show.html", {"paper": paper})


@get("/files/{file_id:uuid}/original", guards=OFFICIALS, opt=serving.DOWNLOAD_TIME)
async def original(request: PortalRequest, person: ThePerson, now: Now, file_id: FromPath[UUID]) -> Response[Any]:
    if "prefetch" in request.headers.get("sec-purpose", ""):
        return Response("", media_type=MediaType.TEXT, status_code=503)  # nobody has asked for it yet
    file = await visible_file(person, file_id)
    message = await message_of(file)
    if message is None or file.state != "ready":
        raise not_there()
    answer = await serving.original(request, file)
    if not request.visit.only_asks and begins(answer):
        await originals.take_away(message, file, by=person, at=now)
    return answer


@get("/files/{file_id:uuid}/{size:str}", opt=serving.DOWNLOAD_TIME)
async def prepared(
    request: PortalRequest, person: ThePerson, file_id: FromPath[UUID], size: FromPath[str]
) -> Response[Any]:
    return await serving.prepared(request, await visible_file(person, file_id), size)


def begins(answer: Response[Any]) -> bool:
    """Whether a download begins here: one that goes on where it broke is the same, and what was held is none."""
    part = answer.headers.get("Content-Range", "bytes 0-")
    return answer.status_code in (200, 206) and part.startswith("bytes 0-")


async def visible_file(person: Person, id: UUID) -> Attachment:
    """A file of a message that this person may see; of a form that is not sent yet, only one's own."""
    file = await Attachment.objects().where(Attachment.id == id).first()
    if file is None or not await may_see(person, file):
        raise not_there()
    return file


async def message_of(file: Attachment) -> Message | None:
    """None of a form that is not sent yet."""
    id = file.message
    if id is None and file.part is not None:
        part = await Part.objects().get(Part.id == file.part)
        id = part.message if part else None
    return None if id is None else await Message.objects().get(Message.id == id)


async def may_see(person: Person, file: Attachment) -> bool:
    if file.part is not None and person.role != Role.CITIZEN:
        return await of_a_visible_case(person, file.part)
    if file.message is None:
        return bool(file.uploaded_by == person.id)
    if person.role == Role.CITIZEN:
        return await may_read(person, file)
    return await visible_to(person).where(Message.id == file.message).first() is not None


async def may_read(person: Person, file: Attachment) -> bool:
    """Of a case that several have written of, the files of the answer, and otherwise their own (R10)."""
    if file.answer is not None:
        # What an executor prepares is not yet said to the citizen.
        return await let_out(file.answer) and await own_message(person, file.message) is not None
    if file.rating is not None:
        return await Rating.exists().where((Rating.id == file.rating) & (Rating.person == person.id))
    return await visible_to(person).where(Message.id == file.message).first() is not None


async def own_message(person: Person, case: int) -> Message | None:
    """What this citizen has written of the case: the case itself, or what is joined to it."""
    return await voice(visible_to(person), case)


async def of_a_visible_case(person: Person, part: int) -> bool:
    """What a co-executor has gathered is for the officials of the case, until it stands in the answer."""
    found = await Part.objects().get(Part.id == part)
    return found is not None and await visible_to(person).where(Message.id == found.message).first() is not None


async def let_out(answer: int) -> bool:
    return await Answer.exists().where((Answer.id == answer) & (Answer.state == "approved"))
