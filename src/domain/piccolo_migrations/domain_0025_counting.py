"""A term keeps how its last day was counted (R34); a message waits for its author's reply to a question (§3)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0025"
VERSION = "1.38.0"
DESCRIPTION = "How the last day of a term was counted stands beside it; one question for each sending."

# Others add statuses as well: whatever is allowed by now stays allowed.
ANOTHER_STATUS = """
DO $$
DECLARE known text;
BEGIN
    SELECT pg_get_expr(conbin, conrelid) INTO known FROM pg_constraint WHERE conname = 'message_status';
    ALTER TABLE message DROP CONSTRAINT message_status;
    EXECUTE format('ALTER TABLE message ADD CONSTRAINT message_status CHECK (%s)', known || ' OR status = ''questioned''');
END $$
"""
ONE_STATUS_LESS = """
DO $$
DECLARE known text;
BEGIN
    SELECT pg_get_expr(conbin, conrelid) INTO known FROM pg_constraint WHERE conname = 'message_status';
    ALTER TABLE message DROP CONSTRAINT message_status;
    EXECUTE format('ALTER TABLE message ADD CONSTRAINT message_status CHECK ((%s) AND status <> ''questioned'')', known);
END $$
"""


def statements() -> list[str]:
    return [
        "ALTER TABLE term ADD COLUMN counting jsonb",
        "ALTER TABLE question ADD COLUMN sending integer NOT NULL DEFAULT 1",
        "ALTER TABLE question ADD CONSTRAINT question_once UNIQUE (message, sending)",
        ANOTHER_STATUS,
        # The ground of a refusal in silence is a row of the directory, which cannot be closed while it is named here.
        "ALTER TABLE setting RENAME COLUMN clarifying_ground TO ground_code",
        "ALTER TABLE setting ADD COLUMN clarifying_ground bigint REFERENCES ground ON DELETE RESTRICT",
        "UPDATE setting SET clarifying_ground = (SELECT id FROM ground WHERE code = ground_code)",
        "ALTER TABLE setting DROP COLUMN ground_code",
    ]


def undoing() -> list[str]:
    return [
        "ALTER TABLE setting RENAME COLUMN clarifying_ground TO ground_id",
        "ALTER TABLE setting ADD COLUMN clarifying_ground text NOT NULL DEFAULT 'G19'",
        "UPDATE setting SET clarifying_ground = ground.code FROM ground WHERE ground.id = ground_id",
        "ALTER TABLE setting DROP COLUMN ground_id",
        "UPDATE message SET status = 'submitted' WHERE status = 'questioned'",
        ONE_STATUS_LESS,
        "ALTER TABLE question DROP CONSTRAINT question_once",
        "ALTER TABLE question DROP COLUMN sending",
        "ALTER TABLE term DROP COLUMN counting",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
