"""A term keeps how its last day was counted (R34)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "0025"
VERSION = "1.38.0"
DESCRIPTION = "How the last day of a term was counted stands beside it."


def statements() -> list[str]:
    return ["ALTER TABLE term ADD COLUMN counting jsonb"]


def undoing() -> list[str]:
    return ["ALTER TABLE term DROP COLUMN counting"]


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
