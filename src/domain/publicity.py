"""What may stand before everybody (§4.1): the moderator's copy of a message whose author agreed, on an open topic."""

import re
from datetime import datetime
from typing import Any

from domain.errors import Unfit, say
from domain.model import Message, Topic


def made_public(message: Message, topic: Topic, text: str, *, at: datetime) -> dict[Any, Any]:
    """The columns that publication sets; raises Unfit when the message may not be published (R28)."""
    if not message.consent:
        raise Unfit({"publish": say("The author did not agree to publication.")})
    if topic.closed:
        raise Unfit({"publish": say("Messages on this topic are never published.")})
    if not text.strip():
        raise Unfit({"public_text": say("Write the text that everybody will read.")})
    return {"public_text": text.strip(), "published_at": at}


FLAT = re.compile(r"[,;]?\s*\b(?:кв(?:артира)?|комн(?:ата)?|flat|apt)\b\.?\s*№?\s*\d+\s?[а-яa-z]?\b", re.IGNORECASE)


def public_place(address: str) -> str:
    """The address without the flat: where the matter is, and not where somebody lives (R10)."""
    return FLAT.sub("", address).strip()
