"""Standard answers with their versions (R09), and the parts of a case that co-executors do (R11)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0007"
VERSION = "1.38.0"
DESCRIPTION = "Standard answers and their versions, parts of co-executors with their inner terms."

RUNNING = "met_at IS NULL AND missed_at IS NULL AND void_at IS NULL"
OPEN = "met_at IS NULL AND void_at IS NULL"

STANDARD_ANSWER = """
CREATE TABLE standard_answer (
    id bigserial PRIMARY KEY,
    code text NOT NULL CONSTRAINT standard_answer_code UNIQUE,
    topic bigint NOT NULL REFERENCES topic ON DELETE RESTRICT,
    name text NOT NULL CONSTRAINT standard_answer_named CHECK (name <> ''),
    outcome text NOT NULL CONSTRAINT standard_answer_outcome CHECK (outcome IN ('solved','planned','impossible')),
    text text NOT NULL CONSTRAINT standard_answer_written CHECK (text <> ''),
    version integer NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT true
)
"""
VERSIONS = """
CREATE TABLE standard_answer_version (
    id bigserial PRIMARY KEY,
    standard_answer bigint NOT NULL REFERENCES standard_answer ON DELETE RESTRICT,
    version integer NOT NULL,
    topic bigint NOT NULL REFERENCES topic ON DELETE RESTRICT,
    name text NOT NULL,
    outcome text NOT NULL,
    text text NOT NULL,
    active boolean NOT NULL,
    in_force_from date NOT NULL,
    kept_by bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    kept_at timestamptz NOT NULL,
    CONSTRAINT standard_answer_version_once UNIQUE (standard_answer, version)
)
"""
NEVER = """
CREATE FUNCTION a_version_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a standard answer is never rewritten';
END $$
"""
GUARD = """
CREATE TRIGGER standard_answer_version_guard BEFORE UPDATE OR DELETE ON standard_answer_version
FOR EACH ROW EXECUTE FUNCTION a_version_is_never_rewritten()
"""
ANSWER = """
ALTER TABLE answer
    ADD COLUMN standard_answer bigint,
    ADD COLUMN standard_version integer,
    ADD COLUMN greeting text,
    ADD CONSTRAINT answer_standard FOREIGN KEY (standard_answer, standard_version)
        REFERENCES standard_answer_version (standard_answer, version) MATCH FULL ON DELETE RESTRICT
"""
PART = """
CREATE TABLE part (
    id bigserial PRIMARY KEY,
    message bigint NOT NULL REFERENCES message ON DELETE RESTRICT,
    round smallint NOT NULL DEFAULT 1,
    executor bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    task text NOT NULL CONSTRAINT part_task CHECK (task <> ''),
    due_on date NOT NULL,
    text text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    named_by bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    named_at timestamptz NOT NULL,
    done_at timestamptz,
    removed_at timestamptz,
    CONSTRAINT part_of_another CHECK (executor <> named_by),
    CONSTRAINT part_ended CHECK (done_at IS NULL OR removed_at IS NULL OR done_at <= removed_at)
)
"""
COLUMNS = {
    "attachment": "part bigint REFERENCES part ON DELETE RESTRICT",
    "term": "part bigint REFERENCES part ON DELETE RESTRICT",
}
# The kinds of a term are one constraint that each release adds to: what it says already stays as it is.
KIND = """
DO $$
DECLARE rule text;
BEGIN
    SELECT pg_get_expr(conbin, conrelid) INTO rule FROM pg_constraint WHERE conname = 'term_kind';
    ALTER TABLE term DROP CONSTRAINT term_kind;
    EXECUTE format('ALTER TABLE term ADD CONSTRAINT term_kind CHECK (%s OR kind = ''part'')', rule);
END $$
"""
KIND_BACK = """
DO $$
DECLARE rule text;
BEGIN
    SELECT pg_get_expr(conbin, conrelid) INTO rule FROM pg_constraint WHERE conname = 'term_kind';
    ALTER TABLE term DROP CONSTRAINT term_kind;
    rule := replace(rule, ' OR (kind = ''part''::text)', '');
    EXECUTE format('ALTER TABLE term ADD CONSTRAINT term_kind CHECK (%s)', rule);
END $$
"""
INDEXES = {
    "standard_answer_topic": "standard_answer (topic)",
    "standard_answer_version_topic": "standard_answer_version (topic)",
    "standard_answer_version_kept_by": "standard_answer_version (kept_by)",
    "answer_standard_answer": "answer (standard_answer, standard_version) WHERE standard_answer IS NOT NULL",
    "part_message": "part (message, id)",
    "part_executor": "part (executor, message) WHERE removed_at IS NULL",
    "part_named_by": "part (named_by)",
    "attachment_part": "attachment (part) WHERE part IS NOT NULL",
    "term_part": "term (part) WHERE part IS NOT NULL",
    "term_part_owed_by": f"term (owed_by, runs_out_at) WHERE kind = 'part' AND {OPEN}",
}


def statements() -> list[str]:
    return [
        STANDARD_ANSWER,
        VERSIONS,
        NEVER,
        GUARD,
        ANSWER,
        PART,
        *(f"ALTER TABLE {table} ADD COLUMN {column}" for table, column in COLUMNS.items()),
        KIND,
        "ALTER TABLE term ADD CONSTRAINT term_of_a_part CHECK ((kind = 'part') = (part IS NOT NULL))",
        # Of the inner terms as many run as there are open parts.
        "DROP INDEX term_once",
        f"CREATE UNIQUE INDEX term_once ON term (message, kind, coalesce(part, 0)) WHERE {RUNNING}",
        "CREATE UNIQUE INDEX part_once ON part (message, round, executor) WHERE removed_at IS NULL",
        *(f"CREATE INDEX {name} ON {on}" for name, on in INDEXES.items()),
    ]


def undoing() -> list[str]:
    return [
        "DELETE FROM term WHERE kind = 'part'",
        "ALTER TABLE term DROP CONSTRAINT term_of_a_part",
        "DROP INDEX term_once",
        KIND_BACK,
        *(f"ALTER TABLE {table} DROP COLUMN part" for table in COLUMNS),
        f"CREATE UNIQUE INDEX term_once ON term (message, kind) WHERE {RUNNING}",
        "DROP TABLE part",
        "ALTER TABLE answer DROP COLUMN standard_answer, DROP COLUMN standard_version, DROP COLUMN greeting",
        "DROP TABLE standard_answer_version",
        "DROP FUNCTION a_version_is_never_rewritten()",
        "DROP TABLE standard_answer",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
