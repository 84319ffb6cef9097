"""The doorbell: after a commit, tells gateway and pusher which accounts have news.

It rings on a connection of its own, so that no business transaction holds the cluster's notify
lock. The first knock goes out at once, those of the next 10 ms together. A lost knock is only a
hint lost: the listeners look at the heads every second anyway.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog

from naryad.db.pool import Troubles
from naryad.domain.ids import AccountId

log = structlog.get_logger()

CHANNEL = "naryad"
GATHER_S = 0.010
MOST_IN_ONE = 200  # ids of 36 characters and a comma each; a payload may have 7,999 bytes
MOST_WAITING = 10_000
RETRY_S = (0.2, 5.0)
LAST_S = 0.5


class Doorbell:
    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._waiting: set[AccountId] = set()
        self._rung = asyncio.Event()
        self._silent = asyncio.Event()
        self._silent.set()

    def ring(self, account_id: AccountId) -> None:
        """Tell that this account has news. Never waits, never fails."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.add(account_id)
            self._rung.set()
            self._silent.clear()

    async def rung_out(self) -> None:
        """Until the last knock is out, or a moment has passed: it is only a hint."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_S):
                await self._silent.wait()

    async def keep_ringing(self) -> None:
        """Carry the knocks out, until cancelled; reconnects by itself."""
        pause = RETRY_S[0]
        while True:
            try:
                connection = await asyncpg.connect(
                    self._dsn,
                    timeout=5,
                    command_timeout=5,
                    server_settings={"application_name": "naryad-doorbell"},
                )
            except Troubles as error:
                log.warning("doorbell cannot connect", error=repr(error))
                await asyncio.sleep(pause * random.uniform(0.5, 1))
                pause = min(pause * 2, RETRY_S[1])
                continue
            pause = RETRY_S[0]
            try:
                await self._ring_on(connection)
            except Troubles as error:
                log.warning("doorbell lost its connection", error=repr(error))
            finally:
                connection.terminate()

    async def _ring_on(self, connection: asyncpg.Connection) -> None:
        while True:
            await self._rung.wait()
            self._rung.clear()
            while self._waiting:
                some = [self._waiting.pop() for _ in range(min(MOST_IN_ONE, len(self._waiting)))]
                await connection.execute("select pg_notify($1, $2)", CHANNEL, ",".join(map(str, some)))
            self._silent.set()
            await asyncio.sleep(GATHER_S)


@asynccontextmanager
async def open_doorbell(dsn: str) -> AsyncIterator[Doorbell]:
    """A doorbell on its own connection; `dsn` must not lead through a transaction pooler."""
    doorbell = Doorbell(dsn)
    task = asyncio.create_task(doorbell.keep_ringing(), name="doorbell")
    try:
        yield doorbell
        await doorbell.rung_out()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
