"""What goes wrong with the machines, one thing after the other, each mended before the next."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from signal import SIGCONT, SIGSTOP

import asyncpg

from soak.town import Town

PAUSE_S = (2.0, 8.0)
"""Between two misfortunes, for the work to go on."""

LIKELY = {
    "kill the API": 4,
    "kill another service": 2,
    "crash PostgreSQL": 3,
    "freeze a backend": 3,
    "cut the wire": 3,
    "hold the wire": 2,
}


@asynccontextmanager
async def misfortunes(town: Town, chance: random.Random, counts: Counter[str]) -> AsyncIterator[None]:
    """Things go wrong while the block lasts; after it everything runs again."""
    over = asyncio.Event()
    task = asyncio.create_task(_one_after_the_other(town, chance, counts, over))
    try:
        yield
    finally:
        over.set()
        await task


async def _one_after_the_other(
    town: Town, chance: random.Random, counts: Counter[str], over: asyncio.Event
) -> None:
    while not over.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(chance.uniform(*PAUSE_S)):
                await over.wait()
                return
        what = chance.choices(list(LIKELY), list(LIKELY.values()))[0]
        counts[what] += 1
        match what:
            case "kill the API":
                await _kill(town, "naryad_api", chance)
            case "kill another service":
                await _kill(town, chance.choice(["naryad_gateway", "naryad_pusher"]), chance)
            case "crash PostgreSQL":
                await town.postgres.crash()
                await asyncio.sleep(chance.uniform(0, 3))
                await town.postgres.start()
            case "freeze a backend":
                await _freeze(town, chance)
            case "cut the wire":
                for _ in range(5):
                    await town.wire.cut_after(chance.randint(100, 50_000))
            case _:
                town.wire.hold()
                await asyncio.sleep(chance.uniform(0.5, 8))
                town.wire.mend()


async def _kill(town: Town, service: str, chance: random.Random) -> None:
    held = town.services[service].service
    assert held is not None
    await held.kill()
    await asyncio.sleep(chance.uniform(0, 3))
    await town.restart(service)


async def _freeze(town: Town, chance: random.Random) -> None:
    """One connection's process of PostgreSQL, at work if there is one."""
    connection = await asyncpg.connect(town.postgres.access.superuser_dsn)
    try:
        found = await connection.fetch(
            """select pid from pg_stat_activity where application_name = 'naryad-api'
               order by xact_start nulls last, random() limit 1"""
        )
        for row in found:
            os.kill(row["pid"], SIGSTOP)
            try:
                await asyncio.sleep(chance.uniform(1, 20))
            finally:
                with suppress(ProcessLookupError):
                    os.kill(row["pid"], SIGCONT)
    finally:
        await connection.close()
