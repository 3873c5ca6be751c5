"""A standard phrase of the answers: an executor's own, or one of their department."""

from piccolo.columns import BigSerial, ForeignKey, Integer, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.organisation import Organisation
from domain.model.person import Person
from domain.model.topic import Topic


class Phrase(Table):
    """Of `person` or of `organisation`, one of the two; with a `topic` it is offered in cases of that topic alone."""

    id: BigSerial = BigSerial(primary_key=True)
    person = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    organisation = ForeignKey(Organisation, null=True, on_delete=OnDelete.restrict)
    topic = ForeignKey(Topic, null=True, on_delete=OnDelete.restrict)
    name = Text()
    words = Text()
    version = Integer(default=1)
