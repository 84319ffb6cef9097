"""Runs Alembic over asyncpg: one connection, one lock, one transaction for all pending steps."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from naryad.db.schema import MigrationFailed

MIGRATION_LOCK = 0x6E617279  # "nary"


async def upgrade(owner_dsn: str) -> None:
    """To the newest revision. Raises MigrationFailed with the database's own words."""
    url = owner_dsn.replace("postgresql://", "postgresql+asyncpg://", 1).replace(
        "postgres://", "postgresql+asyncpg://", 1
    )
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            await connection.run_sync(_upgrade)
    except asyncpg.PostgresError as error:
        raise MigrationFailed(f"{error.message} {error.hint or ''}".strip()) from error
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
