"""Files that come over lines that break (R03, R13): begun, gone on with, looked at, cancelled, by the tus protocol."""

from typing import Any
from uuid import UUID

from litestar import Response, delete, get, patch, post, route
from litestar.exceptions import HTTPException, InternalServerException
from litestar.params import FromPath

from domain.errors import Unfit
from domain.model import Person, Upload
from domain.rulebook import rulebook
from domain.wording import translations
from portal import guests, incoming, tus
from portal.cards.forms import uuid_of
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, typed
from portal.given import MaybePerson, Now
from portal.incoming import OutOfStep, TooLong
from portal.limits import TooMany
from portal.pages import not_there, page, sentences
from portal.security.sessions import hashed
from portal.visit import PortalRequest
from workers.inspecting import TOO_LARGE


@route("/uploads", http_method=["OPTIONS"], status_code=204)
async def options() -> Response[None]:
    at_most = (await rulebook()).limits.files_bytes
    about = {"Tus-Resumable": tus.VERSION, "Tus-Version": tus.VERSION, "Tus-Extension": tus.EXTENSIONS}
    return Response(None, status_code=204, headers={**about, "Tus-Max-Size": str(at_most)})


@post("/uploads", status_code=201, request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def create(request: PortalRequest, visitor: MaybePerson, now: Now) -> Response[Any]:
    tus.check_version(request)
    size, (name, key) = tus.number(request, "upload-length"), tus.metadata(request)
    token = None if visitor or guests.known(request) else guests.first_token(request, key)
    guest = hashed(token) if token else guests.known(request)
    try:
        upload = await incoming.begin(name, size, key=key, by=visitor, guest=guest, at=now)
    except Unfit as unfit:
        return not_begun(request, unfit)
    response = await taken(request, upload, now, 201)
    if token:
        guests.remember(request, response, token)
    return response


@patch("/uploads/{upload_id:uuid}", request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def update(request: PortalRequest, visitor: MaybePerson, now: Now, upload_id: FromPath[UUID]) -> Response[Any]:
    tus.check_version(request)
    if not tus.carries_a_piece(request):
        raise HTTPException(status_code=415)
    upload = await own(request, visitor, now, upload_id)
    if tus.number(request, "upload-offset") != upload.received:
        raise HTTPException(status_code=409)
    return await taken(request, upload, now, 204)


@get("/uploads/{upload_id:uuid}")
async def show(request: PortalRequest, visitor: MaybePerson, now: Now, upload_id: FromPath[UUID]) -> Response[Any]:
    """HEAD asks here how far the file is; a process that died over the last piece is made good for."""
    upload = await own(request, visitor, now, upload_id)
    return await shown(request, upload, now)


@post("/uploads/{upload_id:uuid}/form", status_code=200)
async def move(request: PortalRequest, visitor: MaybePerson, now: Now, upload_id: FromPath[UUID]) -> Response[Any]:
    """A page that was opened anew has another key; the files that were sent to it before come along."""
    upload = await own(request, visitor, now, upload_id)
    key = uuid_of((await typed(request)).get("key"))
    if key is None or not await incoming.move(upload, key):
        raise not_there()
    return await shown(request, upload, now)


@delete("/uploads/{upload_id:uuid}", status_code=204)
async def destroy(request: PortalRequest, visitor: MaybePerson, now: Now, upload_id: FromPath[UUID]) -> Response[None]:
    tus.check_version(request)
    await incoming.cancel(await own(request, visitor, now, upload_id))
    return Response(None, status_code=204, headers={"Tus-Resumable": tus.VERSION})


async def own(request: PortalRequest, visitor: Person | None, now: Any, id: UUID) -> Upload:
    upload = await incoming.find(id, by=visitor, guest=guests.known(request), at=now)
    if upload is None:
        raise not_there()
    return upload


async def taken(request: PortalRequest, upload: Upload, now: Any, status: int) -> Response[Any]:
    """Take what this request brings, and say how far the file is now, or why it is not taken."""
    try:
        if tus.carries_a_piece(request):
            await incoming.append(upload, request.stream(), at=now)
        await incoming.finish(upload, at=now)
    except TooMany as full:
        return tus.refusal(sentences(request, full)["files"], 429)
    except OutOfStep:
        raise HTTPException(status_code=409) from None
    except TooLong:
        raise HTTPException(status_code=413) from None
    except InternalServerException:
        # Litestar calls it a fault of ours when somebody hangs up in the middle; what had come is kept.
        raise HTTPException(status_code=400) from None
    if upload.refusal:
        return tus.refusal(reason(request, upload), 422)
    where = {"Location": f"/uploads/{upload.id}"} if status == 201 else {}
    return Response(None, status_code=status, headers={**tus.how_far(upload), **where})


async def shown(request: PortalRequest, upload: Upload, now: Any) -> Response[Any]:
    await incoming.finish(upload, at=now)
    response = page(request, "uploads/_row.html", {"upload": upload, "reason": reason(request, upload)})
    response.headers.update(tus.how_far(upload))
    return response


def reason(request: PortalRequest, upload: Upload) -> str:
    return translations(request.visit.view.language).gettext(upload.refusal) if upload.refusal else ""


def not_begun(request: PortalRequest, unfit: Unfit) -> Response[Any]:
    too_large = unfit.errors["files"].msgid == TOO_LARGE
    status = 429 if isinstance(unfit, TooMany) else 413 if too_large else 422
    return tus.refusal(sentences(request, unfit)["files"], status)
