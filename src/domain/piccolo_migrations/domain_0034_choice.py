"""Citizens choose which letters they want; whatever they switch off they still read in the cabinet."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0034"
VERSION = "1.38.0"
DESCRIPTION = "Which letters a person does not want."


def statements() -> list[str]:
    return ["ALTER TABLE person ADD COLUMN unwanted text[] NOT NULL DEFAULT '{}'"]


def undoing() -> list[str]:
    return ["ALTER TABLE person DROP COLUMN unwanted"]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
