"""Before and after as fields of the form of the answer (§4.2, R17): for each photo the one of the question, or none."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.cards.forms import uuid_of
from portal.desk.answers import File
from portal.forms import Typed

FIELD = re.compile(r"before_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def pairs(form: Typed) -> dict[UUID, UUID | None]:
    """What was chosen; which photos there are to choose from the domain knows, not the form."""
    photos = {name: UUID(field[1]) for name in form.fields if (field := FIELD.fullmatch(name))}
    return {photo: uuid_of(form.get(name)) for name, photo in photos.items()}


def begun(files: Sequence[File]) -> dict[str, Any]:
    return {f"before_{file.id}": file.before.id for file in files if file.before}
