"""The operator's directories: every change of a row is kept, with the day from which it holds."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "Directories with their history, territories, absences."

PENDING = "applied_at IS NULL AND withdrawn_at IS NULL AND trouble IS NULL"

REVISION = """
CREATE TABLE revision (
    id bigserial PRIMARY KEY,
    directory text NOT NULL,
    row bigint NOT NULL,
    data jsonb NOT NULL,
    was jsonb,
    holds_from date NOT NULL,
    actor bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    at timestamptz NOT NULL,
    applied_at timestamptz,
    withdrawn_at timestamptz,
    trouble text,
    CONSTRAINT revision_ends_once CHECK (num_nonnulls(applied_at, withdrawn_at, trouble) <= 1)
)
"""
HISTORY = """
CREATE FUNCTION history_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR num_nonnulls(OLD.applied_at, OLD.withdrawn_at) > 0
        OR (OLD.id, OLD.directory, OLD.row, OLD.data, OLD.holds_from, OLD.actor, OLD.at)
        IS DISTINCT FROM (NEW.id, NEW.directory, NEW.row, NEW.data, NEW.holds_from, NEW.actor, NEW.at) THEN
        RAISE EXCEPTION 'the history of a directory is never rewritten';
    END IF;
    RETURN NEW;
END $$
"""
GUARD = """
CREATE TRIGGER revision_guard BEFORE UPDATE OR DELETE ON revision
FOR EACH ROW EXECUTE FUNCTION history_is_never_rewritten()
"""
INDEXES = {
    "revision_row": "revision (directory, row, id)",
    "revision_actor": "revision (actor)",
    "revision_pending": f"revision (holds_from, id) WHERE {PENDING}",
}


def statements() -> list[str]:
    return [
        REVISION,
        HISTORY,
        GUARD,
        "ALTER TABLE category ADD COLUMN active boolean NOT NULL DEFAULT true",
        *(f"CREATE INDEX {name} ON {on}" for name, on in INDEXES.items()),
    ]


def undoing() -> list[str]:
    return [
        "ALTER TABLE category DROP COLUMN active",
        "DROP TABLE revision",
        "DROP FUNCTION history_is_never_rewritten()",
    ]


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
