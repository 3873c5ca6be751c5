"""The operator's directories: every change of a row is kept, with the day from which it holds."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

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
# What stood in a row at a moment: as it was before the first change that came after, or as it is now.
STOOD = """
CREATE FUNCTION stood(in_directory text, of_row bigint, field text, moment timestamptz, standing text)
RETURNS text LANGUAGE sql STABLE
RETURN coalesce((SELECT r.was->>field FROM revision r WHERE r.directory = in_directory AND r.row = of_row
                 AND r.applied_at > moment AND r.was ? field ORDER BY r.applied_at, r.id LIMIT 1), standing)
"""
TERRITORY = """
CREATE TABLE territory (
    id bigserial PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    places text[] NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true
)
"""
RESPONSIBILITY = """
CREATE TABLE responsibility (
    id bigserial PRIMARY KEY,
    topic bigint NOT NULL REFERENCES topic ON DELETE RESTRICT,
    territory bigint NOT NULL REFERENCES territory ON DELETE RESTRICT,
    executor bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    active boolean NOT NULL DEFAULT true,
    CONSTRAINT responsibility_once UNIQUE (topic, territory)
)
"""
ABSENCE = """
CREATE TABLE absence (
    id bigserial PRIMARY KEY,
    person bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    first_day date NOT NULL,
    last_day date NOT NULL,
    deputy bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    active boolean NOT NULL DEFAULT true,
    CONSTRAINT absence_once UNIQUE (person, first_day),
    CONSTRAINT absence_days CHECK (last_day >= first_day),
    CONSTRAINT absence_deputy CHECK (deputy <> person)
)
"""
COLUMNS = {
    "category": ("active boolean NOT NULL DEFAULT true",),
    "organisation": ("code text NOT NULL DEFAULT ''", "active boolean NOT NULL DEFAULT true"),
    "topic": (
        "emergency_hint text NOT NULL DEFAULT ''",
        "covered text[] NOT NULL DEFAULT '{}'",
        "not_covered text[] NOT NULL DEFAULT '{}'",
    ),
    "message": ("territory bigint REFERENCES territory ON DELETE RESTRICT",),
}
INDEXES = {
    "revision_row": "revision (directory, row, id)",
    "revision_actor": "revision (actor)",
    "revision_pending": f"revision (holds_from, id) WHERE {PENDING}",
    "responsibility_territory": "responsibility (territory)",
    "responsibility_executor": "responsibility (executor)",
    "person_official": "person (name) WHERE role <> 'citizen'",
    "absence_deputy": "absence (deputy) WHERE active",
    "message_territory": "message (territory) WHERE territory IS NOT NULL",
}


def statements() -> list[str]:
    return [
        REVISION,
        HISTORY,
        GUARD,
        STOOD,
        TERRITORY,
        RESPONSIBILITY,
        ABSENCE,
        *(f"ALTER TABLE {table} ADD COLUMN {each}" for table, columns in COLUMNS.items() for each in columns),
        "UPDATE organisation SET code = 'org-' || id",
        "ALTER TABLE organisation ALTER COLUMN code DROP DEFAULT, ADD CONSTRAINT organisation_code UNIQUE (code)",
        *(f"CREATE INDEX {name} ON {on}" for name, on in INDEXES.items()),
    ]


def undoing() -> list[str]:
    return [
        *(
            f"ALTER TABLE {table} DROP COLUMN {each.split()[0]}"
            for table, columns in COLUMNS.items()
            for each in columns
        ),
        "DROP TABLE absence, responsibility, territory",
        "DROP FUNCTION stood(text, bigint, text, timestamptz, text)",
        "DROP TABLE revision",
        "DROP FUNCTION history_is_never_rewritten()",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
