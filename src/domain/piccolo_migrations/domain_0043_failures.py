"""How long a delivery waits for its next attempt is counted by what has failed, not by the workers that were killed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0043"
VERSION = "1.38.0"
DESCRIPTION = "Of the attempts of a delivery, how many failed."


async def forwards() -> MigrationManager:
    return in_words(
        ID,
        DESCRIPTION,
        ["ALTER TABLE delivery ADD COLUMN failures integer NOT NULL DEFAULT 0"],
        ["ALTER TABLE delivery DROP COLUMN failures"],
    )
