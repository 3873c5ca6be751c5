"""A message may be joined to a case that is answered already: one matter of several authors, each with a rating (§2)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0045"
VERSION = "1.38.0"
DESCRIPTION = "Messages that are joined to a case, and a rating of its answer from each author."

# Others add statuses as well: whatever is allowed by now stays allowed.
STATUSES = """
DO $$
DECLARE known text;
BEGIN
    SELECT pg_get_expr(conbin, conrelid) INTO known FROM pg_constraint WHERE conname = 'message_status';
    ALTER TABLE message DROP CONSTRAINT message_status;
    EXECUTE format('ALTER TABLE message ADD CONSTRAINT message_status CHECK (%s)', {});
END $$
"""
ANOTHER_STATUS = STATUSES.format("known || ' OR status = ''joined'''")
ONE_STATUS_LESS = STATUSES.format("format('(%s) AND status <> ''joined''', known)")
# Of several ratings of one answer the one that was sent to rework stays, else the first.
OTHERS = """
SELECT other.id FROM rating other JOIN rating kept ON kept.answer = other.answer AND kept.id <> other.id
WHERE other.choice <> 'unsolved' AND (kept.choice = 'unsolved' OR kept.id < other.id)
"""


def statements() -> list[str]:
    return [
        "ALTER TABLE message ADD COLUMN joined_to bigint REFERENCES message ON DELETE RESTRICT",
        ANOTHER_STATUS,
        "ALTER TABLE message ADD CONSTRAINT message_joined CHECK ((status = 'joined') = (joined_to IS NOT NULL))",
        "ALTER TABLE message ADD CONSTRAINT message_not_itself CHECK (joined_to <> id)",
        "CREATE INDEX message_joined_to ON message (joined_to) WHERE joined_to IS NOT NULL",
        "ALTER TABLE rating DROP CONSTRAINT rating_answer_key",
        "ALTER TABLE rating ADD CONSTRAINT rating_once UNIQUE (answer, person)",
    ]


def undoing() -> list[str]:
    return [
        f"UPDATE attachment SET message = NULL, rating = NULL WHERE rating IN ({OTHERS})",
        f"DELETE FROM rating WHERE id IN ({OTHERS})",
        "ALTER TABLE rating DROP CONSTRAINT rating_once",
        "ALTER TABLE rating ADD CONSTRAINT rating_answer_key UNIQUE (answer)",
        "ALTER TABLE message DROP CONSTRAINT message_joined",
        "UPDATE message SET status = 'registered' WHERE status = 'joined'",
        ONE_STATUS_LESS,
        "ALTER TABLE message DROP COLUMN joined_to",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
