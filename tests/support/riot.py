"""What goes wrong between writers and readers of live events, and all of it in a drawn order."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import asyncpg

from support.firms import change_much, opened_stores
from support.live_chaos import LISTENERS, Chaos

FAR_BEHIND = 3_000
"""Changes: more than is replayed, and more than a ring keeps."""


async def listener_killed(chaos: Chaos) -> None:
    truth = await asyncpg.connect(chaos.postgres.access.superuser_dsn)
    await truth.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where {LISTENERS}")
    await truth.close()


async def postgres_crashes(chaos: Chaos) -> None:
    await chaos.postgres.crash()
    await asyncio.sleep(chaos.chance.uniform(0, 0.5))
    await chaos.postgres.start()


async def gateway_killed(chaos: Chaos) -> None:
    assert chaos.gateway.service is not None
    await chaos.gateway.service.kill()
    await chaos.start_gateway()


async def wire_torn(chaos: Chaos) -> None:
    with suppress(TimeoutError):  # if too little is told, it is torn when more is
        async with asyncio.timeout(5):
            await chaos.wire.cut_after(chaos.chance.randint(200, 20_000))


async def left_far_behind(chaos: Chaos) -> None:
    """Half of a firm's readers are away while more happens than is replayed."""
    firm = chaos.chance.choice(chaos.firms)
    chaos.far_behind.add(firm.account_id)
    theirs = [one.follower for one in chaos.readers if one.firm is firm][::2]
    for one in theirs:
        one.stay_away()
    async with opened_stores(chaos.postgres.access.service_dsn) as stores:
        await change_much(stores, firm, FAR_BEHIND)
    for one in theirs:
        one.come_back()


Fault = Callable[[Chaos], Awaitable[None]]
EVERYTHING: list[Fault] = [
    *[listener_killed] * 2,
    *[postgres_crashes] * 2,
    *[gateway_killed] * 2,
    *[wire_torn] * 4,
    left_far_behind,
]


async def run_riot(chaos: Chaos, faults: list[Fault], patience_s: float) -> None:
    """All faults in a drawn order while everyone writes and reads; then the verdict. Raises Broken."""
    async with chaos.writing():
        for fault in chaos.chance.sample(faults, len(faults)):
            await chaos.more_writes(25)
            await fault(chaos)
        await chaos.more_writes(25)
    for one in chaos.readers:
        one.follower.impatience = 0
    await chaos.everyone_listens()
    await chaos.last_changes()
    await chaos.verdict(patience_s)
