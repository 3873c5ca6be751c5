"""Remarks are lines, each replied to by the next answer; promises are found by their date."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0022"
VERSION = "1.38.0"
DESCRIPTION = "A row for each remark, and an index of the answers that promise a date."

REMARK = """
CREATE TABLE remark (
    id bigserial PRIMARY KEY,
    rating bigint NOT NULL REFERENCES rating (id) ON DELETE RESTRICT,
    position smallint NOT NULL,
    text text NOT NULL,
    outcome text CONSTRAINT remark_outcome CHECK (outcome IN ('done', 'explained')),
    reply text NOT NULL DEFAULT '',
    CONSTRAINT remark_position UNIQUE (rating, position)
)
"""
# What was written before there were lines is one remark: nobody knows where its author would have parted it.
WRITTEN_BEFORE = """
INSERT INTO remark (rating, position, text) SELECT id, 1, remarks FROM rating WHERE choice = 'unsolved' ORDER BY id
"""
PROMISES = """
CREATE INDEX answer_promises ON answer (planned_on DESC, id DESC) WHERE outcome = 'planned' AND state = 'approved'
"""


def statements() -> list[str]:
    return [REMARK, WRITTEN_BEFORE, PROMISES]


def undoing() -> list[str]:
    return ["DROP INDEX answer_promises", "DROP TABLE remark"]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
