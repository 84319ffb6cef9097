"""A LISTEN connection that is open and dead is found out, made again, and what was missed is told.

The gateway here does not poll: else nobody would notice.
"""

import asyncio
import os
from signal import SIGCONT, SIGSTOP
from urllib.parse import urlsplit

import asyncpg
import pytest

from support.firms import change_much, found_firms, opened_stores
from support.follower import Follower, following, until_all
from support.process import TESTS, Service, running
from support.proxy import wire_to

LISTENER = """select pid from pg_stat_activity
where application_name = 'naryad-gateway-listen' and datname = current_database()"""


@pytest.mark.parametrize("end", ["frozen", "black hole"])
async def test_a_half_open_listener_is_noticed_and_made_again(
    database_url: str, truth: asyncpg.Connection, end: str
) -> None:
    """Its process in PostgreSQL is stopped, or its wire swallows everything."""
    async with wire_to(database_url) as wire, opened_stores(database_url) as stores:
        (firm,) = await found_firms(stores, 1, jobs=1)
        port = urlsplit(database_url).port
        how = {
            "PYTHONPATH": TESTS,
            "FAULTS": "no poll",
            "NARYAD_LOG_LEVEL": "warning",
            "NARYAD_LISTEN_DATABASE_URL": database_url.replace(f":{port}/", f":{wire.port}/"),
        }
        async with running("support.faulty_gateway", database_url, **how) as gateway:
            reader = Follower(gateway.url, firm.desk)
            async with following([reader]):
                await until_all([reader], lambda one: one.told.position)
                await until_told(reader, await change_much(stores, firm, 1))  # it listens
                pid = await truth.fetchval(LISTENER)
                if end == "frozen":
                    os.kill(pid, SIGSTOP)
                else:
                    wire.hold()
                try:
                    missed = await change_much(stores, firm, 1)
                    await until_noticed(gateway)
                    if end == "black hole":
                        assert not reader.told.reached(missed)  # no way around it yet
                    wire.mend()
                    await until_told(reader, missed)
                finally:
                    if end == "frozen":
                        os.kill(pid, SIGCONT)
                await until_told(reader, await change_much(stores, firm, 1))
    assert not reader.told.broken


async def until_told(reader: Follower, version: int) -> None:
    await until_all([reader], lambda one: one.told.reached(version))


async def until_noticed(gateway: Service) -> None:
    async with asyncio.timeout(60):
        while not any("listener lost its connection" in line for line in gateway.said):
            await asyncio.sleep(0.02)
