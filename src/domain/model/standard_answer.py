"""The moderator's directory of standard answers (справочник модератора, §2), and every version that was ever in it."""

from piccolo.columns import BigSerial, Boolean, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person
from domain.model.topic import Topic


class StandardAnswer(Table, tablename="standard_answer"):
    """As it stands now; `version` is the number of the version that is in force, which its changes give it."""

    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    topic = ForeignKey(Topic, null=False, on_delete=OnDelete.restrict)
    name = Text()
    outcome = Text()
    text = Text()
    version = Integer(default=0)
    active = Boolean(default=True)


class StandardAnswerVersion(Table, tablename="standard_answer_version"):
    """As it stood from a day on: never rewritten, because answers that were sent name the version they came from."""

    id: BigSerial = BigSerial(primary_key=True)
    standard_answer = ForeignKey(StandardAnswer, null=False, on_delete=OnDelete.restrict)
    version = Integer()
    topic = ForeignKey(Topic, null=False, on_delete=OnDelete.restrict)
    name = Text()
    outcome = Text()
    text = Text()
    active = Boolean(default=True)
    in_force_from = Date(default=None)
    kept_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    kept_at = Timestamptz(default=None)
