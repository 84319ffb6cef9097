"""What quiet streams ask of the database: one statement a second for the heads of all accounts together."""

import asyncio
from collections import Counter
from time import monotonic

import asyncpg

from naryad_gateway.hub import POLL_S
from naryad_gateway.watch import EVERY_S
from support.firms import found_firms, opened_stores
from support.follower import Follower, following, until_all
from support.process import running

FIRMS = 20
POLLS = 4


async def test_the_heads_of_all_accounts_cost_one_statement(
    database_url: str, truth: asyncpg.Connection
) -> None:
    database = await truth.fetchval("select current_database()")
    await truth.execute(f"alter database {database} set track_functions = 'all'")
    async with opened_stores(database_url) as stores:
        firms = await found_firms(stores, FIRMS, jobs=1)
    async with running("naryad_gateway", database_url) as gateway:
        followers = [Follower(gateway.url, firm.desk) for firm in firms]
        async with following(followers):
            await until_all(followers, lambda one: one.told.position)
            await asked(truth, "heads", FIRMS + 1)  # for each account once when its first stream came
            before, began = await calls(truth), monotonic()
            await asked(truth, "heads", before["heads"] + POLLS)
            after, passed = await calls(truth), monotonic() - began
    # what was asked just before is counted up to a second later
    assert after["heads"] - before["heads"] <= passed / POLL_S + 2
    assert after["sessions_alive"] - before["sessions_alive"] <= passed / EVERY_S + 2


async def asked(truth: asyncpg.Connection, function: str, times: int) -> None:
    async with asyncio.timeout(60):
        while (await calls(truth))[function] < times:
            await asyncio.sleep(0.1)


async def calls(truth: asyncpg.Connection) -> Counter[str]:
    """How often each function was called, as PostgreSQL counts."""
    await truth.execute("select pg_stat_clear_snapshot()")
    rows = await truth.fetch("select funcname, calls from pg_stat_user_functions")
    return Counter({row["funcname"]: row["calls"] for row in rows})
