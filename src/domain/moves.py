"""Every status of a message, every move between them, who may make it, and the clause that says so. One page."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.errors import NotAllowed, OutOfTurn


class Role(StrEnum):
    CITIZEN = "citizen"
    MODERATOR = "moderator"
    EXECUTOR = "executor"
    COORDINATOR = "coordinator"
    OPERATOR = "operator"
    CONTROLLER = "controller"
    SYSTEM = "system"


class Status(StrEnum):
    SUBMITTED = "submitted"  # waits for the moderator
    QUESTIONED = "questioned"  # the moderator has asked, the author has not replied yet
    REFUSED = "refused"  # registration refused; may be corrected and sent again
    REGISTERED = "registered"  # has a number, waits for its executor to accept
    HANDED_BACK = "handed_back"  # "not ours": waits for the moderator to send it elsewhere
    IN_WORK = "in_work"  # accepted, the answer is being prepared
    IN_REVIEW = "in_review"  # the draft of the answer waits for a second person
    SENT_BACK = "sent_back"  # the draft broke a rule of the answer
    ANSWERED = "answered"  # the citizen has the answer and may rate it
    PROMISED = "promised"  # answered with a date that has not come yet
    REWORK = "rework"  # the citizen says: not solved
    FOLLOW_UP = "follow_up"  # the promised date came, an additional answer is due
    JOINED = "joined"  # one matter with another message, whose answer is its answer
    COMMISSION = "commission"  # reworked three times, waits for the commission
    CLOSED = "closed"


class Mover(Protocol):
    """Who moves: a person with a role, or the system when nobody is looking."""

    @property
    def id(self) -> int | None: ...
    @property
    def role(self) -> str: ...
    @property
    def stands_in_for(self) -> tuple[int, ...]: ...


class Moved(Protocol):
    """What is moved: a message, as far as a move needs to know it."""

    status: str
    author: int
    executor: int | None


def acting(by: Mover) -> tuple[int | None, ...]:
    """In whose place somebody acts: their own, and that of those for whom they stand in."""
    return (by.id, *by.stands_in_for)


S, R = Status, Role
UNDECIDED = (S.SUBMITTED, S.QUESTIONED)  # registration is still to be decided on
JOINABLE = (*UNDECIDED, S.REGISTERED, S.HANDED_BACK, S.IN_WORK)  # nobody has written its author an answer yet
WRITABLE = (S.IN_WORK, S.SENT_BACK, S.REWORK, S.FOLLOW_UP)  # the executor may write the answer
OFFERABLE = (S.REGISTERED, *WRITABLE)  # they may hand the case over to a colleague: it is theirs to do something about


@dataclass(frozen=True)
class Move:
    """One arrow of the lifecycle: a citizen moves only their own message, an executor only one sent to them.

    Whoever stands in for an executor moves theirs as well; of several authors of one case each stands for its first.
    """

    name: str
    sources: tuple[Status, ...]
    to: Status
    roles: tuple[Role, ...]
    clause: str

    def allows(self, by: Mover, message: Moved) -> bool:
        return self.is_for(by, message) and message.status in self.sources

    def is_for(self, by: Mover, message: Moved) -> bool:
        match by.role:
            case R.CITIZEN:
                owns = message.author in acting(by)
            case R.EXECUTOR:
                owns = message.executor in acting(by)
            case _:
                owns = True
        return owns and by.role in self.roles

    def check(self, by: Mover, message: Moved) -> None:
        """Raise NotAllowed for the wrong person, OutOfTurn for the wrong state."""
        if not self.is_for(by, message):
            raise NotAllowed("This is not yours to do.")
        if message.status not in self.sources:
            raise OutOfTurn("This can no longer be done: the message is in another state now.")


REGISTER = Move("register", UNDECIDED, S.REGISTERED, (R.MODERATOR,), "3")
ANSWER_AT_ONCE = Move("answer at once", UNDECIDED, S.ANSWERED, (R.MODERATOR,), "2")
REFUSE = Move("refuse", UNDECIDED, S.REFUSED, (R.MODERATOR,), "3")
ASK = Move("ask", (S.SUBMITTED,), S.QUESTIONED, (R.MODERATOR,), "3")
REPLY = Move("reply", (S.QUESTIONED,), S.SUBMITTED, (R.CITIZEN,), "3")
JOIN = Move("join", JOINABLE, S.JOINED, (R.MODERATOR,), "2")
DETACH = Move("detach", (S.JOINED,), S.REGISTERED, (R.MODERATOR,), "3")
REFUSE_SILENCE = Move("refuse silence", (S.QUESTIONED,), S.REFUSED, (R.SYSTEM,), "3")
CORRECT = Move("correct", (S.REFUSED,), S.SUBMITTED, (R.CITIZEN,), "3")
ACCEPT = Move("accept", (S.REGISTERED,), S.IN_WORK, (R.EXECUTOR,), "4.1")
HAND_BACK = Move("hand back", (S.REGISTERED, S.IN_WORK), S.HANDED_BACK, (R.EXECUTOR,), "4.1")
REROUTE = Move("reroute", (S.HANDED_BACK,), S.REGISTERED, (R.MODERATOR,), "4.1")
SEND_FOR_REVIEW = Move("send for review", WRITABLE, S.IN_REVIEW, (R.EXECUTOR,), "4.3")
SEND_BACK = Move("send back", (S.IN_REVIEW,), S.SENT_BACK, (R.MODERATOR,), "4.2")
APPROVE = Move("approve", (S.IN_REVIEW,), S.ANSWERED, (R.MODERATOR,), "4.3")
CLOSE = Move("close", (S.ANSWERED,), S.CLOSED, (R.CITIZEN, R.SYSTEM), "4.4")
AWAIT_PROMISE = Move("await the promise", (S.ANSWERED,), S.PROMISED, (R.CITIZEN, R.SYSTEM), "4.3")
SEND_TO_REWORK = Move("send to rework", (S.ANSWERED,), S.REWORK, (R.CITIZEN,), "4.4")
FOLLOW_UP = Move("follow up", (S.ANSWERED, S.PROMISED), S.FOLLOW_UP, (R.SYSTEM,), "4.3")
APPEAL = Move("appeal to the commission", (S.ANSWERED,), S.COMMISSION, (R.CITIZEN,), "4.4")
BRING_TO_COMMISSION = Move(
    "bring to the commission",
    (S.REWORK, S.SENT_BACK, S.IN_REVIEW, S.ANSWERED, S.PROMISED, S.FOLLOW_UP),
    S.COMMISSION,
    (R.MODERATOR,),
    "4.4",
)
INSTRUCT = Move("instruct", (S.COMMISSION,), S.IN_WORK, (R.COORDINATOR,), "4.4")
RESOLVE = Move("resolve", (S.COMMISSION,), S.CLOSED, (R.COORDINATOR,), "4.4")

ALL = (
    REGISTER, ANSWER_AT_ONCE, REFUSE, ASK, REPLY, REFUSE_SILENCE, JOIN, DETACH,
    CORRECT, ACCEPT, HAND_BACK, REROUTE, SEND_FOR_REVIEW, SEND_BACK, APPROVE,
    CLOSE, AWAIT_PROMISE, SEND_TO_REWORK, FOLLOW_UP, APPEAL, BRING_TO_COMMISSION, INSTRUCT, RESOLVE,
)  # fmt: skip

REWORKS_AT_MOST = 3  # R26: the fourth "not solved" in a row goes to the commission
