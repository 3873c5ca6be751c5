"""The remarks that a new answer goes through, as fields of the form of that answer (§4.4, R24)."""

import re
from typing import Any

from domain.remarks import Reply
from portal.desk.cases import Case
from portal.forms import Typed

FIELD = re.compile(r"(?:remark|reply)_([0-9]{1,18})")


def replies(form: Typed) -> dict[int, Reply]:
    """What was said to each remark; which remarks there are the domain knows, not the form."""
    ids = {int(field[1]) for name in form.fields if (field := FIELD.fullmatch(name))}
    return {id: Reply(form.get(f"remark_{id}") or None, form.get(f"reply_{id}").strip()) for id in ids}


def begun(case: Case) -> dict[str, Any]:
    """What the draft says so far."""
    said: dict[str, Any] = {}
    for remark in case.to_be_answered:
        said |= {f"remark_{remark.id}": remark.outcome, f"reply_{remark.id}": remark.reply}
    return said
