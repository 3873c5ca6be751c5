"""A file of directories waits to be confirmed, beside what would follow from it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

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


async def run(lines: list[str]) -> None:
    engine = engine_finder()
    for line in lines:
        await engine.run_ddl(line)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="domain", description=DESCRIPTION)

    async def there() -> None:
        await run(statements())

    async def back() -> None:
        await run(undoing())

    manager.add_raw(there)
    manager.add_raw_backwards(back)
    return manager
