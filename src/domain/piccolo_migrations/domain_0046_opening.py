"""Who has opened the name and the contacts of an author: of which case, on which day and why."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0046"
VERSION = "1.38.0"
DESCRIPTION = "Openings of the data of authors."

# One a day of each official and case: of two presses at once the second finds it open.
TABLE = """
CREATE TABLE author_opening (
    id bigserial PRIMARY KEY,
    message bigint NOT NULL REFERENCES message ON DELETE RESTRICT,
    person bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    day date NOT NULL,
    reason text NOT NULL CONSTRAINT author_opening_reason
        CHECK (reason IN ('circumstances', 'contact', 'repeat', 'complaint', 'other')),
    words text NOT NULL DEFAULT '' CONSTRAINT author_opening_words
        CHECK (length(words) <= 300 AND (reason <> 'other' OR words <> '')),
    at timestamptz NOT NULL,
    CONSTRAINT author_opening_once UNIQUE (message, person, day)
)
"""
# An author is looked for by the whole address of their letters.
EMAIL = "CREATE INDEX person_email_found ON person (lower(email)) WHERE role = 'citizen'"


async def forwards() -> MigrationManager:
    undoing = ["DROP INDEX person_email_found", "DROP TABLE author_opening"]
    return in_words(ID, DESCRIPTION, [TABLE, EMAIL], undoing)
