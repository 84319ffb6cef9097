"""The three roles and the database, made by the superuser on each start if missing.

- naryad_owner owns the database and runs the migrations.
- naryad_service is what the services log in as; it owns nothing, row level security binds it.
- naryad_across has no login; it owns the functions that see across accounts.
"""

import asyncpg

from naryad.db.embedded.folder import Secrets

DATABASE = "naryad"
OWNER = "naryad_owner"
SERVICE = "naryad_service"
ACROSS = "naryad_across"


async def ensure_roles(maintenance_dsn: str, passwords: Secrets) -> None:
    """As superuser in another database. Idempotent: a start cut short is completed by the next."""
    connection = await asyncpg.connect(maintenance_dsn, timeout=10)
    try:
        await _ensure_role(connection, ACROSS, None)
        await _ensure_role(connection, SERVICE, passwords.service)
        await _ensure_role(connection, OWNER, passwords.owner)
        await connection.execute(f"grant {ACROSS}, {SERVICE} to {OWNER}")
        if not await connection.fetchval("select true from pg_database where datname = $1", DATABASE):
            await connection.execute(f"create database {DATABASE} owner {OWNER}")
    finally:
        await connection.close(timeout=5)


async def _ensure_role(connection: asyncpg.Connection, name: str, password: str | None) -> None:
    if await connection.fetchval("select true from pg_roles where rolname = $1", name):
        return
    rights = "nosuperuser nobypassrls nocreatedb nocreaterole"
    # Our own generated text of URL-safe letters: nothing to escape, and DDL takes no parameters.
    login = "nologin" if password is None else f"login password '{password}'"
    await connection.execute(f"create role {name} {login} {rights}")
