"""What the tables promise: allowed values, indexes for every question asked, and a journal that nobody rewrites."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "Checks, indexes, the unchangeable journal and its notice to the relay."

RUNNING = "met_at IS NULL AND missed_at IS NULL AND void_at IS NULL"

CHECKS = {
    "person_role": (
        "person",
        "role IN ('citizen','moderator','executor','coordinator','operator','controller')",
    ),
    "topic_track": ("topic", "track IN (1, 2)"),
    "message_status": (
        "message",
        "status IN ('submitted','refused','registered','handed_back','in_work','in_review','sent_back',"
        "'answered','promised','rework','follow_up','commission','closed')",
    ),
    "message_reworks": ("message", "reworks BETWEEN 0 AND 3"),
    "message_consent": ("message", "published_at IS NULL OR consent"),
    "message_registered": ("message", "(number IS NULL) = (registered_at IS NULL)"),
    "answer_state": ("answer", "state IN ('draft','in_review','sent_back','approved')"),
    "answer_outcome": ("answer", "outcome IN ('solved','planned','impossible')"),
    "answer_planned": ("answer", "state = 'draft' OR outcome <> 'planned' OR planned_on IS NOT NULL"),
    "answer_reviewer": ("answer", "reviewer IS NULL OR reviewer <> author"),
    "rating_choice": ("rating", "choice IN ('solved','accepted','unsolved')"),
    "rating_remarks": ("rating", "choice <> 'unsolved' OR remarks IS NOT NULL"),
    "attachment_state": ("attachment", "state IN ('received','ready','refused')"),
    "term_kind": (
        "term",
        "kind IN ('registration','decision','acceptance','return','answer','rework','follow_up','promise','rating')",
    ),
}

INDEXES = {
    "person_organisation": "person (organisation)",
    "topic_category": "topic (category)",
    "topic_executor": "topic (executor)",
    "message_author": "message (author, id DESC)",
    "message_topic": "message (topic, id DESC)",
    "message_queue": "message (status, id) WHERE status <> 'closed'",
    "message_executor": "message (executor, status, id)",
    "message_feed": "message (published_at DESC, id DESC) WHERE published_at IS NOT NULL",
    "message_feed_status": "message (status, published_at DESC, id DESC) WHERE published_at IS NOT NULL",
    "message_feed_topic": "message (topic, published_at DESC, id DESC) WHERE published_at IS NOT NULL",
    "message_search": "message USING gin (search) WHERE published_at IS NOT NULL",
    "answer_author": "answer (author)",
    "answer_reviewer": "answer (reviewer)",
    "rating_person": "rating (person)",
    "attachment_message": "attachment (message)",
    "attachment_answer": "attachment (answer)",
    "attachment_rating": "attachment (rating)",
    "attachment_uploaded_by": "attachment (uploaded_by)",
    "attachment_unprepared": "attachment (received_at) WHERE state = 'received'",
    "term_message": "term (message)",
    "term_running": f"term (runs_out_at, id) WHERE {RUNNING}",
    "term_reminder": f"term (remind_at, id) WHERE {RUNNING} AND reminded_at IS NULL",
    "term_open": "term (kind, runs_out_at, message) WHERE met_at IS NULL AND void_at IS NULL",
    "term_late": "term (runs_out_at, id) WHERE missed_at IS NOT NULL AND met_at IS NULL AND void_at IS NULL",
    "term_owed_by": f"term (owed_by, runs_out_at) WHERE {RUNNING}",
    "term_registration_day": "term (due_on) WHERE kind = 'registration'",
    "term_met": "term (met_at) WHERE kind IN ('answer','registration') AND met_at IS NOT NULL",
    "rating_at": "rating (at)",
    "event_message": "event (message, id)",
    "event_actor": "event (actor)",
    "event_unhandled": "event (id) WHERE handled_at IS NULL",
    "delivery_due": "delivery (next_at, id) WHERE done_at IS NULL AND gave_up_at IS NULL",
    "session_person": "session (person)",
}

UNIQUE = {
    "answer_round": "answer (message, round)",
    "delivery_once": "delivery (event, reaction)",
    "term_once": f"term (message, kind) WHERE {RUNNING}",
}

JOURNAL = """
CREATE FUNCTION journal_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.id, OLD.kind, OLD.message, OLD.actor, OLD.at, OLD.data)
        IS DISTINCT FROM (NEW.id, NEW.kind, NEW.message, NEW.actor, NEW.at, NEW.data) THEN
        RAISE EXCEPTION 'the journal is never rewritten';
    END IF;
    RETURN NEW;
END $$
"""
GUARD = """
CREATE TRIGGER event_guard BEFORE UPDATE OR DELETE ON event
FOR EACH ROW EXECUTE FUNCTION journal_is_never_rewritten()
"""
WAKE = """
CREATE FUNCTION wake_the_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('event', '');
    RETURN NULL;
END $$
"""
NOTICE = "CREATE TRIGGER event_notice AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION wake_the_relay()"
# The flat is left out as it is on the public card (R10): what cannot be read cannot be found either.
FLAT = r"[,;]?\s*\m(кв|квартира|комн|комната|flat|apt)\M\.?\s*№?\s*\d+\s?[а-яa-z]?\M"
SEARCH = f"""
ALTER TABLE message ADD COLUMN search tsvector GENERATED ALWAYS AS
(to_tsvector('russian', coalesce(public_text, '') || ' ' || regexp_replace(address, '{FLAT}', '', 'gi')
 || ' ' || coalesce(number, ''))) STORED
"""


def statements() -> list[str]:
    return [
        SEARCH,
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})" for name, (table, rule) in CHECKS.items()),
        *(f"CREATE INDEX {name} ON {on}" for name, on in INDEXES.items()),
        *(f"CREATE UNIQUE INDEX {name} ON {on}" for name, on in UNIQUE.items()),
        JOURNAL,
        GUARD,
        WAKE,
        NOTICE,
        "INSERT INTO setting DEFAULT VALUES",
    ]


def undoing() -> list[str]:
    return [
        "DELETE FROM setting",
        "DROP TRIGGER event_notice ON event",
        "DROP TRIGGER event_guard ON event",
        "DROP FUNCTION wake_the_relay()",
        "DROP FUNCTION journal_is_never_rewritten()",
        *(f"DROP INDEX {name}" for name in (*UNIQUE, *INDEXES)),
        *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for name, (table, _) in CHECKS.items()),
        "ALTER TABLE message DROP COLUMN search",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
