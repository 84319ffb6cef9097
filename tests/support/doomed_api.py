"""The API, alone, killing itself at a named point of a sync: `python -m support.doomed_api`.

The real functions are wrapped from outside; the product knows nothing of it. Environment: DOOM names the
point, DOOM_AFTER how many syncs with operations are let by before. `answer before commit` is no fault but a
wrong build: each answer is out before the transaction commits, and one never does.
"""

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from naryad.alone import run_alone
from naryad.db import accounts
from naryad.db.doorbell import Doorbell
from naryad.db.pool import SCOPE, Connection, Database
from naryad.domain.ids import AccountId
from naryad.settings import Settings
from naryad_api.app import create_app
from naryad_api.routes import sync

POINTS = ("before the lock", "after the write", "after the commit", "answer before commit")
AFTER_ANSWER: ContextVar[list[Callable[[], Awaitable[None]]] | None] = ContextVar("after", default=None)

point, left = os.environ["DOOM"], int(os.environ["DOOM_AFTER"])
doomed: ContextVar[bool] = ContextVar("doomed", default=False)
assert point in POINTS, point


def die(where: str) -> None:
    if where == point and doomed.get():
        os.kill(os.getpid(), signal.SIGKILL)


real_apply, real_lock = sync.apply_operations, accounts.lock
real_set_head, real_ring, real_account = accounts.set_head, Doorbell.ring, Database.account


async def apply_operations(*arguments: Any, **named: Any) -> Any:
    global left
    doomed.set(left <= 0)
    left -= 1
    return await real_apply(*arguments, **named)


async def lock(*arguments: Any) -> Any:
    die("before the lock")
    return await real_lock(*arguments)


async def set_head(*arguments: Any) -> None:
    await real_set_head(*arguments)
    die("after the write")


def ring(*arguments: Any) -> None:
    die("after the commit")
    real_ring(*arguments)


@asynccontextmanager
async def hasty_account(self: Database, account_id: AccountId) -> AsyncIterator[Connection]:
    """As `Database.account`, but the commit waits until the answer is out."""
    later = AFTER_ANSWER.get()
    if later is None or not DURING_APPLY.get():
        async with real_account(self, account_id) as connection:
            yield connection
        return
    connection = await self.pool.acquire()
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(SCOPE, str(account_id))
        yield connection
    except BaseException:
        await transaction.rollback()
        await self.pool.release(connection)
        raise

    async def commit() -> None:
        die("answer before commit")
        await transaction.commit()
        await self.pool.release(connection)

    later.append(commit)


DURING_APPLY: ContextVar[bool] = ContextVar("during_apply", default=False)


async def hasty_apply(*arguments: Any, **named: Any) -> Any:
    token = DURING_APPLY.set(True)
    try:
        return await apply_operations(*arguments, **named)
    finally:
        DURING_APPLY.reset(token)


class AnswersFirst:
    """What waits for the answer is done when it is out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        later: list[Callable[[], Awaitable[None]]] = []
        AFTER_ANSWER.set(later)
        await self.app(scope, receive, send)
        for one in later:
            await one()


def create_doomed(settings: Settings) -> ASGIApp:
    sync.apply_operations = apply_operations
    accounts.lock, accounts.set_head = lock, set_head
    Doorbell.ring = ring  # type: ignore[method-assign]
    if point != "answer before commit":
        return create_app(settings)
    sync.apply_operations = hasty_apply
    Database.account = hasty_account  # type: ignore[method-assign,assignment]
    return AnswersFirst(create_app(settings))


if __name__ == "__main__":
    run_alone("naryad_api", "The API, doomed.", 8080, create_doomed)
