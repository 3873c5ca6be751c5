"""Files of a case (§4.1): whoever may see the message sees its photos, and only officials take the originals."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from domain.model import Answer, Attachment, Message, Part, Person
from domain.moves import Role
from domain.seeing import visible_to
from portal import serving
from portal.given import ThePerson
from portal.pages import not_there
from portal.visit import PortalRequest


@get("/files/{file_id:uuid}/{size:str}", opt=serving.DOWNLOAD_TIME)
async def show(
    request: PortalRequest, person: ThePerson, file_id: FromPath[UUID], size: FromPath[str]
) -> Response[Any]:
    file = await visible_file(person, file_id)
    if size == serving.ORIGINAL and (file.kind == "pdf" or person.role != Role.CITIZEN):
        return await serving.original(request, file)
    return await serving.prepared(request, file, size)


async def visible_file(person: Person, id: UUID) -> Attachment:
    """A file of a message that this person may see; of a form that is not sent yet, only one's own."""
    file = await Attachment.objects().where(Attachment.id == id).first()
    if file is None or not await may_see(person, file):
        raise not_there()
    return file


async def may_see(person: Person, file: Attachment) -> bool:
    if file.part is not None and person.role != Role.CITIZEN:
        return await of_a_visible_case(person, file.part)
    if file.message is None:
        return bool(file.uploaded_by == person.id)
    if not await visible_to(person).where(Message.id == file.message).first():
        return False
    # What an executor prepares is not yet said to the citizen.
    return person.role != Role.CITIZEN or file.answer is None or await let_out(file.answer)


async def of_a_visible_case(person: Person, part: int) -> bool:
    """What a co-executor has gathered is for the officials of the case, until it stands in the answer."""
    found = await Part.objects().get(Part.id == part)
    return found is not None and await visible_to(person).where(Message.id == found.message).first() is not None


async def let_out(answer: int) -> bool:
    return await Answer.exists().where((Answer.id == answer) & (Answer.state == "approved"))
