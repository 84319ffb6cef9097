"""What an idle poll costs at least: a bare ASGI function that runs the same statement and answers 204.

`python -m naryad_cli.bench.floor` serves it as `python -m naryad_api` serves the API: the same uvicorn,
the same pool. Polls come as JSON in the file that BENCH_POLLS names, `[[token, cursor], …]`.
"""

import json
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from itertools import cycle
from pathlib import Path

from starlette.types import Receive, Scope, Send

from naryad.access import hash_token
from naryad.alone import run_alone
from naryad.db.poll import STATEMENT
from naryad.db.pool import Connection, open_database
from naryad.domain.cursor import Cursor
from naryad.settings import Settings

POLLS = "BENCH_POLLS"


class Floor:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        read = json.loads(Path(os.environ[POLLS]).read_text())
        self._polls = cycle([_arguments(token, Cursor.decode(cursor)) for token, cursor in read])
        self._acquire: Callable[[], AbstractAsyncContextManager[Connection]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        async with self._acquire() as connection:
            await connection.fetchrow(STATEMENT, *next(self._polls))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _live(self, receive: Receive, send: Send) -> None:
        dsn, size = self._settings.database_dsn, self._settings.pool_size
        async with open_database(dsn, name="floor", max_size=size) as database:
            self._acquire = database.pool.acquire
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def _arguments(token: str, cursor: Cursor) -> tuple[bytes, str, bytes, int]:
    return hash_token(token), cursor.epoch, cursor.worker, cursor.version


if __name__ == "__main__":
    run_alone("naryad_cli.bench.floor", "Answers every request with an idle poll's statement.", 8091, Floor)
