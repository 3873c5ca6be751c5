"""The executor's desk: phrases, whoever heads a department, and cases that are handed over to a colleague."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0047"
VERSION = "1.38.0"
DESCRIPTION = "Standard phrases of executors and departments, heads of departments, cases handed over."

# Either somebody's own or their department's, and never both.
PHRASE = """
CREATE TABLE phrase (
    id bigserial PRIMARY KEY,
    person bigint REFERENCES person ON DELETE RESTRICT,
    organisation bigint REFERENCES organisation ON DELETE RESTRICT,
    topic bigint REFERENCES topic ON DELETE RESTRICT,
    name text NOT NULL,
    words text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT phrase_of_one CHECK (num_nonnulls(person, organisation) = 1),
    CONSTRAINT phrase_says CHECK (name <> '' AND words <> '')
)
"""
INDEXES = {
    "phrase_person": "phrase (person, name) WHERE person IS NOT NULL",
    "phrase_organisation": "phrase (organisation, name) WHERE organisation IS NOT NULL",
}
HAND_OVER = """
CREATE TABLE hand_over (
    id bigserial PRIMARY KEY,
    message bigint NOT NULL REFERENCES message ON DELETE RESTRICT,
    giver bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    taker bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    words text NOT NULL,
    offered_at timestamptz NOT NULL,
    outcome text,
    settled_at timestamptz,
    CONSTRAINT hand_over_outcome CHECK (outcome IN ('taken','returned','withdrawn')),
    CONSTRAINT hand_over_settled CHECK ((outcome IS NULL) = (settled_at IS NULL)),
    CONSTRAINT hand_over_of_two CHECK (giver <> taker)
)
"""
HEADS = "ALTER TABLE person ADD COLUMN heads boolean NOT NULL DEFAULT false"


def statements() -> list[str]:
    return [
        PHRASE,
        *(f"CREATE UNIQUE INDEX {name} ON {on}" for name, on in INDEXES.items()),
        "CREATE INDEX phrase_topic ON phrase (topic) WHERE topic IS NOT NULL",
        HAND_OVER,
        "CREATE UNIQUE INDEX hand_over_open ON hand_over (message) WHERE settled_at IS NULL",
        "CREATE INDEX hand_over_waits ON hand_over (taker, message) WHERE settled_at IS NULL",
        "CREATE INDEX hand_over_message ON hand_over (message)",
        "CREATE INDEX hand_over_giver ON hand_over (giver)",
        "CREATE INDEX hand_over_taker ON hand_over (taker)",
        HEADS,
        "CREATE INDEX person_of_department ON person (organisation) WHERE role = 'executor'",
    ]


def undoing() -> list[str]:
    return [
        "DROP INDEX person_of_department",
        "ALTER TABLE person DROP COLUMN heads",
        "DROP TABLE hand_over",
        "DROP TABLE phrase",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
