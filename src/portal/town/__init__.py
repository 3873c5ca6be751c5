"""The demo town: directories, people, texts and drawn photos with which the portal looks alive; never in production."""

import json
from importlib.resources import files
from typing import Any


def read(name: str) -> Any:
    """One file of the town's data."""
    return json.loads(files("portal.town").joinpath("data", f"{name}.json").read_text(encoding="utf-8"))
