"""Who follows what of the things that everybody may read, and how often they are written to (§2)."""

from piccolo.columns import BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person
from domain.model.topic import Topic


class Subscriber(Table):
    """A citizen, written to as ever; or a guest, whose `email` stands here and nowhere else."""

    id: BigSerial = BigSerial(primary_key=True)
    person = ForeignKey(Person, null=True, unique=True, on_delete=OnDelete.restrict)
    email = Text(null=True, default=None, unique=True)
    language = Text()


class Subscription(Table):
    """To one message, or to a street, a topic, or both together; `street_key` is how the street is found.

    What nobody has confirmed counts for nothing and is forgotten after a while.
    """

    id: BigSerial = BigSerial(primary_key=True)
    subscriber = ForeignKey(Subscriber, null=False, on_delete=OnDelete.cascade)
    message = ForeignKey(Message, null=True, on_delete=OnDelete.restrict)
    street = Text(null=True, default=None)
    street_key = Text(null=True, default=None)
    topic = ForeignKey(Topic, null=True, on_delete=OnDelete.restrict)
    frequency = Text()
    asked_at = Timestamptz(default=None)
    confirmed_at = Timestamptz(null=True, default=None)


class Confirmation(Table):
    """A letter that a guest has asked for: marks of its address and of the place, from which nobody reads either."""

    id: BigSerial = BigSerial(primary_key=True)
    address = Text()
    place = Text()
    at = Timestamptz(default=None)
