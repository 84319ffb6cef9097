"""What quiet streams ask of the database: one statement a second for the heads of all accounts together."""

import asyncio
from collections import Counter

import asyncpg

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
            before = await calls(truth)
            await asked(truth, "heads", before["heads"] + POLLS)
            after = await calls(truth)
    # A statement for each account would come to 20 with the first poll; what was asked just before the
    # count began is counted up to seconds later.
    for function in ("heads", "sessions_alive", "device_news"):
        assert after[function] - before[function] < FIRMS, function


async def asked(truth: asyncpg.Connection, function: str, times: int) -> None:
    async with asyncio.timeout(60):
        while (await calls(truth))[function] < times:
            await asyncio.sleep(0.1)


async def calls(truth: asyncpg.Connection) -> Counter[str]:
    """How often each function was called, as PostgreSQL counts."""
    await truth.execute("select pg_stat_clear_snapshot()")
    rows = await truth.fetch("select funcname, calls from pg_stat_user_functions")
    return Counter({row["funcname"]: row["calls"] for row in rows})
