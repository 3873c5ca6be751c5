"""The act of a finished work in the demo town, as a department scans it and sends it with its answer."""

import json
from datetime import datetime
from pathlib import Path

import typst

from domain.workdays import TOWN

TEMPLATE = Path(__file__).parent / "data" / "act.typ"


def written(*, number: str, place: str, on: datetime) -> bytes:
    facts = {"number": number, "place": place, "on": f"{on.astimezone(TOWN):%d.%m.%Y}"}
    made = typst.compile(str(TEMPLATE), format="pdf", sys_inputs={"it": json.dumps(facts)}, ignore_system_fonts=True)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file, whatever the number of its pages")
    return made
