"""The answer to a message, one a round (R15), and the citizen's rating of it."""

from piccolo.columns import UUID, Array, BigSerial, Date, ForeignKey, Integer, SmallInt, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person
from domain.model.rejection import Rejection
from domain.model.standard_answer import StandardAnswer


class Answer(Table):
    """`state` is draft, in_review, sent_back or approved; `rules` and `remark` say why it was sent back (R20).

    A typical answer names the standard answer and the version that it was made from (R09); `greeting` addresses the
    author by name, and is kept apart from the text because the text may be published. `public_text` is the moderator's
    copy for everybody. `informed` is the other organisation that was told of the matter, on a day, under an outgoing
    number or by a file of the answer (R19). `confirmed` are the rules that the reviewer found kept, in that version.
    """

    id: BigSerial = BigSerial(primary_key=True)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    round = SmallInt(default=1)
    state = Text(default="draft")
    outcome = Text(null=True, default=None)
    text = Text()
    public_text = Text(null=True, default=None)
    planned_on = Date(null=True, default=None)
    author = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    reviewer = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    rules = Array(Text(), default=list)
    remark = Text(null=True, default=None)
    version = Integer(default=1)
    sent_for_review_at = Timestamptz(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)
    published_at = Timestamptz(null=True, default=None)
    rejection = ForeignKey(Rejection, null=True, on_delete=OnDelete.restrict)
    standard_answer = ForeignKey(StandardAnswer, null=True, on_delete=OnDelete.restrict)
    standard_version = Integer(null=True, default=None)
    greeting = Text(null=True, default=None)
    informed = Text(null=True, default=None)
    informed_on = Date(null=True, default=None)
    informed_number = Text(null=True, default=None)
    informed_file = UUID(null=True, default=None)  # an Attachment, which itself points here
    confirmed = Array(Text(), default=list)
    reviewed_version = Integer(null=True, default=None)


class Rating(Table):
    """Once per answer by each of its readers (R23): `choice` is solved, accepted or unsolved."""

    id: BigSerial = BigSerial(primary_key=True)
    answer = ForeignKey(Answer, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    choice = Text()
    remarks = Text(null=True, default=None)
    at = Timestamptz(default=None)
