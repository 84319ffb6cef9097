"""One process of PostgreSQL is frozen in the middle of a write: its account waits, the others do not."""

import asyncio
import os
from signal import SIGCONT, SIGSTOP
from uuid import UUID

import asyncpg
import httpx

from faults.conftest import House
from support.mortal_postgres import MortalPostgres
from support.process import TESTS
from support.server import client

BURST = 30
"""Writers of the stuck account: three times the connections there are."""

BLOCKED_BY_US = """
select pid from pg_stat_activity
where application_name = 'naryad-api' and pg_backend_pid() = any (pg_blocking_pids(pid))
"""


async def frozen_writer(truth: asyncpg.Connection, account_id: UUID) -> int:
    """The process of a writer of this account, stopped while it holds the account's lock.

    Somebody must be writing: the first one runs into our lock on the row that is written last.
    """
    async with truth.transaction(), asyncio.timeout(30):
        await truth.execute("select from account_head where account_id = $1 for update", account_id)
        while not (pid := await truth.fetchval(BLOCKED_BY_US)):
            await truth.execute("select pg_stat_clear_snapshot()")
            await asyncio.sleep(0.01)
        os.kill(pid, SIGSTOP)
    frozen: int = pid
    return frozen


async def test_a_frozen_backend_stops_one_account_for_a_while_and_loses_nothing(
    house: House, mortal: MortalPostgres
) -> None:
    service = await house.api.take("support.impatient_api", PYTHONPATH=TESTS)
    truth = await asyncpg.connect(mortal.access.superuser_dsn)
    async with (
        client(house.url, await house.token(house.admin)) as desk,
        client(house.url, await house.token(house.neighbour)) as neighbour,
        house.people() as people,
    ):
        async with people.at_work():
            await people.made(5)
            frozen = await frozen_writer(truth, house.account_id)
            try:
                writers = [asyncio.create_task(write(desk)) for _ in range(BURST)]
                await asyncio.wait(writers, timeout=0)
                while not await waiting_for_lock(truth):
                    await asyncio.sleep(0.01)
                answer = await neighbour.post("/v1/jobs", json={"description": "Другим не ждать"})
                assert answer.status_code == 201
                assert (await desk.get("/v1/jobs")).status_code == 200
                assert not any(one.done() for one in writers)
                answers = await asyncio.gather(*writers)
                assert [one.status_code for one in answers] == [503] * BURST
                assert all("retry-after" in one.headers for one in answers)
                while not people.journal.faults["answers 503 unavailable"]:
                    await asyncio.sleep(0.05)
            finally:
                os.kill(frozen, SIGCONT)
            await people.made(len(people.journal.made) + 15)
        verdict = await people.verdict()
    await truth.close()
    assert verdict.clean, verdict.words()
    assert service.process.returncode is None


async def write(desk: httpx.AsyncClient) -> httpx.Response:
    return await desk.post("/v1/jobs", json={"description": "Застрял"})


async def waiting_for_lock(truth: asyncpg.Connection) -> bool:
    found: bool = await truth.fetchval(
        """select exists (select from pg_stat_activity
           where wait_event_type = 'Lock' and application_name = 'naryad-api')"""
    )
    return found
