"""A wrong build of the API: the answer to a sync is out before its transaction commits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from naryad.db.pool import SCOPE, Connection, Database
from naryad.domain.ids import AccountId
from naryad.settings import Settings
from naryad_api.app import create_app
from naryad_api.routes import sync

WAITING: ContextVar[list[Callable[[], Awaitable[None]]] | None] = ContextVar("waiting", default=None)
"""Commits that wait until the answer of this request is out."""
APPLYING: ContextVar[bool] = ContextVar("applying", default=False)


class AnswersFirst:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        waiting: list[Callable[[], Awaitable[None]]] = []
        WAITING.set(waiting)
        await self.app(scope, receive, send)
        for commit in waiting:
            await commit()


def create_hasty(settings: Settings, before_commit: Callable[[], None]) -> ASGIApp:
    """`before_commit` is called when the answer is out and the work not yet durable."""
    real_account, real_apply = Database.account, sync.apply_operations

    @asynccontextmanager
    async def account(self: Database, account_id: AccountId) -> AsyncIterator[Connection]:
        waiting = WAITING.get()
        if waiting is None or not APPLYING.get():
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
            before_commit()
            await transaction.commit()
            await self.pool.release(connection)

        waiting.append(commit)

    async def apply_operations(*arguments: Any, **named: Any) -> Any:
        token = APPLYING.set(True)
        try:
            return await real_apply(*arguments, **named)
        finally:
            APPLYING.reset(token)

    Database.account = account  # type: ignore[method-assign,assignment]
    sync.apply_operations = apply_operations
    return AnswersFirst(create_app(settings))
