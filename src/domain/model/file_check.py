"""How far the files of the store have been read through, and which of them are not what was kept."""

from piccolo.columns import UUID, Boolean, Text, Timestamptz
from piccolo.table import Table


class FileCheck(Table, tablename="file_check"):
    """One row: the attachment that was read last, none at the start of a round; when it began and the last ended."""

    single = Boolean(primary_key=True, default=True)
    after = UUID(null=True, default=None)
    begun_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class FileFault(Table, tablename="file_fault"):
    """A file that is damaged or missing (`kind`), until it is sound again; `belongs_to` is the number of its case."""

    hash = Text(primary_key=True)
    kind = Text()
    belongs_to = Text(null=True, default=None)
    found_at = Timestamptz(default=None)
