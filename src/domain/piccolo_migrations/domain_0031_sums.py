"""The files of the store are read through once a month: how far, and what was found wrong."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0031"
VERSION = "1.38.0"
DESCRIPTION = "Sums of the stored files."

CHECK = """
CREATE TABLE file_check (
    single boolean PRIMARY KEY DEFAULT true CONSTRAINT file_check_single CHECK (single),
    after uuid,
    begun_at timestamptz NOT NULL,
    ended_at timestamptz
)
"""
FAULT = """
CREATE TABLE file_fault (
    hash text PRIMARY KEY,
    kind text NOT NULL CONSTRAINT file_fault_kind CHECK (kind IN ('damaged', 'missing')),
    belongs_to text,
    found_at timestamptz NOT NULL
)
"""


def statements() -> list[str]:
    # The sweep asks for protocols by their files as well.
    return [CHECK, FAULT, "CREATE INDEX sitting_protocol ON sitting (protocol) WHERE protocol IS NOT NULL"]


def undoing() -> list[str]:
    return ["DROP INDEX sitting_protocol", "DROP TABLE file_fault", "DROP TABLE file_check"]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
