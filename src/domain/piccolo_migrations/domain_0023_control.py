"""Control of terms (§5.1): the ladder of escalation, heads of organisations, hours of its letters, reasons asked."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0023"
VERSION = "1.38.0"
DESCRIPTION = (
    "The ladder of escalation and what was told by it, reasons that the controller asks, indexes of the board."
)

LADDER = """
CREATE TABLE escalation (
    id bigserial PRIMARY KEY,
    code text NOT NULL UNIQUE,
    workdays smallint NOT NULL,
    whom text NOT NULL,
    kind text NOT NULL DEFAULT '',
    active boolean NOT NULL DEFAULT true,
    CONSTRAINT escalation_workdays CHECK (workdays BETWEEN -10 AND 30),
    CONSTRAINT escalation_whom CHECK (whom IN ('executor','head','controller','coordinator'))
)
"""
RUNGS = """
INSERT INTO escalation (code, workdays, whom) VALUES
('eve', -1, 'executor'), ('last-day', 0, 'executor'), ('late', 1, 'executor'), ('late-controller', 1, 'controller'),
('late-head', 3, 'head')
"""
# A term whose last day moved may be told of once more, of the new day; of one day each step is told once.
STEPS = """
CREATE TABLE escalation_step (
    id bigserial PRIMARY KEY,
    term bigint NOT NULL REFERENCES term ON DELETE RESTRICT,
    rung bigint NOT NULL REFERENCES escalation ON DELETE RESTRICT,
    due_on date NOT NULL,
    told_at timestamptz NOT NULL,
    CONSTRAINT escalation_step_once UNIQUE (term, rung, due_on)
)
"""
REASONS = """
CREATE TABLE reason_request (
    id bigserial PRIMARY KEY,
    message bigint NOT NULL REFERENCES message ON DELETE RESTRICT,
    term bigint NOT NULL REFERENCES term ON DELETE RESTRICT,
    question text NOT NULL,
    asked_by bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    asked_at timestamptz NOT NULL,
    answer text,
    answered_by bigint REFERENCES person ON DELETE RESTRICT,
    answered_at timestamptz,
    CONSTRAINT reason_request_answered CHECK (num_nulls(answer, answered_by, answered_at) IN (0, 3))
)
"""
HOURS = "letters_from BETWEEN 0 AND 22 AND letters_until BETWEEN 1 AND 23 AND letters_from < letters_until"
LIMITS = """
ALTER TABLE setting ADD CONSTRAINT setting_limits CHECK (
    registration_hour BETWEEN 1 AND 23 AND rework_workdays BETWEEN 1 AND 3 AND follow_up_workdays BETWEEN 1 AND 30
    AND rating_days BETWEEN 1 AND 365 AND files_bytes BETWEEN 1 AND 50 * 1024 * 1024{more}
)
"""
OPEN = "met_at IS NULL AND void_at IS NULL"
DUTIES = "kind IN ('registration','decision','acceptance','answer','rework','follow_up','instruction')"
ANSWERS = "kind IN ('answer','rework','follow_up','instruction')"
INDEXES = {
    "term_step": f"term (remind_at, id) WHERE {OPEN} AND remind_at IS NOT NULL",
    "term_duty": f"term (runs_out_at, id) WHERE {OPEN} AND {DUTIES}",
    "term_answer_ended": f"term (runs_out_at) WHERE void_at IS NULL AND {ANSWERS}",
    "escalation_step_rung": "escalation_step (rung)",
    "reason_request_message": "reason_request (message, id)",
    "reason_request_term": "reason_request (term)",
    "reason_request_asked_by": "reason_request (asked_by)",
    "reason_request_answered_by": "reason_request (answered_by)",
}
ONE_OPEN = "CREATE UNIQUE INDEX reason_request_open ON reason_request (message) WHERE answered_at IS NULL"
REMINDER = "met_at IS NULL AND missed_at IS NULL AND void_at IS NULL AND reminded_at IS NULL"


def statements() -> list[str]:
    return [
        LADDER,
        RUNGS,
        STEPS,
        REASONS,
        "ALTER TABLE organisation ADD COLUMN head_name text NOT NULL DEFAULT '', ADD COLUMN head_email text",
        # With a column goes whatever checks it: the limits are said anew, without the reminder that is a step now.
        "ALTER TABLE setting DROP COLUMN reminder_workdays",
        "ALTER TABLE setting ADD COLUMN letters_from integer NOT NULL DEFAULT 9",
        "ALTER TABLE setting ADD COLUMN letters_until integer NOT NULL DEFAULT 18",
        LIMITS.format(more=f" AND {HOURS}"),
        "ALTER TABLE term DROP COLUMN reminded_at",
        "UPDATE term SET remind_at = NULL",
        f"UPDATE term SET remind_at = now() WHERE {OPEN} AND ({DUTIES} OR kind = 'part')",
        *(f"CREATE INDEX {name} ON {on}" for name, on in INDEXES.items()),
        ONE_OPEN,
    ]


def undoing() -> list[str]:
    return [
        "DROP INDEX term_step, term_duty, term_answer_ended",
        "ALTER TABLE term ADD COLUMN reminded_at timestamptz",
        f"CREATE INDEX term_reminder ON term (remind_at, id) WHERE {REMINDER}",
        "ALTER TABLE setting DROP COLUMN letters_from, DROP COLUMN letters_until",
        "ALTER TABLE setting ADD COLUMN reminder_workdays integer NOT NULL DEFAULT 1",
        LIMITS.format(more=" AND reminder_workdays BETWEEN 1 AND 5"),
        "ALTER TABLE organisation DROP COLUMN head_name, DROP COLUMN head_email",
        "DROP TABLE reason_request, escalation_step, escalation",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
