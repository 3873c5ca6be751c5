"""What a person may not see is not there: every look-up of a message starts here (§4.1)."""

from piccolo.columns.combination import WhereRaw
from piccolo.query import Objects

from domain.model import Message, Person
from domain.moves import Role, acting

EVERYTHING = (Role.MODERATOR, Role.COORDINATOR, Role.OPERATOR, Role.CONTROLLER)

HAS_A_PART = "message.id IN (SELECT message FROM part WHERE executor = ANY({}::bigint[]) AND removed_at IS NULL)"


def visible_to(person: Person) -> Objects[Message]:
    """A citizen sees what they wrote, an executor what was sent to them or has a part in, the others every message.

    A deputy sees what the absent executor would.
    """
    if person.role in EVERYTHING:
        return Message.objects()
    match person.role:
        case Role.CITIZEN:
            return Message.objects().where(Message.author == person.id)
        case Role.EXECUTOR:
            own = list(acting(person))
            return Message.objects().where(Message.executor.is_in(own) | WhereRaw(HAS_A_PART, own))
        case _:
            return Message.objects().where(WhereRaw("false"))
