"""An answer says which other organisation was told and how that is proved (R19), and what its reviewer confirmed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0021"
VERSION = "1.38.0"
DESCRIPTION = "Another organisation that was informed, the rules that a reviewer confirmed and the version they read."

COLUMNS = {
    "informed": "text CONSTRAINT answer_informed_named CHECK (informed <> '')",
    "informed_on": "date",
    "informed_number": "text CONSTRAINT answer_informed_numbered CHECK (informed_number <> '')",
    # No foreign key: a draft may name a file that is dropped meanwhile; sending asks for one of the answer's own.
    "informed_file": "uuid",
    "confirmed": "text[] NOT NULL DEFAULT '{}'",
    "reviewed_version": "integer",
}
# A draft may lack anything; what somebody else reads names the organisation, the day and the proof, or none of them.
PROVED = """
ALTER TABLE answer ADD CONSTRAINT answer_informed_proved CHECK (
    state NOT IN ('in_review','approved') OR num_nonnulls(informed, informed_on, informed_number, informed_file) = 0
    OR (informed IS NOT NULL AND informed_on IS NOT NULL AND num_nonnulls(informed_number, informed_file) > 0)
)
"""


def statements() -> list[str]:
    return [*(f"ALTER TABLE answer ADD COLUMN {name} {kind}" for name, kind in COLUMNS.items()), PROVED]


def undoing() -> list[str]:
    return ["ALTER TABLE answer DROP CONSTRAINT answer_informed_proved"] + [
        f"ALTER TABLE answer DROP COLUMN {name}" for name in reversed(COLUMNS)
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
