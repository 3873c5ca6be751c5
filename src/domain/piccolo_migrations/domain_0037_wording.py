"""The operator changes the words of the letters; every version stays."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0037"
VERSION = "1.38.0"
DESCRIPTION = "The words of the letters, version by version."

VERSIONS = """
CREATE TABLE letter_wording (
    id bigserial PRIMARY KEY,
    letter text NOT NULL,
    language text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    subject text,
    heading text,
    lead text,
    button text,
    note text,
    kept_by bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    kept_at timestamptz NOT NULL,
    CONSTRAINT letter_wording_once UNIQUE (letter, language, version),
    CONSTRAINT letter_wording_whole CHECK (num_nonnulls(subject, heading, lead, button, note) IN (0, 5))
)
"""
NEVER = """
CREATE FUNCTION words_are_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of the words of a letter is never rewritten';
END $$
"""
GUARD = """
CREATE TRIGGER letter_wording_guard BEFORE UPDATE OR DELETE ON letter_wording
FOR EACH ROW EXECUTE FUNCTION words_are_never_rewritten()
"""


def statements() -> list[str]:
    return [
        VERSIONS,
        NEVER,
        GUARD,
        "CREATE INDEX letter_wording_kept_by ON letter_wording (kept_by)",
        # The latest cases of a kind, on which the operator looks at new words.
        "CREATE INDEX event_kind ON event (kind, id)",
    ]


def undoing() -> list[str]:
    return ["DROP INDEX event_kind", "DROP TABLE letter_wording", "DROP FUNCTION words_are_never_rewritten()"]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
