"""The calendar and the settings become directories: their rows are closed, not deleted, and keep their history."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0011"
VERSION = "1.38.0"
DESCRIPTION = "Official years, corrections that can be taken back, limits of the settings."

YEAR = """
CREATE TABLE calendar_year (
    id bigserial PRIMARY KEY,
    year integer NOT NULL UNIQUE,
    basis text NOT NULL,
    active boolean NOT NULL DEFAULT true
)
"""
# What the regulation itself bounds: three working days of rework (§4.4), 50 MB an answer (§4.1).
LIMITS = """
ALTER TABLE setting ADD CONSTRAINT setting_limits CHECK (
    registration_hour BETWEEN 1 AND 23 AND rework_workdays BETWEEN 1 AND 3 AND follow_up_workdays BETWEEN 1 AND 30
    AND rating_days BETWEEN 1 AND 365 AND reminder_workdays BETWEEN 1 AND 5
    AND files_bytes BETWEEN 1 AND 50 * 1024 * 1024
)
"""


def statements() -> list[str]:
    return [
        YEAR,
        "ALTER TABLE calendar_day ADD COLUMN active boolean NOT NULL DEFAULT true",
        "ALTER TABLE setting ADD COLUMN code text NOT NULL DEFAULT 'town' UNIQUE",
        "ALTER TABLE setting ADD COLUMN active boolean NOT NULL DEFAULT true",
        LIMITS,
    ]


def undoing() -> list[str]:
    return [
        "ALTER TABLE setting DROP CONSTRAINT setting_limits",
        "ALTER TABLE setting DROP COLUMN active, DROP COLUMN code",
        "DELETE FROM calendar_day WHERE NOT active",
        "ALTER TABLE calendar_day DROP COLUMN active",
        "DROP TABLE calendar_year",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
