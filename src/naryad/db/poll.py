"""The idle poll: one statement that checks the token and reads the feed."""

import asyncio

from asyncpg.pool import PoolConnectionProxy

from naryad.db.pool import Connection, Database
from naryad.domain.cursor import Cursor
from naryad.domain.ids import AccountId, DeviceId

STATEMENT = "select account_id, device_id from idle_poll($1, $2, $3, $4)"


async def idle_poll(
    connection: Connection, token_hash: bytes, cursor: Cursor
) -> tuple[AccountId, DeviceId] | None:
    """The device that holds this token, when it has everything up to its cursor; else None."""
    row = await connection.fetchrow(STATEMENT, token_hash, cursor.epoch, cursor.worker, cursor.version)
    return (AccountId(row[0]), DeviceId(row[1])) if row else None


class PollConnections:
    """Up to half of a pool's connections, taken when first needed and kept for idle polls.

    To take one from the pool and give it back costs a quarter of a poll's time.
    """

    def __init__(self, database: Database) -> None:
        self._pool = database.pool
        self._most = database.pool.get_max_size() // 2
        self._turns = asyncio.Semaphore(max(1, self._most))
        self._kept: list[PoolConnectionProxy] = []

    async def ask(self, token_hash: bytes, cursor: Cursor) -> tuple[AccountId, DeviceId] | None:
        """As `idle_poll`. Raises what `Unavailable` names; a connection that met it is not kept."""
        async with self._turns:
            connection = self._kept.pop() if self._kept else await self._pool.acquire()
            try:
                found = await idle_poll(connection, token_hash, cursor)
            except BaseException:
                await self._pool.release(connection)
                raise
            if len(self._kept) < self._most:
                self._kept.append(connection)
            else:  # the pool has one connection, which others need too
                await self._pool.release(connection)
            return found

    async def close(self) -> None:
        """Give them back: a pool does not close while one is out."""
        while self._kept:
            await self._pool.release(self._kept.pop())
