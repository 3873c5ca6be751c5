"""What is to become of one message of the demo town, before it happens."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from domain.moves import Status


@dataclass
class Plan:
    """A message to come. What is not fixed here is left to chance when it happens.

    `until` is where the story stops for now; `when` fixes moments of its steps, `choices` the ratings to come,
    `planned_on` the date that a planned answer promises.
    """

    topic: str
    author: str
    sent_at: datetime
    chance: Random
    until: Status | None = None
    when: dict[str, datetime] = field(default_factory=dict)
    outcome: str | None = None
    choices: list[str] | None = None
    planned_on: date | None = None
    refusal: dict[str, Any] | None = None
    handed_back: bool = False
    sent_back: bool = False
    typical: bool = False
    helpers: int = 0
    appealed_by_moderator: bool = False
