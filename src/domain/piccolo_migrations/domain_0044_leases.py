"""Who has a message of the moderators' queue open: a row that lives for a minute, and is no part of its history."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0044"
VERSION = "1.38.0"
DESCRIPTION = "Who works on which message just now."

# Renewed every few seconds and worth nothing after a crash, so it is spared the journal of the database. It refers to
# its message by the number alone: a foreign key would wait for whoever registers it, who waits for its term.
LEASE = """
CREATE UNLOGGED TABLE lease (
    message bigint PRIMARY KEY,
    person bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    opening uuid,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL CHECK (until > since)
)
"""


async def forwards() -> MigrationManager:
    return in_words(
        ID,
        DESCRIPTION,
        [LEASE, "CREATE INDEX lease_person ON lease (person)", "CREATE INDEX lease_until ON lease (until)"],
        ["DROP TABLE lease"],
    )
