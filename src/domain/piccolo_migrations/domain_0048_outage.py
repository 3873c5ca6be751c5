"""The letters that wait for the mail server itself are found at once, however many wait for other things."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0048"
VERSION = "1.38.0"
DESCRIPTION = "An index of the letters that a mail server which is away keeps back."

KEPT_BACK = """
CREATE INDEX delivery_kept_back ON delivery (id)
WHERE done_at IS NULL AND gave_up_at IS NULL AND error LIKE 'ServerAway:%'
"""


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, [KEPT_BACK], ["DROP INDEX delivery_kept_back"])
