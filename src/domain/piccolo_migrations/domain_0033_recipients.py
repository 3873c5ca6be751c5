"""A letter is owed to each of its readers by a row of its own, with the address and the id under which it goes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0033"
VERSION = "1.38.0"
DESCRIPTION = "A delivery for each reader of a letter; letters that came back, and letters sent again."


def statements() -> list[str]:
    return [
        """
        ALTER TABLE delivery ADD COLUMN recipient text NOT NULL DEFAULT '', ADD COLUMN address text,
        ADD COLUMN message_id text, ADD COLUMN resent integer NOT NULL DEFAULT 0, ADD COLUMN bounced_at timestamptz,
        ADD CONSTRAINT delivery_addressed CHECK ((recipient = '') = (message_id IS NULL))
        """,
        "DROP INDEX delivery_once",
        "CREATE UNIQUE INDEX delivery_once ON delivery (event, reaction, recipient)",
        "CREATE INDEX delivery_message_id ON delivery (message_id) WHERE message_id IS NOT NULL",
    ]


def undoing() -> list[str]:
    return [
        # What is still owed to a reader is owed by the reaction again.
        """
        UPDATE delivery whole SET done_at = NULL, attempts = 0, next_at = now() WHERE recipient = '' AND EXISTS (
            SELECT FROM delivery WHERE event = whole.event AND reaction = whole.reaction AND recipient <> ''
            AND done_at IS NULL AND gave_up_at IS NULL)
        """,
        "DELETE FROM delivery WHERE recipient <> ''",
        "DROP INDEX delivery_message_id",
        "DROP INDEX delivery_once",
        "CREATE UNIQUE INDEX delivery_once ON delivery (event, reaction)",
        """
        ALTER TABLE delivery DROP CONSTRAINT delivery_addressed, DROP COLUMN recipient, DROP COLUMN address,
        DROP COLUMN message_id, DROP COLUMN resent, DROP COLUMN bounced_at
        """,
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
