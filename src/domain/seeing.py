"""What a person may not see is not there: every look-up of a message starts here (§4.1)."""

from piccolo.columns.combination import WhereRaw
from piccolo.query import Objects

from domain.model import Message, Person
from domain.moves import Role, acting

EVERYTHING = (Role.MODERATOR, Role.COORDINATOR, Role.OPERATOR, Role.CONTROLLER)

JOINED_TO_THEIRS = "message.joined_to IN (SELECT id FROM message WHERE executor = ANY({}::bigint[]))"
HAS_A_PART = "message.id IN (SELECT message FROM part WHERE executor = ANY({}::bigint[]) AND removed_at IS NULL)"


def visible_to(person: Person) -> Objects[Message]:
    """A citizen sees what they wrote, an executor what was sent to them, with what is joined to it, or has a
    part in, the others every message.

    A deputy sees what the absent executor would.
    """
    if person.role in EVERYTHING:
        return Message.objects()
    match person.role:
        case Role.CITIZEN:
            return Message.objects().where(Message.author == person.id)
        case Role.EXECUTOR:
            own = list(acting(person))
            beside = WhereRaw(HAS_A_PART, own) | WhereRaw(JOINED_TO_THEIRS, own)
            return Message.objects().where(Message.executor.is_in(own) | beside)
        case _:
            return Message.objects().where(WhereRaw("false"))
