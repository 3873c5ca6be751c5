"""Hints for the moderator: what a program saw in a message, and what it learned topics from."""

from piccolo.columns import JSONB, Array, BigSerial, Bytea, ForeignKey, Integer, SmallInt, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.standard_answer import StandardAnswer


class Screening(Table):
    """Of the latest `sending` of a message; written anew whenever it is computed again, as nobody acts on it by itself.

    `names` are the people that the text names, `grounds` codes with the words that speak for them, `alike` earlier
    messages that may tell of the same.
    """

    message = ForeignKey(Message, primary_key=True, null=False, on_delete=OnDelete.restrict)
    sending = SmallInt()
    screened_at = Timestamptz(default=None)
    topics = JSONB(default="[]")
    names = Array(Text(), default=list)
    grounds = JSONB(default="{}")
    alike = JSONB(default="[]")
    standard = ForeignKey(StandardAnswer, null=True, on_delete=OnDelete.restrict)


class TopicModel(Table, tablename="topic_model"):
    """Learned from so many registered messages; of `tested` later ones the topic was among the first three `found`."""

    id: BigSerial = BigSerial(primary_key=True)
    learned_at = Timestamptz(default=None)
    messages = Integer()
    tested = Integer()
    found = Integer()
    model = Bytea()
