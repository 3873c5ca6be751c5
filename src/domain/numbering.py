"""Registration gives a number, unique and without gaps within the town's year (R07)."""

from datetime import datetime

from domain.model import NumberRow
from domain.workdays import TOWN


async def next_number(at: datetime) -> str:
    """The next number of the town's year, for instance 2026-00042: the row stays locked until the commit."""
    year = at.astimezone(TOWN).year
    (row,) = await NumberRow.raw(
        "INSERT INTO number_row (year, last) VALUES ({}, 1) "
        "ON CONFLICT (year) DO UPDATE SET last = number_row.last + 1 RETURNING last",
        year,
    )
    return f"{year}-{row['last']:05}"
