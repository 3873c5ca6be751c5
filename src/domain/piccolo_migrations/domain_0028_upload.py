"""Files that come in pieces: what has come of each, whose it is, and when it is forgotten."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0028"
VERSION = "1.38.0"
DESCRIPTION = "Files that come in pieces, over a line that may break."

# Nothing points at an upload, and whoever owns it may go: its pieces are then swept by the clock.
UPLOAD = """
CREATE TABLE upload (
    id uuid PRIMARY KEY,
    key uuid NOT NULL,
    person bigint REFERENCES person ON DELETE CASCADE,
    guest text,
    name text NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    received bigint NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND size),
    pieces text[] NOT NULL DEFAULT '{}',
    attachment uuid REFERENCES attachment ON DELETE CASCADE,
    refusal text,
    expires_at timestamptz NOT NULL,
    CHECK ((person IS NULL) <> (guest IS NULL)),
    CHECK (attachment IS NULL OR refusal IS NULL)
)
"""


def statements() -> list[str]:
    return [
        UPLOAD,
        "CREATE INDEX upload_person ON upload (person)",
        "CREATE INDEX upload_guest ON upload (guest)",
        "CREATE INDEX upload_attachment ON upload (attachment)",
        "CREATE INDEX upload_expires_at ON upload (expires_at)",
        "CREATE INDEX attachment_loose ON attachment (uploaded_by, received_at) WHERE message IS NULL AND part IS NULL",
    ]


def undoing() -> list[str]:
    return ["DROP INDEX attachment_loose", "DROP TABLE upload"]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
