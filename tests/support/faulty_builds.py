"""Builds of Naryad with one classical mistake each, made from the real one by replacing functions.

Each is a context in which a company of the faulty build works; `tests/proof` shows that the checks see it.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from naryad.actions import sync
from naryad.actions.ledger import Ledger, Stores, open_ledger
from naryad.db import accounts, devices, operations
from naryad.db.accounts import Head
from naryad.db.pool import Connection, Unavailable
from naryad.device import receive
from naryad.device.answers import Page
from naryad.device.state import DeviceState
from naryad.domain.cursor import Cursor
from naryad.domain.ids import AccountId
from naryad_api.routes import sync as route
from support.company import Company

Build = Callable[[Company], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def bare_sequence(company: Company) -> AsyncIterator[None]:
    """Versions from a sequence, writers not one after the other: a version below the cursor can appear."""
    await company.truth.execute("create sequence bare; grant usage on bare to naryad_service")
    account_id = company.office.account_id
    await company.truth.execute(
        "select setval('bare', (select max(version) from change where account_id = $1))", account_id
    )

    async def head(connection: Connection, account_id: AccountId) -> Head:
        row = await connection.fetchrow(
            """select max(version) as version, clock_timestamp() as now,
                      current_setting('transaction_read_only') = 'on' as reads
               from change where account_id = $1""",
            account_id,
        )
        assert row is not None
        if row["reads"]:
            return Head(row["version"], 0, row["now"])
        number = await connection.fetchval("select nextval('bare')")
        return Head(number - 1, number, row["now"])

    async def leave_head(*_: Any) -> None:
        """There is none: it would be a row that all writers of an account wait for."""

    with (
        patch.object(accounts, "lock", accounts.get),
        patch.object(accounts, "head", head),
        patch.object(accounts, "set_head", leave_head),
    ):
        yield


@asynccontextmanager
async def acknowledges_before(company: Company) -> AsyncIterator[None]:
    """The acknowledgement commits in a transaction of its own, before the effect's."""
    write, set_last_seq = operations.write, devices.set_last_seq

    async def write_apart(_: Connection, *values: Any) -> None:
        async with company.truth.acquire() as other:
            await write(other, *values)

    async def set_apart(_: Connection, *values: Any) -> None:
        async with company.truth.acquire() as other:
            await set_last_seq(other, *values)

    with patch.object(operations, "write", write_apart), patch.object(devices, "set_last_seq", set_apart):
        yield


@asynccontextmanager
async def acknowledges_after(company: Company) -> AsyncIterator[None]:
    """The acknowledgement commits in a transaction of its own, after the effect's."""
    write, set_last_seq, apply = operations.write, devices.set_last_seq, route.apply_operations
    later: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []

    async def write_later(_: Connection, *values: Any) -> None:
        later.append((write, values))

    async def set_later(_: Connection, *values: Any) -> None:
        later.append((set_last_seq, values))

    async def apply_then_acknowledge(*values: Any) -> Any:
        later.clear()
        applied = await apply(*values)
        for function, details in later:
            async with company.truth.acquire() as other:
                await function(other, *details)
        return applied

    with (
        patch.object(operations, "write", write_later),
        patch.object(devices, "set_last_seq", set_later),
        patch.object(route, "apply_operations", apply_then_acknowledge),
    ):
        yield


@asynccontextmanager
async def answers_before_commit(company: Company) -> AsyncIterator[None]:
    """The commit of a sync comes after its answer, as at the end of a framework's dependency."""
    pending: list[AbstractAsyncContextManager[Ledger]] = []

    @asynccontextmanager
    async def left_open(stores: Stores, account_id: AccountId) -> AsyncIterator[Ledger]:
        opened = open_ledger(stores, account_id)
        ledger = await opened.__aenter__()
        try:
            yield ledger
        except BaseException as error:
            await opened.__aexit__(type(error), error, error.__traceback__)
            raise
        pending.append(opened)

    async def commit() -> None:
        while pending:
            try:
                await pending.pop().__aexit__(None, None, None)
            except Unavailable:
                """The answer is out already."""

    for pocket in company.pockets:
        pocket.air.afterwards = commit
    with patch.object(sync, "open_ledger", left_open):
        yield


@asynccontextmanager
async def downloads_when_idle(company: Company) -> AsyncIterator[None]:
    """A phone that takes news in only when it has nothing unsent."""
    download = receive._downloaded

    def not_now(state: DeviceState, page: Page) -> DeviceState:
        return state if state.outbox else download(state, page)

    with patch.object(receive, "_downloaded", not_now):
        yield


@asynccontextmanager
async def forgets_base(company: Company) -> AsyncIterator[None]:
    """While pages follow, the cursor forgets where the paging began."""

    encode = Cursor.encode

    def without_base(cursor: Cursor) -> str:
        return encode(replace(cursor, base=None, floor=0))

    with patch.object(Cursor, "encode", without_base):
        yield
