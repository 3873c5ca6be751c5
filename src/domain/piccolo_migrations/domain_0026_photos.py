"""Photos that are fit to be sent: marks, the edit by which a photo is shown, and the word of whoever sends it as it is."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from domain.migrating import in_words

ID = "0026"
VERSION = "1.38.0"
DESCRIPTION = "Marks of photos, turning and cropping."

COLUMNS = """
ALTER TABLE attachment
    ADD COLUMN edit jsonb CONSTRAINT attachment_edit CHECK ((edit->>'turn')::int IN (0, 90, 180, 270)),
    ADD COLUMN marks jsonb NOT NULL DEFAULT '{}' CONSTRAINT attachment_marks CHECK (jsonb_typeof(marks) = 'object'),
    ADD COLUMN as_is boolean NOT NULL DEFAULT false,
    ADD COLUMN version integer NOT NULL DEFAULT 1
"""


def statements() -> list[str]:
    return [COLUMNS]


def undoing() -> list[str]:
    return ["ALTER TABLE attachment DROP COLUMN edit, DROP COLUMN marks, DROP COLUMN as_is, DROP COLUMN version"]


async def forwards() -> MigrationManager:
    return in_words(ID, DESCRIPTION, statements(), undoing())
