"""Brings a database to this version's schema."""

from importlib import import_module

import asyncpg

from naryad.db.schema import check_schema, expected_revision, found_revision


async def migrate(owner_dsn: str) -> str:
    """Run all pending migrations as the owner; returns the revision reached.

    Safe to run from several places at once: one works, the others wait and find nothing to do.
    Raises SchemaMismatch when the database is newer than this code.
    """
    expected = expected_revision()
    if not await _is_behind(owner_dsn, expected):
        return expected
    # Imported only where there is work: Alembic and SQLAlchemy cost a third of a service's start.
    await import_module("naryad.db.migrations.upgrade").upgrade(owner_dsn)
    return expected


async def _is_behind(dsn: str, expected: str) -> bool:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        found = await found_revision(connection)
        if found is not None and found >= expected:
            await check_schema(connection)
            return False
        return True
    finally:
        await connection.close(timeout=5)
