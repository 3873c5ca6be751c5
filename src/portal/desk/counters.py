"""How many messages stand in each queue, as it stands beside the name of the queue."""

from collections.abc import Sequence

from portal.desk.queues import ANY_OF, Queue, pressing, whose

COUNTED = 100  # more than this nobody counts: the page says "99+"


def counting(queues: Sequence[Queue], mine: str = "") -> str:
    """The counters of all queues as columns of one statement, each stopping at a hundred."""
    owed = "AND m.id IN (SELECT t.message FROM term t WHERE {pressing} AND t.owed_by = {any_of})"

    def narrowed(queue: Queue) -> str:
        if queue.offered:
            return whose(queue)
        return owed.format(pressing=pressing(queue), any_of=ANY_OF) if queue.owed else mine

    return ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM message m WHERE {queue.where} {narrowed(queue)} LIMIT {COUNTED})"
        f" counted) AS {queue.name}"
        for queue in queues
    )


def shown(count: int) -> str:
    return f"{COUNTED - 1}+" if count >= COUNTED else str(count)
