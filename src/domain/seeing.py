"""What a person may not see is not there: every look-up of a message starts here (§4.1)."""

from piccolo.columns.combination import WhereRaw
from piccolo.query import Objects

from domain.model import Message, Person
from domain.moves import OFFERABLE, Role, acting

EVERYTHING = (Role.MODERATOR, Role.COORDINATOR, Role.OPERATOR, Role.CONTROLLER)

JOINED_TO_THEIRS = "message.joined_to IN (SELECT id FROM message WHERE executor = ANY({}::bigint[]))"
HAS_A_PART = "message.id IN (SELECT message FROM part WHERE executor = ANY({}::bigint[]) AND removed_at IS NULL)"
IS_OFFERED = """message.id IN (SELECT h.message FROM hand_over h WHERE h.taker = ANY({}::bigint[])
    AND h.settled_at IS NULL)"""
OF_THE_DEPARTMENT = "message.executor IN (SELECT id FROM person WHERE organisation = {} AND role = 'executor')"


def visible_to(person: Person) -> Objects[Message]:
    """A citizen sees what they wrote, an executor what was sent or is offered to them, with what is joined to it, or
    what they have a part in.

    A deputy sees what the absent executor would, whoever heads a department what was sent to anybody in it, the others
    every message.
    """
    if person.role in EVERYTHING:
        return Message.objects()
    match person.role:
        case Role.CITIZEN:
            return Message.objects().where(Message.author == person.id)
        case Role.EXECUTOR:
            own = list(acting(person))
            offered = Message.status.is_in(list(OFFERABLE)) & WhereRaw(IS_OFFERED, own)
            beside = WhereRaw(HAS_A_PART, own) | WhereRaw(JOINED_TO_THEIRS, own) | offered
            # A joined message keeps who had it before, for when it is taken out; until then it is not theirs to read.
            whose_own = Message.joined_to.is_null()
            seen = (whose_own & Message.executor.is_in(own)) | beside
            led = whose_own & WhereRaw(OF_THE_DEPARTMENT, person.organisation)
            return Message.objects().where(seen | led if person.heads else seen)
        case _:
            return Message.objects().where(WhereRaw("false"))
