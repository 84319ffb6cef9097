"""Deaths of the server at named moments. Before and while it commits its connections end for real."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import asyncpg

from naryad.db import accounts
from naryad.db.doorbell import Doorbell
from naryad.domain.ids import AccountId


class Deaths:
    def __init__(self, truth: asyncpg.Pool) -> None:
        self._truth = truth

    @contextmanager
    def at_the_next_commit(self) -> Iterator[None]:
        """The next writing transaction loses its connection when all is written, before the commit."""
        write_head, pending = accounts.set_head, [True]

        async def dying(connection: Any, *values: Any) -> None:
            await write_head(connection, *values)
            if pending:
                pending.clear()
                await self._end("pid = $1", connection.get_server_pid())

        with patch.object(accounts, "set_head", dying):
            yield

    @contextmanager
    def after_the_next_commit(self) -> Iterator[None]:
        """The next writing transaction is committed, and nothing comes after it."""
        ring, pending = Doorbell.ring, [True]

        def dying(doorbell: Doorbell, account_id: AccountId) -> None:
            if pending:
                pending.clear()
                raise ConnectionResetError("died after the commit")
            ring(doorbell, account_id)

        with patch.object(Doorbell, "ring", dying):
            yield

    async def now(self) -> None:
        """Whatever the API has not committed by now is never committed."""
        await self._end("application_name = $1", "naryad-api")

    async def _end(self, which: str, value: object) -> None:
        """Returns when they have ended."""
        await self._truth.execute(
            f"""select pg_terminate_backend(pid, 5000) from pg_stat_activity
                where datname = current_database() and {which}""",
            value,
        )
