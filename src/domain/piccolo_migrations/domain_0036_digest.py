"""Letters about terms that are owed to one reader at once become one digest; what authors have read is remembered."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0036"
VERSION = "1.38.0"
DESCRIPTION = "Deliveries that go together as one letter; up to which event an author has read of their message."

SEEN = """
CREATE TABLE seen (
    id bigserial PRIMARY KEY,
    message bigint NOT NULL UNIQUE REFERENCES message ON DELETE RESTRICT,
    event bigint NOT NULL
)
"""
# What happened before there were marks is not news.
SEEN_BEFORE = "INSERT INTO seen (message, event) SELECT message, max(id) FROM event GROUP BY message"


def statements() -> list[str]:
    return [
        """
        ALTER TABLE delivery ADD COLUMN digest bigint,
        ADD CONSTRAINT delivery_gathered CHECK (digest IS NULL OR recipient <> '')
        """,
        "CREATE INDEX delivery_digest ON delivery (digest, id) WHERE digest IS NOT NULL",
        SEEN,
        SEEN_BEFORE,
    ]


def undoing() -> list[str]:
    return [
        "DROP TABLE seen",
        "DROP INDEX delivery_digest",
        "ALTER TABLE delivery DROP CONSTRAINT delivery_gathered, DROP COLUMN digest",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
