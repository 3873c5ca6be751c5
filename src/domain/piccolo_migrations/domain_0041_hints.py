"""What a program saw in a message before a person read it, and the models that suggest its topic."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0041"
VERSION = "1.38.0"
DESCRIPTION = "Hints of the moderator, learned models of topics, messages found by their place."

SCREENING = """
CREATE TABLE screening (
    message bigint PRIMARY KEY REFERENCES message,
    sending smallint NOT NULL,
    screened_at timestamptz NOT NULL,
    topics jsonb NOT NULL CONSTRAINT screening_topics CHECK (jsonb_typeof(topics) = 'array'),
    names text[] NOT NULL,
    grounds jsonb NOT NULL CONSTRAINT screening_grounds CHECK (jsonb_typeof(grounds) = 'object'),
    alike jsonb NOT NULL CONSTRAINT screening_alike CHECK (jsonb_typeof(alike) = 'array'),
    standard bigint REFERENCES standard_answer
)
"""
# A model is arrays of numbers and a list of words; only the latest is asked.
MODEL = """
CREATE TABLE topic_model (
    id bigserial PRIMARY KEY,
    learned_at timestamptz NOT NULL,
    messages integer NOT NULL CONSTRAINT topic_model_messages CHECK (messages > 0),
    tested integer NOT NULL CONSTRAINT topic_model_tested CHECK (tested > 0),
    found integer NOT NULL CONSTRAINT topic_model_found CHECK (found BETWEEN 0 AND tested),
    model bytea NOT NULL
)
"""


def statements() -> list[str]:
    return [
        SCREENING,
        MODEL,
        "CREATE INDEX message_place ON message (latitude, longitude) WHERE latitude IS NOT NULL",
        "CREATE INDEX message_address ON message (lower(address)) WHERE address <> ''",
    ]


def undoing() -> list[str]:
    return [
        "DROP INDEX message_address",
        "DROP INDEX message_place",
        "DROP TABLE topic_model",
        "DROP TABLE screening",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
