"""A search that somebody of the staff has kept under a name."""

from piccolo.columns import BigSerial, ForeignKey, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person


class SavedView(Table, tablename="saved_view"):
    """`query` is that of the address of the search page, so a view is a link as well."""

    id: BigSerial = BigSerial(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    name = Text()
    query = Text()
