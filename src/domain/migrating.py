"""The tables of the regulation come into being, and go again: the migrations, one runner at a time."""

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from functools import partial

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.backwards import run_backwards
from piccolo.apps.migrations.commands.base import MigrationResult
from piccolo.apps.migrations.commands.forwards import run_forwards

from domain.database import DB, atomic

APP = "domain"
# An arbitrary number, the same in every process of the portal: Piccolo itself does not keep two migrators apart.
LOCK = 2_026_110_001


async def migrate() -> None:
    """Bring the database up to date, wholly or not at all, so that a release killed half-way can be repeated."""
    async with atomic():
        await _alone()
        with redirect_stdout(io.StringIO()):
            result = await run_forwards(APP, "all")
        _demand(result)


async def backwards() -> None:
    """Take every table away again; the tests prove with it that each migration has a way back."""
    async with atomic():
        await _alone()
        with redirect_stdout(io.StringIO()):
            result = await run_backwards(APP, "all", auto_agree=True)
        _demand(result)


def in_words(id: str, description: str, there: Sequence[str], back: Sequence[str]) -> MigrationManager:
    """A migration of statements written by hand: those that make the change, and those that take it away again."""
    manager = MigrationManager(migration_id=id, app_name=APP, description=description)
    manager.add_raw(partial(_run, there))
    manager.add_raw_backwards(partial(_run, back))
    return manager


async def _run(statements: Sequence[str]) -> None:
    for statement in statements:
        await DB.run_ddl(statement)


async def _alone() -> None:
    await DB.run_ddl("SET LOCAL statement_timeout = 0")
    await DB.run_ddl("SET LOCAL lock_timeout = 0")
    await DB.run_ddl(f"SELECT pg_advisory_xact_lock({LOCK})")


def _demand(result: MigrationResult) -> None:
    if not result.success:
        raise RuntimeError(f"the migrations failed: {result.message}")
