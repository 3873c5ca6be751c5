"""Rows are found by the pictures that they speak of, so that forgetting a file reads no whole table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0027"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of the prepared and covered pictures."

INDEXES = {
    "attachment_sizes": "attachment USING gin (jsonb_path_query_array(sizes, '$.*'))",
    "attachment_covered": "attachment USING gin (jsonb_path_query_array(covered, '$.*')) WHERE covered IS NOT NULL",
}


def statements() -> list[str]:
    return [f"CREATE INDEX {name} ON {on}" for name, on in INDEXES.items()]


def undoing() -> list[str]:
    return [f"DROP INDEX {name}" for name in INDEXES]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
