"""Brings a database to this version's schema, and tells whether it is there."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

MIGRATION_LOCK = 0x6E617279  # "nary"


class SchemaMismatch(Exception):
    """The database has another schema than this code."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def expected_revision() -> str:
    """The newest migration this code carries."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


async def migrate(owner_dsn: str) -> str:
    """Run all pending migrations as the owner; returns the revision reached.

    Safe to run from several places at once: one works, the others wait and find nothing to do.
    """
    url = owner_dsn.replace("postgresql://", "postgresql+asyncpg://", 1).replace(
        "postgres://", "postgresql+asyncpg://", 1
    )
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()
    return expected_revision()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def check_schema(connection: "asyncpg.Connection | PoolConnectionProxy") -> None:
    """Raises SchemaMismatch, saying which command to run, unless the schema is this code's."""
    expected = expected_revision()
    try:
        found = await connection.fetchval("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        found = None
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
