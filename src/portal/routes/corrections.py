"""A refused message is corrected and sent again in one step; text, files and history stay (§3, R08)."""

from typing import Any

from litestar import Response, get, post

from domain.errors import Unfit, say
from domain.model import Message
from domain.moves import Role, Status
from domain.taking import stale
from portal import sending
from portal.cards import blocks, case, forms, story
from portal.desk.deciding import OpenedForm
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, Typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import go_to, leave_for, page
from portal.visit import PortalRequest

CITIZENS = [only(Role.CITIZEN)]


@get("/messages/{message_id:int}/correction", guards=CITIZENS)
async def edit(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    if message.status != Status.REFUSED:
        return go_to(f"/messages/{message.id}")
    files = await sending.own_files(message)
    block = await blocks.running(person, at=now)
    context = await shown(request, message, as_sent(message, [str(file.id) for file in files]), now, block=block)
    return page(request, "messages/correction.html", context)


@post("/messages/{message_id:int}/correction", guards=CITIZENS, request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def update(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    sent = await sending.read(request, by=person, at=now, key=message.key)
    try:
        refuse_an_older_consent(message, sent.typed)
        await sending.correct(message, sent, by=person, at=now)
    except Unfit as unfit:
        if message.status != Status.REFUSED:
            raise await stale(message, person) from None
        block = await blocks.running(person, at=now)
        context = await shown(request, message, sent.typed, now, bad=sent.bad, block=block)
        return await sending.again(request, sent, unfit, context, "messages/correction.html")
    return leave_for(request, f"/messages/{message.id}?said=corrected")


def refuse_an_older_consent(message: Message, typed: Typed) -> None:
    """The consent that was withdrawn while this page stood open is not given again by it (R28)."""
    since = typed.fit(OpenedForm).opened
    if typed.get("consent") == "given" and not message.consent and since not in (None, message.version):
        typed.fields["consent"] = ["withheld"]
        raise Unfit({"consent": say("You have withdrawn your consent meanwhile. Choose anew.")})


def as_sent(message: Message, files: list[str]) -> Typed:
    """The form as it was filled in the first time."""
    form = Typed.of(
        key=message.key,
        topic=message.topic,
        text=message.text,
        address=message.address,
        latitude=message.latitude,
        longitude=message.longitude,
        consent="given" if message.consent else "withheld",
    )
    form.fields["uploads"] = files
    return form


async def shown(request: PortalRequest, message: Message, typed: Typed, now: Any, **files: Any) -> dict[str, Any]:
    language = request.visit.view.language
    kept = [file for file in await sending.own_files(message) if typed.has("uploads", file.id)]
    action = f"/messages/{message.id}/correction"
    own = {"kept": kept, "own_topic": message.topic, "opened": message.version}
    context = await forms.form(typed, action, at=now, language=language, **own, **files)
    refusal = await case.refusal(await story.events(message))
    return {**context, "message": {"id": message.id, "refusal": refusal}}
