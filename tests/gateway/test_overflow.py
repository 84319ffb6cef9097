"""Readers too slow for what happens, behind small segments and buffers, at the real sizes of a ring: whatever
they are not told is announced, and then they go on live."""

import asyncio
import random
from contextlib import AsyncExitStack

from support.firms import change_much, found_firms, opened_stores
from support.process import TESTS, running
from support.slow_reader import slow_reader

READERS = 6
EVENTS = 4_000  # more than a ring and the buffers of a connection keep
SIZE = 2_000  # letters of two bytes
AT_ONCE = 100


async def test_slow_readers_are_told_of_every_gap_and_go_on_live(database_url: str) -> None:
    """Each takes a few kB now and then, as fast as its seed says; the slowest take next to nothing."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    async with (
        opened_stores(database_url) as stores,
        running("support.faulty_gateway", database_url, PYTHONPATH=TESTS, FAULTS="no cutting off") as gateway,
        AsyncExitStack() as stack,
    ):
        (firm,) = await found_firms(stores, 1, jobs=1)
        readers = [
            await stack.enter_async_context(slow_reader(gateway.url, firm.desk)) for _ in range(READERS)
        ]
        paces = [round(AT_ONCE * SIZE * 2 * chance.uniform(0.15, 1.5)) for _ in readers[1:]]
        paces = [AT_ONCE * SIZE // 5, *paces]
        await asyncio.gather(*(one.read_until(lambda one: one.versions("hb")) for one in readers))
        for _ in range(EVENTS // AT_ONCE):
            await change_much(stores, firm, AT_ONCE, size=SIZE)
            await asyncio.gather(*(one.read_some(pace) for one, pace in zip(readers, paces, strict=True)))
        last = await change_much(stores, firm, 1)
        await asyncio.gather(*(one.read_until(lambda one: one.told.reached(last), 120) for one in readers))
        live = await change_much(stores, firm, 1)
        await asyncio.gather(*(one.read_until(lambda one: one.told.reached(live), 120) for one in readers))
    told = [one.told for one in readers]
    print(f"{sum(bool(one.gaps) for one in told)} of {READERS} were told of a gap")
    assert told[0].gaps
    for one in told:
        assert not one.broken
        assert not one.missing(range(live + 1))
        assert {gap.reason for gap in one.gaps} <= {"overflow"}
        assert one.versions[-1] == live
