"""What the tests of the citizens' pages share: forms as a browser fills them in, photos, and who is at the keyboard."""

import re
from typing import Any
from uuid import UUID, uuid4

import httpx
from tests.people import Town
from tests.portal.conftest import Browser
from tests.workers.drawing import quarters, saved

from domain.model import Attachment, Message
from portal.door import Door
from workers.pictures import prepare_all

PHOTO = saved(quarters(320, 200))
WORDS = "A deep hole at the bus stop, Petrov lives there."


def filled_in(town: Town, **changes: Any) -> dict[str, Any]:
    form = {
        "key": str(uuid4()),
        "topic": str(town.pothole.id),
        "text": WORDS,
        "address": "Mira 41",
        "consent": "given",
    }
    return {**form, **changes}


def photo(name: str = "hole.jpg", content: bytes = PHOTO) -> tuple[str, tuple[str, bytes, str]]:
    return "files", (name, content, "image/jpeg")


async def at_home(portal: Door, who: Any) -> Browser:
    return await Browser(portal).sign_in(who)


async def only_message() -> Message:
    (message,) = await Message.objects()
    return message


async def prepared(message: Message) -> list[Attachment]:
    """As the worker leaves them."""
    await prepare_all(await Attachment.objects().where(Attachment.message == message.id))
    return await Attachment.objects().where(Attachment.message == message.id).order_by(Attachment.received_at)


def value(page: str, name: str) -> str:
    """What stands in the input of this name."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def uploads(page: str) -> list[UUID]:
    return [UUID(id) for id in re.findall(r'name="uploads" value="([^"]+)"', page)]


def location(answer: httpx.Response) -> str:
    assert answer.status_code == 303, (answer.status_code, answer.text[:2000])
    return str(answer.headers["location"])
