"""How messages are found among a million (R31): the narrowest filter names candidates, newest first, the others sift.

Every page costs the same whatever is asked: candidates are read from an index in the order of their ids and never more
than a few thousand of them. Where the others have sifted away nearly all, the page says how far it has looked, and the
next one goes on from there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from piccolo.columns.combination import WhereRaw
from piccolo.query import Objects
from piccolo.querystring import QueryString

from domain.model import Message, Person
from domain.moves import Role, Status, acting
from domain.seeing import EVERYTHING, visible_to
from domain.workdays import day_after, start_of
from portal.desk.control_filters import Span
from portal.desk.control_lines import UNMET
from portal.desk.search_filters import Filters, day

CANDIDATES = 5000
NAMESAKES = 1000  # authors of one name beyond these are not looked at: the name has to be told more exactly
LAST = 2**62
SLICE = 20_000  # as search_slice() cuts
STATUSES = [str(status) for status in Status]

WORDS = "websearch_to_tsquery('russian', translate({}, 'Ёё./', 'Ее  '))"
PLACE = "plainto_tsquery('russian', search_place({}))"
A_SLICE = "('''#' || s || '''')::tsquery"
# Of a phrase the candidates hold all the words; where they stand is looked up in the candidates alone, as no index
# knows. So is a phrase that is excluded: of such a question only what is asked for is left, and when that is nothing
# ("T") everything, which is whatever lacks a word that nobody has.
LOOSELY = r"""
regexp_replace(
    CASE WHEN q::text !~ '!.*<|<.*!' THEN q::text WHEN querytree(q) = 'T' THEN '!''#''' ELSE querytree(q) END,
    '<(-|\d+)>', '&', 'g')::tsquery
"""
PLAIN = re.compile(r"[^\W_]+(\s+[^\W_]+)*")
QUESTION = {"words": f"(SELECT {WORDS} AS q)", "place": f"(SELECT {PLACE} AS q)"}
# OFFSET 0 hides a question from the planner, who for words of most messages would read the table from end to end.
LOOSE = {
    "words": f"(SELECT {LOOSELY} AS q FROM {QUESTION['words']} exact OFFSET 0)",
    "place": f"(SELECT {PLACE} AS q OFFSET 0)",
}
NAMESAKES_OF = f"""
SELECT id FROM (
    (SELECT id FROM person WHERE role = 'citizen' AND search_name(name) @@ to_tsquery('simple', {{}}) LIMIT {NAMESAKES})
    UNION (SELECT id FROM person WHERE role = 'citizen' AND lower(email) = lower({{}}))
) namesakes
"""
EXECUTORS_OF = "SELECT id FROM person WHERE organisation = {} AND role = 'executor'"


@dataclass(frozen=True)
class Part:
    """A piece of a statement and the values that it takes."""

    sql: str
    values: tuple[Any, ...] = ()


def joined(*parts: Part, by: str = " ") -> Part:
    return Part(by.join(part.sql for part in parts), tuple(value for part in parts for value in part.values))


@dataclass(frozen=True)
class Search:
    """A search of one person at one moment: `found` is the statement of its page, `span` what is pressing then."""

    filters: Filters
    person: Person
    span: Span

    def found(self, most: int) -> Objects[Message]:
        query = visible_to(self.person)
        candidates = self.candidates(CANDIDATES if self.sifted else most)
        # As an array the candidates are looked up in the order of the ids, and no more of them than the page needs.
        query = query.where(WhereRaw(f"message.id = ANY(ARRAY({candidates.sql}))", *candidates.values))
        for condition in self.conditions():
            query = query.where(WhereRaw(condition.sql, *condition.values))
        return query.order_by(Message.id, ascending=False).limit(most)

    @property
    def sifted(self) -> bool:
        """Whether a candidate may be left out: by a second filter, or because it is not for this person to see."""
        return self.person.role not in EVERYTHING or any(self.conditions())

    def looked_at(self) -> QueryString:
        """All the candidates of a page that is sifted."""
        candidates = self.candidates(CANDIDATES)
        return QueryString(candidates.sql, *candidates.values)

    @property
    def lead(self) -> str:
        """The filter that leaves least: the others are asked of what it names."""
        filters = self.filters
        leads = {
            "number": filters.number,
            "author": filters.author,
            "term": filters.term,
            "status": filters.status and Status.CLOSED not in filters.status,
            "words": filters.q or filters.address,
            "executors": filters.organisation or self.person.role == Role.EXECUTOR,
            "topic": filters.topic,
        }
        return next((name for name, asked in leads.items() if asked), "")

    def candidates(self, most: int) -> Part:
        filters = self.filters
        match self.lead:
            case "number":
                between = Part("m.number ~>=~ {} AND m.number ~<~ {}", bounds(filters.number))
                return self.few("m.id", "message m", between, most)
            case "author":
                by_name = Part(f"m.author = ANY(ARRAY({NAMESAKES_OF}))", whole_of(filters.author))
                return self.few("m.id", "message m", by_name, most)
            case "term":
                return self.few("t.message", "term t", self.pressing(), most)
            case "status":
                each = Part("SELECT m.id FROM message m WHERE m.status = s AND m.status <> 'closed'")
                return self.each_of(Part("unnest({}::text[]) s", (list(filters.status),)), each, most)
            case "words":
                return self.of_words(most)
            case "executors":
                return self.of_executors(most)
            case "topic":
                return self.newest("m.id", "message m", Part("m.topic = {}", (int(filters.topic),)), most)
            case _:
                return self.newest("m.id", "message m", Part("true"), most)

    def newest(self, id: str, source: str, condition: Part, most: int) -> Part:
        """By an index that has them in the order of the ids."""
        head = Part(f"SELECT {id} FROM {source} WHERE")
        return joined(head, condition, self.range(id), Part(f"ORDER BY {id} DESC LIMIT {most}"))

    def few(self, id: str, source: str, condition: Part, most: int) -> Part:
        """Gathered first and sorted then: along the ids the planner would look for them through all the years."""
        head = Part(f"SELECT DISTINCT {id} + 0 AS id FROM {source} WHERE")
        return joined(head, condition, self.range(f"({id} + 0)"), Part(f"ORDER BY 1 DESC LIMIT {most}"))

    def pressing(self) -> Part:
        """The open terms that are late, run out today, or are not late yet."""
        running = (self.span.now, self.span.now + timedelta(days=36500))
        between = running if self.filters.term == "running" else self.span.bounds(self.filters.term)
        return Part(f"{UNMET} AND t.runs_out_at > {{}} AND t.runs_out_at <= {{}}", between)

    def of_executors(self, most: int) -> Part:
        """Cases by an index that has them in the order of the ids within each status; of one's own also the parts."""
        department = self.filters.organisation
        own = list(acting(self.person))
        executors = Part(f"ARRAY({EXECUTORS_OF})", (int(department),)) if department else Part("{}::bigint[]", (own,))
        statuses = list(self.filters.status) or STATUSES
        pairs = joined(Part("unnest("), executors, Part(") e, unnest({}::text[]) s", (statuses,)))
        cases = self.each_of(pairs, Part("SELECT m.id FROM message m WHERE m.executor = e AND m.status = s"), most)
        if department:
            return cases
        named = Part("p.removed_at IS NULL AND p.executor = ANY({}::bigint[])", (own,))
        parts = self.few("p.message", "part p", named, most)
        both = (Part("SELECT m.id FROM (("), cases, Part(") UNION ("), parts, Part(")) m (id)"))
        return joined(*both, Part(f"ORDER BY m.id DESC LIMIT {most}"))

    def each_of(self, lists: Part, each: Part, most: int) -> Part:
        """The newest of every list, of which then the newest of all."""
        newest = Part(f"ORDER BY m.id DESC LIMIT {most}")
        one = joined(each, self.range("m.id"), newest)
        return joined(Part("SELECT m.id FROM"), lists, Part("CROSS JOIN LATERAL ("), one, Part(") m"), newest)

    def of_words(self, most: int) -> Part:
        """Slice by slice from the newest on: a nested loop keeps the order of what leads it, and stops at the limit."""
        given = {"words": self.filters.q, "place": self.filters.address}
        questions = {name: value for name, value in given.items() if value}
        # The slice comes first and by itself: GIN leaps from list to list then, and neither walks through a whole slice
        # for words that never meet nor looks for them beyond its end.
        first = next(iter(questions))
        matching = " AND ".join([f"w.{first} @@ {A_SLICE}", *(f"w.{name} @@ {name}_asked.q" for name in questions)])
        return joined(
            Part("SELECT w.message FROM generate_series("),
            self.end_of_range("max"),
            Part(","),
            self.end_of_range("min"),
            Part(", -1) s"),
            *(Part(f"CROSS JOIN {LOOSE[name]} {name}_asked", (value,)) for name, value in questions.items()),
            Part(f"CROSS JOIN LATERAL (SELECT w.message FROM message_words w WHERE {matching}"),
            self.range("(w.message + 0)"),  # else all ids of the range are gathered from their own index as well
            Part(f"ORDER BY w.message DESC OFFSET 0) w LIMIT {most}"),
        )

    def end_of_range(self, end: str) -> Part:
        """The slice of the newest message in question, or of the oldest."""
        head = Part(f"(SELECT {end}(r.message) / {SLICE} FROM message_words r WHERE true")
        return joined(head, self.range("r.message"), Part(")"))

    def range(self, id: str) -> Part:
        """Before the page that was seen last, and within the days that are asked for, by the first sending."""
        parts = [Part(f"AND {id} < {{}}", (int(self.filters.after or LAST),))]
        came = f"(SELECT message FROM message_words WHERE came_at >= {{}} ORDER BY came_at, message LIMIT 1), {LAST})"
        if since := day(self.filters.since):
            parts.append(Part(f"AND {id} >= coalesce({came}", (start_of(since),)))
        if until := day(self.filters.until):
            parts.append(Part(f"AND {id} < coalesce({came}", (start_of(day_after(until)),)))
        return joined(*parts)

    def conditions(self) -> Iterator[Part]:
        """What sifts the candidates: every filter but the one that named them."""
        filters, lead = self.filters, self.lead
        if filters.q and lead != "number" and not (lead == "words" and PLAIN.fullmatch(filters.q)):
            yield holding("words", filters.q)
        if filters.address and lead != "words":
            yield holding("place", filters.address)
        if filters.author and lead != "author":
            yield Part(f"message.author = ANY(ARRAY({NAMESAKES_OF}))", whole_of(filters.author))
        if filters.term and lead != "term":
            pressing = self.pressing()
            yield Part(f"EXISTS (SELECT FROM term t WHERE t.message = message.id AND {pressing.sql})", pressing.values)
        if filters.status and lead not in ("status", "executors"):
            yield Part("message.status = ANY({}::text[])", (list(filters.status),))
        if filters.topic and lead != "topic":
            yield Part("message.topic = {}", (int(filters.topic),))
        if filters.organisation and lead != "executors":
            yield Part(f"message.executor = ANY(ARRAY({EXECUTORS_OF}))", (int(filters.organisation),))


def holding(column: str, value: str) -> Part:
    question = QUESTION[column]
    return Part(
        f"EXISTS (SELECT FROM message_words w, {question} a WHERE w.message = message.id AND w.{column} @@ a.q)",
        (value,),
    )


def bounds(number: str) -> tuple[str, str]:
    """Between which texts stand the numbers that begin so."""
    return number, number[:-1] + chr(ord(number[-1]) + 1)


def whole_of(author: str) -> tuple[str, str]:
    """The words of a name and an address of e-mail, each as a whole and a name of two words at least (§4.1).

    Whoever knows the author finds their messages; nobody finds out letter by letter who has written one.
    """
    words = re.findall(r"\w+", author.lower().replace("ё", "е"))
    return " & ".join(words) if len(words) > 1 else "", author
