"""What syncs cost where there is much: with 200,000 rows in the feed every hot statement reads ranges of
indexes, throws no row away and reads no table from end to end; as the services do, under row level security.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from naryad.actions.sweep import AT_ONCE, REMOVALS_AT_ONCE, REMOVALS_KEPT
from naryad.db import events, feed, jobs, sweep
from naryad.db.bench.fill import ACCOUNT, Size, fill, poll_of, worker_id
from naryad.db.embedded import Server
from naryad.db.embedded.cluster import SUPERUSER
from naryad.db.embedded.roles import DATABASE
from naryad.db.poll import idle_poll
from naryad.db.pool import SERVICE_ROLE
from naryad.domain.json import JsonObject
from naryad_api.news import PAGE
from support.plans import watched

SIZE = Size(workers=4_000, jobs=50_000, crew=4)
"""200,000 rows in the feed."""
SAMPLE: JsonObject = {"description": "Заменить счётчик"}
SOMEONE = 1_234


async def idle(connection: asyncpg.Connection) -> None:
    assert await idle_poll(connection, *poll_of(SOMEONE, SIZE)) is not None


async def first_sync(connection: asyncpg.Connection) -> None:
    assert await feed.after(connection, ACCOUNT, worker_id(SOMEONE), 0, PAGE)


async def later_sync(connection: asyncpg.Connection) -> None:
    seen = await feed.after(connection, ACCOUNT, worker_id(SOMEONE), SIZE.jobs - 5_000, PAGE)
    assert 0 < len(await jobs.get(connection, ACCOUNT, [one.job_id for one in seen])) < 10


async def live_events(connection: asyncpg.Connection) -> None:
    assert len(await events.changes_after(connection, ACCOUNT, SIZE.jobs - 50, 200)) == 50


async def removals(connection: asyncpg.Connection) -> None:
    before = datetime.now(UTC) - REMOVALS_KEPT
    assert await sweep.drop_removals(connection, ACCOUNT, before, REMOVALS_AT_ONCE) == REMOVALS_AT_ONCE


async def retired(connection: asyncpg.Connection) -> None:
    before = datetime.now(UTC) - timedelta(days=14)
    assert len(await sweep.closed_before(connection, ACCOUNT, before, AT_ONCE)) == AT_ONCE


HOT = [idle, first_sync, later_sync, live_events, removals, retired]

LOST: list[tuple[Callable[[asyncpg.Connection], Awaitable[None]], str]] = [
    (idle, "drop index session_by_token_hash"),
    (idle, "drop index feed_cursor"),
    (idle, "alter table change drop constraint change_pkey"),
    (later_sync, "drop index feed_cursor"),
    (live_events, "alter table change drop constraint change_pkey"),
    (removals, "drop index feed_removal"),
    (removals, "drop index change_recorded"),
    (retired, "drop index job_closed"),
]
"""Each makes its statement read too much, which must be noticed."""


@pytest.fixture(scope="module")
def filled(postgres: Server) -> Iterator[str]:
    """A database of `SIZE`, as superuser."""
    maintenance = postgres.dsn(SUPERUSER, "postgres")
    asyncio.run(_run(maintenance, f"create database filled template {DATABASE}"))
    dsn = postgres.dsn(SUPERUSER, "filled")
    asyncio.run(fill(dsn, SIZE, [SAMPLE]))
    yield dsn
    asyncio.run(_run(maintenance, "drop database filled with (force)"))


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_hot_statements_read_ranges_of_indexes(filled: str, mode: str) -> None:
    for statement in HOT:
        async with watched(filled, ACCOUNT) as plans:
            await plans.connection.execute(f"set local plan_cache_mode = {mode}")
            await plans.watch(statement)
            assert plans.scans(), f"{statement.__name__}: no plan was told"
            assert not plans.faults(), f"{statement.__name__}: {plans.faults()}"


async def test_a_lost_index_is_noticed(filled: str) -> None:
    for statement, loss in LOST:
        async with watched(filled, ACCOUNT) as plans:
            await plans.connection.execute(f"reset role; {loss}; set role {SERVICE_ROLE}")
            await plans.watch(statement)
            assert plans.faults(), f"{statement.__name__} after {loss}: {plans.scans()}"


async def _run(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
