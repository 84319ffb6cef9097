"""Connections to PostgreSQL, and the transactions that name their account.

Every query of an account's data runs in a transaction scoped to that account: row level
security hides all others. What must see across accounts calls a function of `across.sql`.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TypeAlias
from weakref import WeakValueDictionary

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from naryad.db.schema import check_schema
from naryad.domain.ids import AccountId

Connection: TypeAlias = "asyncpg.Connection | PoolConnectionProxy"
Row: TypeAlias = asyncpg.Record

SERVICE_ROLE = "naryad_service"
STATEMENT_TIMEOUT_MS = 10_000
IDLE_TIMEOUT_MS = 15_000
COMMAND_TIMEOUT_S = 15.0
"""For a server that does not even say that a statement took too long: a frozen process, a cut wire."""
PATIENCE_S = 10.0
"""How long a request waits for a connection, or for its turn to write."""
WRITERS_AT_ONCE = 3
"""Of one account in one process: one writes, two are about to."""

SCOPE = f"""
select set_config('app.account_id', $1, true),
       set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true),
       set_config('idle_in_transaction_session_timeout', '{IDLE_TIMEOUT_MS}', true)
"""

Unavailable = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what asyncpg says when a connection is torn between two messages
    asyncpg.QueryCanceledError,
    asyncpg.InsufficientResourcesError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""What a request may meet when the database is away or overloaded: answered with 503, tried again."""

Troubles = (*Unavailable, asyncpg.PostgresError)
"""What a connection held for ever may meet, a changed password too: its holder goes on trying."""

NotLetIn = (
    asyncpg.InvalidAuthorizationSpecificationError,  # a wrong password among them
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)
"""The database answers, but this login or this database is not the right one."""

BadData = asyncpg.DataError
"""A value that PostgreSQL cannot keep: out of range, or no text."""


class Database:
    """A pool of connections in the services' role."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self._places: WeakValueDictionary[AccountId, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, account_id: AccountId) -> AsyncIterator[None]:
        """One of an account's few places to write from. Those who wait for one hold no connection: an
        account whose lock is stuck would else take all of them, and with them all other accounts.

        Raises TimeoutError.
        """
        places = self._places.setdefault(account_id, asyncio.Semaphore(WRITERS_AT_ONCE))
        async with asyncio.timeout(PATIENCE_S):
            await places.acquire()
        try:
            yield
        finally:
            places.release()

    @asynccontextmanager
    async def account(self, account_id: AccountId) -> AsyncIterator[Connection]:
        """A transaction on one account's data. Commits when the block ends well."""
        async with self.pool.acquire(timeout=PATIENCE_S) as connection, connection.transaction():
            await connection.execute(SCOPE, str(account_id))
            yield connection

    @asynccontextmanager
    async def snapshot(self, account_id: AccountId) -> AsyncIterator[Connection]:
        """A read-only transaction that sees one moment of one account's data."""
        async with (
            self.pool.acquire(timeout=PATIENCE_S) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(SCOPE, str(account_id))
            yield connection

    async def check_ready(self) -> None:
        """Raises SchemaMismatch, or what `Unavailable` names."""
        async with self.pool.acquire(timeout=5) as connection:
            await check_schema(connection)

    def across(self) -> AbstractAsyncContextManager[Connection]:
        """A bare connection: sees no account's rows, may call the functions that do. Raises TimeoutError."""
        return self.pool.acquire(timeout=PATIENCE_S)


@asynccontextmanager
async def open_database(
    dsn: str, *, name: str, min_size: int = 1, max_size: int = 10
) -> AsyncIterator[Database]:
    """Open a pool in the services' role. Raises SchemaMismatch when the schema is not this code's.

    A login that is owner or superuser steps down to the services' role for every connection,
    because row level security does not bind it otherwise.
    """
    probe = await asyncpg.connect(dsn, timeout=10)
    try:
        await check_schema(probe)
        settings = {"application_name": name, **await _step_down(probe)}
    finally:
        await probe.close(timeout=5)
    pool = await asyncpg.create_pool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        timeout=10,
        command_timeout=COMMAND_TIMEOUT_S,
        init=prepare,
        reset=_nothing_to_reset,
        server_settings=settings,
    )
    try:
        yield Database(pool)
        with suppress(TimeoutError):
            await asyncio.wait_for(pool.close(), 5)
    finally:
        pool.terminate()  # a connection collected unterminated can crash the interpreter


async def _step_down(probe: asyncpg.Connection) -> dict[str, str]:
    privileged = await probe.fetchval(
        """select rolsuper or rolbypassrls
                  or exists (select from pg_class where relowner = r.oid and relname = 'account')
           from pg_roles r where rolname = current_user"""
    )
    return {"role": SERVICE_ROLE} if privileged else {}


async def _nothing_to_reset(connection: asyncpg.Connection) -> None:
    """Sessions hold nothing to undo: all settings end with their transaction, and asyncpg rolls back
    one that is still open. Its own reset would be a second round trip for every request.
    """


async def prepare(connection: asyncpg.Connection) -> None:
    """JSON columns arrive as values and leave as text."""
    await connection.set_type_codec(
        "jsonb", encoder=_dump, decoder=json.loads, schema="pg_catalog", format="text"
    )


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
