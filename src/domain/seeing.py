"""What a person may not see is not there: every look-up of a message starts here (§4.1)."""

from piccolo.columns.combination import WhereRaw
from piccolo.query import Objects

from domain.model import Message, Person
from domain.moves import Role

EVERYTHING = (Role.MODERATOR, Role.COORDINATOR, Role.OPERATOR, Role.CONTROLLER)

HAS_A_PART = "message.id IN (SELECT message FROM part WHERE executor = {} AND removed_at IS NULL)"


def visible_to(person: Person) -> Objects[Message]:
    """A citizen sees what they wrote, an executor what was sent to them or has a part in, the others every message."""
    if person.role in EVERYTHING:
        return Message.objects()
    match person.role:
        case Role.CITIZEN:
            return Message.objects().where(Message.author == person.id)
        case Role.EXECUTOR:
            return Message.objects().where((Message.executor == person.id) | WhereRaw(HAS_A_PART, person.id))
        case _:
            return Message.objects().where(WhereRaw("false"))
