"""Which schema this code needs, and whether a database has it."""

from functools import cache
from importlib.resources import files

import asyncpg
from asyncpg.pool import PoolConnectionProxy


class SchemaMismatch(Exception):
    """The database has another schema than this code."""


class MigrationFailed(Exception):
    """The database refused a migration; nothing of it was done."""


@cache
def expected_revision() -> str:
    """The newest migration this code carries, by its file name: `0001` of `v0001_foundation.py`."""
    names = (path.name for path in (files("naryad.db.migrations") / "versions").iterdir())
    return max(name[1:].split("_")[0] for name in names if name.startswith("v") and name.endswith(".py"))


async def found_revision(connection: "asyncpg.Connection | PoolConnectionProxy") -> str | None:
    """The schema a database has; None when it has none."""
    try:
        revision: str | None = await connection.fetchval("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return revision


async def check_schema(connection: "asyncpg.Connection | PoolConnectionProxy") -> None:
    """Raises SchemaMismatch, saying which command to run, unless the schema is this code's."""
    expected, found = expected_revision(), await found_revision(connection)
    if found is None:
        raise SchemaMismatch("this database is empty: run `naryad migrate` first")
    if found < expected:
        raise SchemaMismatch(
            f"the database has schema {found}, this version needs {expected}: run `naryad migrate`"
        )
    if found > expected:
        raise SchemaMismatch(f"the database has schema {found}, newer than {expected}: start a newer Naryad")


async def check_database(dsn: str) -> None:
    """Whether a service could start on it. Raises SchemaMismatch, or what `Unavailable` names."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await check_schema(connection)
    finally:
        await connection.close(timeout=5)
