"""A town that has written for years, put into an empty database by a dozen statements instead of the domain's verbs.

Most messages are closed; what waits for officials is a few hundred however long the town has been writing, and a
little more in a town with a longer past. Directories and officials are those of the demo town.
"""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from portal.town import directories, people

A_YEAR = 20_000  # messages that a town of ours sends in a year
WAITING = {  # how many messages stand in each open status in a town with half a year behind it
    "submitted": 40,
    "registered": 30,
    "in_work": 120,
    "in_review": 50,
    "sent_back": 15,
    "handed_back": 10,
    "rework": 20,
    "follow_up": 10,
    "commission": 5,
    "answered": 350,
    "promised": 100,
}


@dataclass(frozen=True)
class Filled:
    messages: int
    waiting: int


async def fill(
    connection: asyncpg.Connection, messages: int, *, at: datetime, a_year: int = A_YEAR, waiting: int | None = None
) -> Filled:
    """Write so many messages with all that belongs to them; Piccolo has to stand on the same database.

    `waiting` is how many of them wait for somebody, where it is not what such a town would have.
    """
    officials = await people.fill(at=at)
    await directories.fill(officials)
    growth = waiting / sum(WAITING.values()) if waiting else 1 + 0.3 * min(1.0, messages / 100_000)
    async with connection.transaction():
        # References that are right by construction need no check, and the checks would take most of the time.
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(CITIZENS, messages // 3)
        await connection.execute(*plan(messages, growth, at, a_year))
        for statement in STATEMENTS:
            await connection.execute(statement)
    await connection.execute("ANALYZE")
    return Filled(messages, await connection.fetchval(WAIT))


def plan(messages: int, growth: float, at: datetime, a_year: int) -> tuple[str, int, float, datetime]:
    """Which message is where: the newest wait, scattered; of the older every 25th was refused, the rest are closed."""
    steps, reached = [], 0
    for status, count in WAITING.items():
        reached += round(count * growth)
        steps.append(f"WHEN spread < {reached} THEN '{status}'")
    waiting = f"(age * 7919 + 13) % {reached}"
    statement = PLAN.format(steps=" ".join(steps), waiting=waiting, reached=reached)
    return statement, messages, 365 * 86400 / a_year, at


CITIZENS = """
INSERT INTO person (role, name, given_name, email, position, esia_oid, is_organisation, consented_at, language, active)
SELECT 'citizen', 'Житель ' || i || ' Посёлков', 'Житель ' || i, 'p' || i || '@mail.example', '', 'bench-' || i,
       i % 40 = 0, now(), 'ru', true
FROM generate_series(1, $1::int) i
"""
PLAN = """
CREATE TEMPORARY TABLE plan ON COMMIT DROP AS
WITH topics AS (SELECT id, track, closed, executor, row_number() OVER (ORDER BY id) - 1 AS place FROM topic),
     citizens AS (SELECT min(id) AS first, count(*) AS many FROM person WHERE esia_oid LIKE 'bench-%'),
     aged AS (SELECT i, $1::int - i AS age FROM generate_series(1, $1::int) i),
     placed AS (SELECT i, age, CASE WHEN age < {reached} THEN {waiting} END AS spread FROM aged),
     stated AS (
         SELECT i, age, CASE {steps} WHEN i % 25 = 0 THEN 'refused' ELSE 'closed' END AS status,
                $3::timestamptz - make_interval(secs => age * $2::float8 + 600) AS sent_at
         FROM placed)
SELECT $3::timestamptz AS now_there, s.i, s.status, s.sent_at, s.sent_at + interval '3 hours' AS registered_at,
       s.sent_at + interval '6 days' AS answered_at, s.sent_at + interval '16 days' AS closed_at,
       t.id AS topic, t.track, t.executor, c.first + (s.i * 31) % c.many AS author,
       NOT t.closed AND s.i % 3 < 2 AND s.status NOT IN ('submitted', 'refused') AS public,
       s.status NOT IN ('submitted', 'refused') AS registered,
       s.status IN ('answered', 'promised', 'closed', 'rework', 'follow_up', 'commission') AS answered,
       CASE WHEN s.status IN ('promised', 'follow_up') OR s.i % 10 IN (1, 2) THEN 'planned'
            WHEN s.i % 10 = 0 THEN 'impossible' ELSE 'solved' END AS outcome,
       -- Where the running clock ends: some a day or two ago, the others within two weeks.
       date_trunc('day', $3::timestamptz) + make_interval(days => (s.i * 7) % 14 - 1) AS ends_at
FROM stated s CROSS JOIN citizens c JOIN topics t ON t.place = (s.i * 17) % (SELECT count(*) FROM topics)
ORDER BY s.i
"""
TEXT = """
(ARRAY['На дороге у остановки глубокая яма, машины объезжают её по встречной полосе.', 'Третий день не горит фонарь у
школы. Дети идут домой в темноте, перехода не видно.', 'Контейнеры не вывозили с прошлой недели. Мусор разносит ветром
по двору и детской площадке.', 'В подъезде нет тепла, батареи еле тёплые. В квартирах шестнадцать градусов.',
'На детской площадке сломаны качели, торчит арматура. Просим починить или убрать.'])[i % 5 + 1]
|| ' Обращались в управляющую компанию в начале месяца, обещали разобраться, но ничего не изменилось. Просим сообщить, '
|| 'когда это будет сделано и кто за это отвечает. Сообщение ' || i || '.'
"""
MESSAGES = f"""
INSERT INTO message (id, key, number, author, topic, executor, status, sending, round, reworks, version, text, address,
    latitude, longitude, consent, public_text, public_address, published_at, sent_at, registered_at, answered_at,
    closed_at)
SELECT i, gen_random_uuid(), CASE WHEN registered THEN extract(year FROM sent_at)::text || '-' || lpad(
           (row_number() OVER (PARTITION BY extract(year FROM sent_at) ORDER BY i))::text, 5, '0') END,
       author, topic, CASE WHEN registered THEN executor END, status, 1,
       CASE WHEN status = 'rework' THEN 2 ELSE 1 END,
       CASE WHEN status = 'rework' THEN 1 WHEN status = 'answered' AND i % 31 = 0 THEN 3 ELSE 0 END,
       5, {TEXT}, 'ул. Мира, ' || i % 120, 50.07, 43.24, i % 3 < 2, CASE WHEN public THEN {TEXT} END,
       CASE WHEN public THEN 'ул. Мира, ' || i % 120 END,
       CASE WHEN public THEN registered_at END, sent_at, CASE WHEN registered THEN registered_at END,
       CASE WHEN answered THEN answered_at END, CASE WHEN status = 'closed' THEN closed_at END
FROM plan ORDER BY i
"""
NUMBERS = """
INSERT INTO number_row (year, last) SELECT extract(year FROM sent_at)::int, count(*) FROM message GROUP BY 1
"""


def term(kind: str, which: str, *, opened: str, days: str, met: str, void: str = "NULL", reminded: bool = True) -> str:
    """One kind of clock for the messages of the plan that have had it; what still runs ends as the plan says."""
    runs = f"{met} IS NULL AND {void} IS NULL"
    ends = f"CASE WHEN {runs} AND {days} > 2 THEN ends_at ELSE {opened} + interval '2 days' END"
    late = f"CASE WHEN {runs} AND ({ends}) < now_there THEN {ends} END"
    return f"""
INSERT INTO term (message, kind, opened_at, workdays, due_on, runs_out_at, remind_at, owed_by, met_at, missed_at,
    void_at, provisional)
SELECT i, '{kind}', {opened}, {days}, ({ends} - interval '1 hour')::date, date_trunc('day', {ends}),
       {f"({ends}) - interval '1 day'" if reminded else "NULL"}, executor, {met}, {late}, {void}, false
FROM plan WHERE {which}"""


DECIDED = "(CASE WHEN status <> 'submitted' THEN registered_at END)"
ANSWERED = "(CASE WHEN answered THEN answered_at END)"
ACCEPTED = "(CASE WHEN status NOT IN ('registered', 'handed_back') THEN registered_at + interval '1 hour' END)"
RATED = "(CASE WHEN status = 'closed' THEN closed_at END)"
TERMS = [
    term("registration", "true", opened="sent_at", days="0", met=DECIDED),
    term("decision", "true", opened="sent_at", days="2", met=DECIDED),
    term("acceptance", "registered", opened="registered_at", days="1", met=ACCEPTED),
    term("return", "registered", opened="registered_at", days="1", met="NULL::timestamptz", void="sent_at"),
    term("answer", "registered", opened="registered_at", days="(track * 6 + 2)", met=ANSWERED),
    term("rework", "status = 'rework'", opened="answered_at", days="3", met="NULL::timestamptz"),
    term("follow_up", "status = 'follow_up'", opened="answered_at", days="3", met="NULL::timestamptz"),
    term("promise", "status = 'promised'", opened="answered_at", days="10", met="NULL::timestamptz"),
    term("rating", "status IN ('answered', 'closed')", opened="answered_at", days="30", met=RATED, reminded=False),
]
EVENTS = """
INSERT INTO event (kind, message, actor, at, data, handled_at)
SELECT kind, i, actor, at, data, at + interval '1 second' FROM (
    SELECT 'message:submitted' AS kind, i, author AS actor, sent_at AS at, jsonb_build_object('sending', 1) AS data
    FROM plan
    UNION ALL
    SELECT 'message:refused', i, moderator.id, registered_at, jsonb_build_object('grounds',
        (SELECT jsonb_agg(code) FROM (SELECT code FROM ground ORDER BY id LIMIT 1) g), 'reason', 'Нет предмета',
        'proposal', 'Напишите, что случилось и где') FROM plan, moderator WHERE status = 'refused'
    UNION ALL
    SELECT 'message:registered', i, moderator.id, registered_at, jsonb_build_object('number', i::text, 'topic', topic,
        'executor', executor) FROM plan, moderator WHERE registered
    UNION ALL
    SELECT 'message:published', i, moderator.id, registered_at, '{}' FROM plan, moderator WHERE public
    UNION ALL
    SELECT 'message:accepted', i, executor, registered_at + interval '1 hour', jsonb_build_object('scope', 'выезд')
    FROM plan WHERE registered AND status NOT IN ('registered', 'handed_back')
    UNION ALL
    SELECT 'message:handed_back', i, executor, registered_at + interval '1 hour',
        jsonb_build_object('justification', 'дорога областная', 'competent', 'комитет') FROM plan
    WHERE status = 'handed_back'
    UNION ALL
    SELECT 'answer:sent_for_review', i, executor, answered_at - interval '1 hour',
        jsonb_build_object('outcome', outcome) FROM plan WHERE answered OR status IN ('in_review', 'sent_back')
    UNION ALL
    SELECT 'answer:approved', i, moderator.id, answered_at, jsonb_build_object('outcome', outcome)
    FROM plan, moderator WHERE answered
    UNION ALL
    SELECT 'answer:rated', i, author, closed_at, jsonb_build_object('choice', 'solved')
    FROM plan WHERE status = 'closed' AND i % 2 = 0
    UNION ALL
    SELECT 'message:closed', i, NULL, closed_at, '{}' FROM plan WHERE status = 'closed'
) told ORDER BY at
"""
ANSWERS = """
INSERT INTO answer (message, round, state, outcome, text, planned_on, author, reviewer, rules, version,
    sent_for_review_at, approved_at, public_text, published_at)
SELECT i, 1, CASE WHEN answered THEN 'approved' ELSE status END, outcome,
       'Бригада выезжала на место, осмотр проведён, работы выполнены в полном объёме. Ответ на сообщение ' || i || '.',
       CASE WHEN outcome = 'planned' THEN (answered_at + interval '40 days')::date END, executor,
       CASE WHEN answered THEN moderator.id END, '{}', 3, answered_at - interval '1 hour',
       CASE WHEN answered THEN answered_at END, CASE WHEN public AND answered THEN 'Работы выполнены. ' || i END,
       CASE WHEN public AND answered THEN answered_at END
FROM plan, moderator WHERE answered OR status IN ('in_review', 'sent_back') ORDER BY i
"""
RATINGS = """
INSERT INTO rating (answer, person, choice, at)
SELECT an.id, p.author, CASE WHEN p.i % 4 = 0 THEN 'solved' ELSE 'accepted' END, p.closed_at
FROM plan p JOIN answer an ON an.message = p.i WHERE p.status = 'closed' AND p.i % 2 = 0
"""
PHOTOS = """
INSERT INTO attachment (id, key, message, answer, name, content_hash, kind, size, width, height, sizes, state,
    uploaded_by, received_at, shown)
SELECT gen_random_uuid(), gen_random_uuid(), m, an, 'photo.jpg', md5(m::text || coalesce(an::text, '')), 'jpeg',
       1500000, 1600, 1200, '{"small": "0", "medium": "0", "large": "0"}', 'ready', by, at, shown
FROM (SELECT i AS m, NULL::bigint AS an, author AS by, sent_at AS at, public AS shown FROM plan WHERE i % 5 < 2
      UNION ALL
      SELECT p.i, a.id, p.executor, p.answered_at, p.public AND p.answered
      FROM plan p JOIN answer a ON a.message = p.i WHERE p.i % 2 = 0) files
"""
DELIVERIES = """
INSERT INTO delivery (event, reaction, next_at, attempts, done_at)
SELECT id, 'letter', at, 1, at + interval '2 seconds' FROM event
WHERE kind IN ('message:registered', 'message:refused', 'answer:approved')
"""
MODERATOR = """
CREATE TEMPORARY TABLE moderator ON COMMIT DROP AS
SELECT id FROM person WHERE role = 'moderator' ORDER BY id LIMIT 1
"""
# No trigger has run; see the migrations of these words and of this column.
WORDS_OF_MESSAGES = """
INSERT INTO message_words (message, came_at, words, place)
SELECT m.id, m.sent_at, slice || search_words(m.text || ' ' || place), slice || to_tsvector('russian', place)
FROM message m, search_place(m.address) place, array_to_tsvector(ARRAY[search_slice(m.id)]) slice ORDER BY m.id
"""
UNDECIDED = "UPDATE message m SET undecided = true WHERE is_undecided(m)"
STATEMENTS = [
    MODERATOR,
    "ANALYZE plan",
    MESSAGES,
    "ANALYZE message",  # inside one transaction the planner would take what has just grown for empty
    "SELECT setval(pg_get_serial_sequence('message', 'id'), (SELECT max(id) FROM message))",
    NUMBERS,
    *TERMS,
    EVENTS,
    ANSWERS,
    "ANALYZE answer",
    UNDECIDED,
    WORDS_OF_MESSAGES,
    RATINGS,
    PHOTOS,
    DELIVERIES,
]
WAIT = "SELECT count(*) FROM message WHERE status NOT IN ('closed', 'refused')"
