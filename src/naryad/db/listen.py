"""The one LISTEN connection of a process: which accounts have news.

A notification is only a hint. Whoever listens also looks at the heads every second, and after
each (re)connection, because what was notified in between is gone: LISTEN first, then catch up.
"""

import asyncio
import random
from collections.abc import Callable
from time import monotonic
from typing import TypeAlias
from uuid import UUID

import asyncpg
import structlog

from naryad.db.doorbell import CHANNEL
from naryad.db.pool import Troubles
from naryad.domain.ids import AccountId

log = structlog.get_logger()

PROOF_EVERY_S = 10.0  # a half-open socket is silent: only a question, with a timeout, finds out
RETRY_S = (0.1, 5.0)

News: TypeAlias = frozenset[AccountId] | None
"""The accounts that have news; None: perhaps any, look at all of them."""


class Listener:
    """Calls `on_news` for every notification, and with None after every (re)connection."""

    def __init__(self, dsn: str, on_news: Callable[[News], None], *, name: str) -> None:
        self._dsn = dsn
        self._on_news = on_news
        self._name = name
        self.alive_at: float | None = None  # monotonic time of the last proof of life

    @property
    def silent_s(self) -> float:
        """Seconds since the connection last proved to live; infinite before the first time."""
        return float("inf") if self.alive_at is None else monotonic() - self.alive_at

    async def keep_listening(self) -> None:
        """Listen until cancelled; reconnects by itself, with jitter."""
        pause = RETRY_S[0]
        while True:
            try:
                connection = await asyncpg.connect(
                    self._dsn, timeout=5, command_timeout=5, server_settings={"application_name": self._name}
                )
            except Troubles as error:
                log.warning("listener cannot connect", error=repr(error))
                await asyncio.sleep(pause * random.uniform(0.5, 1))
                pause = min(pause * 2, RETRY_S[1])
                continue
            pause = RETRY_S[0]
            try:
                await self._listen_on(connection)
            except Troubles as error:
                log.warning("listener lost its connection", error=repr(error))
            finally:
                connection.terminate()
            await asyncio.sleep(RETRY_S[0] * random.uniform(0.5, 1))

    async def _listen_on(self, connection: asyncpg.Connection) -> None:
        ended = asyncio.Event()
        connection.add_termination_listener(lambda _: ended.set())
        await connection.add_listener(CHANNEL, self._heard)
        self._on_news(None)
        while not ended.is_set():
            self.alive_at = monotonic()
            try:
                await asyncio.wait_for(ended.wait(), PROOF_EVERY_S)
            except TimeoutError:
                await connection.execute("select 1")

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        try:
            self._on_news(frozenset(AccountId(UUID(one)) for one in str(payload).split(",")))
        except ValueError:
            log.warning("unreadable notification", payload=str(payload)[:80])
            self._on_news(None)
