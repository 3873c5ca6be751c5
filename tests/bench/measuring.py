"""Rounds of visits, one contender after the other and again, so that a busy neighbour harms all alike."""

import json
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from statistics import median

from tests.bench import floor_sql, load, process_time
from tests.bench.floor_sql import Replay
from tests.bench.load import Outcome
from tests.bench.places import Page
from tests.bench.servers import ROOT, port_of

from portal.embedded.process import Child

CONNECTIONS = 8
ROUNDS = 5
SECONDS = 1.5
WARM_UP = 0.7


class Wrong(Exception):
    """The portal answered something else than what was to be measured: the figures would be worth nothing."""


@dataclass(frozen=True)
class Round:
    outcome: Outcome
    web: float
    database: float

    @property
    def rate(self) -> float:
        return self.outcome.requests / self.outcome.seconds


@dataclass
class Contender:
    """`visit` makes one round of so many seconds; `web` is the process that answers (or asks, when it is bare SQL)."""

    name: str
    expected: str
    visit: Callable[[float], Outcome]
    web: Child | None
    rounds: list[Round] = field(default_factory=list)

    def middle(self, what: Callable[[Round], float]) -> float:
        return median(what(each) for each in self.rounds)

    @property
    def rate(self) -> float:
        return self.middle(lambda each: each.rate)

    @property
    def waited_ms(self) -> float:
        return self.middle(lambda each: each.outcome.median_ms)

    @property
    def web_ms(self) -> float:
        return self.middle(lambda each: each.web / each.outcome.requests * 1000)

    @property
    def database_ms(self) -> float:
        return self.middle(lambda each: each.database / each.outcome.requests * 1000)

    @property
    def bytes(self) -> int:
        return self.rounds[0].outcome.bytes


def measure(contenders: Sequence[Contender], postgres: Child) -> None:
    for contender in contenders:
        checked(contender, contender.visit(WARM_UP))
    for _ in range(ROUNDS):
        for contender in contenders:
            contender.rounds.append(one_round(contender, postgres))


def one_round(contender: Contender, postgres: Child) -> Round:
    web, database = used(contender.web), used(postgres)
    outcome = checked(contender, contender.visit(SECONDS))
    return Round(outcome, used(contender.web) - web, used(postgres) - database)


def used(child: Child | None) -> float:
    """Without a server of its own, what asks is a child of ours that has ended."""
    return process_time.seconds(child.pid) if child else process_time.buried()


def checked(contender: Contender, outcome: Outcome) -> Outcome:
    if set(outcome.statuses) != {contender.expected}:
        raise Wrong(f"{contender.name}: every answer should be {contender.expected}, came {outcome.statuses}")
    return outcome


def visiting(web: Child, requests: Callable[[], Iterable[str]]) -> Callable[[float], Outcome]:
    def visit(seconds: float) -> Outcome:
        order = load.Order(port_of(web), list(requests()), CONNECTIONS, seconds)
        return ask("tests.bench.load", json.dumps(asdict(order)).encode())

    return visit


def replaying(replay: Callable[[], Replay]) -> Callable[[float], Outcome]:
    def visit(seconds: float) -> Outcome:
        return ask("tests.bench.floor_sql", pickle.dumps(floor_sql.Order(replay(), CONNECTIONS, seconds)))

    return visit


def ask(module: str, order: bytes) -> Outcome:
    done = subprocess.run([sys.executable, "-m", module], input=order, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return Outcome(**json.loads(done.stdout))


def asking_again(web: Child, page: Page) -> Callable[[], Iterable[str]]:
    """A page that the browser has: its tag is asked for, and holds until the minute is over."""

    def requests() -> Iterable[str]:
        left = 60 - time.time() % 60
        if left < 2 * SECONDS:
            time.sleep(left + 0.1)
        return [page.request(**{"If-None-Match": tag_of(web, page)})]

    return requests


def tag_of(web: Child, page: Page) -> str:
    line = HTTPConnection("127.0.0.1", port_of(web), timeout=10)
    line.request("GET", page.path, headers=dict(page.headers))
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.headers["ETag"]
