"""Letters about terms that are owed to one reader at once become one digest; each stays a row with its own fate."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0036"
VERSION = "1.38.0"
DESCRIPTION = "Deliveries that go together as one letter."


def statements() -> list[str]:
    return [
        """
        ALTER TABLE delivery ADD COLUMN digest bigint,
        ADD CONSTRAINT delivery_gathered CHECK (digest IS NULL OR recipient <> '')
        """,
        "CREATE INDEX delivery_digest ON delivery (digest, id) WHERE digest IS NOT NULL",
    ]


def undoing() -> list[str]:
    return [
        "DROP INDEX delivery_digest",
        "ALTER TABLE delivery DROP CONSTRAINT delivery_gathered, DROP COLUMN digest",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
