"""Citizens and moderators are told in their browser what happens, where the town has a key for push services."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0039"
VERSION = "1.38.0"
DESCRIPTION = "Browsers that are told what happens, and of what their people want no pushes."

BROWSERS = """
CREATE TABLE browser (
    id bigserial PRIMARY KEY,
    person bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    token_hash text NOT NULL UNIQUE,
    endpoint text NOT NULL UNIQUE CHECK (length(endpoint) <= 1000),
    p256dh text NOT NULL,
    auth text NOT NULL,
    since timestamptz NOT NULL,
    quiet_until timestamptz NOT NULL
)
"""


def statements() -> list[str]:
    return [
        BROWSERS,
        "CREATE INDEX browser_person ON browser (person)",
        "ALTER TABLE person ADD COLUMN unwanted_pushes text[] NOT NULL DEFAULT '{}'",
    ]


def undoing() -> list[str]:
    return [
        "ALTER TABLE person DROP COLUMN unwanted_pushes",
        "DROP TABLE browser",
        # What is owed to a browser no version before this one could send.
        "DELETE FROM delivery WHERE reaction LIKE 'push:%'",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
