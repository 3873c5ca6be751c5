"""The tree of topics: a category holds topics, a topic has a track of the answer and a responsible executor (§5.2)."""

from piccolo.columns import Array, BigSerial, Boolean, ForeignKey, Integer, SmallInt, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person


class Category(Table):
    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    name = Text()
    icon = Text()
    position = Integer(default=0)
    active = Boolean(default=True)


class Topic(Table):
    """`track` is the fast-track level, 1 or 2; `season_from` and `season_to` are MM-DD and may wrap the year.

    `covered` and `not_covered` are examples of what belongs here and what does not; `executor` answers wherever no
    `Responsibility` names another.
    """

    id: BigSerial = BigSerial(primary_key=True)
    category = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    code = Text(unique=True)
    name = Text()
    track = SmallInt(default=1)
    photo_required = Boolean(default=False)
    closed = Boolean(default=False)
    emergency = Boolean(default=False)
    emergency_hint = Text()
    season_from = Text(null=True, default=None)
    season_to = Text(null=True, default=None)
    covered = Array(Text(), default=list)
    not_covered = Array(Text(), default=list)
    executor = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    active = Boolean(default=True)
    position = Integer(default=0)


class Territory(Table):
    """A part of the municipality; `places` are pieces of addresses by which it is recognised."""

    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    name = Text()
    places = Array(Text(), default=list)
    active = Boolean(default=True)


class Responsibility(Table):
    """Who answers on a topic in a territory, where it is not the executor of the topic."""

    id: BigSerial = BigSerial(primary_key=True)
    topic = ForeignKey(Topic, null=False, on_delete=OnDelete.restrict)
    territory = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    executor = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    active = Boolean(default=True)
