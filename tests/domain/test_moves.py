"""The lifecycle, whole: every role in every status tries every move, and exactly the written ones are allowed."""

from dataclasses import dataclass
from itertools import product

import pytest

from domain import moves
from domain.errors import NotAllowed, OutOfTurn, Refusal
from domain.moves import ALL, Move, Role, Status

# Written out by hand from the regulation, on purpose not derived from the table that it checks.
ALLOWED = {
    "register": {("moderator", "submitted"), ("moderator", "questioned")},
    "answer at once": {("moderator", "submitted"), ("moderator", "questioned")},
    "refuse": {("moderator", "submitted"), ("moderator", "questioned")},
    "ask": {("moderator", "submitted")},
    "reply": {("citizen", "questioned")},
    "refuse silence": {("system", "questioned")},
    "correct": {("citizen", "refused")},
    "join": {("moderator", each) for each in ("submitted", "questioned", "registered", "handed_back", "in_work")},
    "detach": {("moderator", "joined")},
    "accept": {("executor", "registered")},
    "hand back": {("executor", "registered"), ("executor", "in_work")},
    "reroute": {("moderator", "handed_back")},
    "send for review": {
        ("executor", "in_work"), ("executor", "sent_back"), ("executor", "rework"), ("executor", "follow_up"),
    },
    "send back": {("moderator", "in_review")},
    "approve": {("moderator", "in_review")},
    "close": {("citizen", "answered"), ("system", "answered")},
    "await the promise": {("citizen", "answered"), ("system", "answered")},
    "send to rework": {("citizen", "answered")},
    "follow up": {("system", "answered"), ("system", "promised")},
    "appeal to the commission": {("citizen", "answered")},
    "bring to the commission": {
        ("moderator", "rework"), ("moderator", "sent_back"), ("moderator", "in_review"), ("moderator", "answered"),
        ("moderator", "promised"), ("moderator", "follow_up"),
    },
    "instruct": {("coordinator", "commission")},
    "resolve": {("coordinator", "commission")},
}  # fmt: skip
LEADS_TO = {
    "register": "registered", "answer at once": "answered", "refuse": "refused", "correct": "submitted",
    "ask": "questioned", "reply": "submitted", "refuse silence": "refused",
    "join": "joined", "detach": "registered",
    "accept": "in_work", "hand back": "handed_back", "reroute": "registered", "send for review": "in_review",
    "send back": "sent_back", "approve": "answered", "close": "closed", "await the promise": "promised",
    "send to rework": "rework", "follow up": "follow_up", "appeal to the commission": "commission",
    "bring to the commission": "commission", "instruct": "in_work", "resolve": "closed",
}  # fmt: skip


@dataclass
class Somebody:
    id: int | None
    role: str
    stands_in_for: tuple[int, ...] = ()


@dataclass
class Something:
    status: str
    author: int = 1
    executor: int | None = 2


OWNER = {Role.CITIZEN: 1, Role.EXECUTOR: 2, Role.SYSTEM: None}


@pytest.mark.rule("R07", "R08", "R11", "R12", "R20", "R21", "R24", "R27")
@pytest.mark.parametrize("move", ALL, ids=lambda move: move.name)
def test_exactly_the_written_moves_are_allowed(move: Move) -> None:
    tried = product(Role, Status)

    allowed = {
        (role, status) for role, status in tried if move.allows(Somebody(OWNER.get(role, 9), role), Something(status))
    }

    assert allowed == ALLOWED[move.name]


def test_every_move_leads_where_it_is_written() -> None:
    assert {move.name: move.to for move in ALL} == LEADS_TO


@pytest.mark.parametrize("move", ALL, ids=lambda move: move.name)
def test_nobody_moves_what_belongs_to_another(move: Move) -> None:
    strangers = [Somebody(3, Role.CITIZEN), Somebody(3, Role.EXECUTOR)]

    moved = [(by, status) for by, status in product(strangers, Status) if move.allows(by, Something(status))]

    assert moved == []


def test_every_status_can_be_reached_and_left() -> None:
    assert {move.to for move in ALL} | {Status.SUBMITTED} == set(Status)
    left = {status for move in ALL for status in move.sources}
    assert set(Status) - left == {Status.CLOSED}


def test_a_wrong_person_is_told_apart_from_a_wrong_moment() -> None:
    with pytest.raises(NotAllowed):
        moves.REGISTER.check(Somebody(2, Role.EXECUTOR), Something(Status.SUBMITTED))
    with pytest.raises(OutOfTurn):
        moves.REGISTER.check(Somebody(9, Role.MODERATOR), Something(Status.CLOSED))
    assert issubclass(NotAllowed, Refusal)


@pytest.mark.rule("R11", "R12")
@pytest.mark.parametrize("move", ALL, ids=lambda move: move.name)
@pytest.mark.parametrize("role", list(Role))
def test_a_deputy_makes_the_moves_of_the_absent_executor_and_no_others(move: Move, role: Role) -> None:
    message = Something(move.sources[0])
    deputy, other = Somebody(7, role, stands_in_for=(2,)), Somebody(7, role, stands_in_for=(3,))

    gained = move.is_for(deputy, message) and not move.is_for(other, message)

    assert gained == (role == Role.EXECUTOR and Role.EXECUTOR in move.roles)
