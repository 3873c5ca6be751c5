"""A row by its id: what letters and decisions ask for most, so its words are put together once.

Piccolo 1.38 writes the columns of each query anew, which takes longer than the question itself.
"""

from functools import cache
from typing import TypeVar

from piccolo.table import Table

Row = TypeVar("Row", bound=Table)


@cache
def columns_of(table: type[Table]) -> str:
    return ", ".join(f'"{column._meta.db_column_name}"' for column in table._meta.columns)


async def row(table: type[Row], id: int | None, *, held: bool = False) -> Row | None:
    """The row of this id, if there is one; when it is `held` nobody changes it until the end of the transaction."""
    lock = "FOR SHARE" if held else ""
    query = f'SELECT {columns_of(table)} FROM "{table._meta.tablename}" WHERE id = {{}} {lock}'  # noqa: S608
    rows = await table.raw(query, id)
    return table(_exists_in_db=True, **rows[0]) if rows else None
