"""A file of directories waits to be confirmed, beside what would follow from it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0024"
VERSION = "1.38.0"
DESCRIPTION = "Files of directories that wait to be confirmed."

INTAKE = """
CREATE TABLE intake (
    id uuid PRIMARY KEY,
    person bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    name text NOT NULL,
    sheets jsonb NOT NULL,
    plan jsonb NOT NULL,
    holds_from date,
    at timestamptz NOT NULL,
    written_at timestamptz
)
"""


def statements() -> list[str]:
    return [
        INTAKE,
        "CREATE INDEX intake_person ON intake (person)",
        "CREATE INDEX intake_at ON intake (at)",
    ]


def undoing() -> list[str]:
    return ["DROP TABLE intake"]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
