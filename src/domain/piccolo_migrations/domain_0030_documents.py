"""Scans in PDF are rewritten before anybody gets them; those that were handed out as they came wait to be rewritten."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0030"
VERSION = "1.38.0"
DESCRIPTION = "Pages of scans in PDF, and their preparation."

COLUMN = "ALTER TABLE attachment ADD COLUMN pages integer CONSTRAINT attachment_pages CHECK (pages > 0)"
WAIT = "UPDATE attachment SET state = 'received' WHERE kind = 'pdf' AND state = 'ready'"
# The reaction that prepared their message is offered anew.
AGAIN = """
UPDATE delivery SET done_at = NULL, gave_up_at = NULL, error = NULL, attempts = 0, next_at = now()
WHERE reaction = 'pictures' AND event IN (
    SELECT max(e.id) FROM event e JOIN delivery d ON d.event = e.id AND d.reaction = 'pictures'
    LEFT JOIN part p ON p.message = e.message
    JOIN attachment f ON (f.message = e.message OR f.part = p.id) AND f.kind = 'pdf' GROUP BY e.message
)
"""


def statements() -> list[str]:
    return [COLUMN, WAIT, AGAIN]


def undoing() -> list[str]:
    return [
        "UPDATE attachment SET sizes = '{}', marks = '{}', state = 'ready' WHERE kind = 'pdf' AND state IN ('ready', 'received')",
        "ALTER TABLE attachment DROP COLUMN pages",
    ]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
