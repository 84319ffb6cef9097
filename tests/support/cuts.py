"""What a reader of live events, whoever made it, has to come through: a gap announced, cuts, a frame torn."""

import asyncio
from collections.abc import Callable

from support.account import Office
from support.changes import change_often
from support.proxy import Wire
from support.tasks import going_on
from support.told import Told

FOREIGN = "ffffffff.1"
"""A position of no history here: who resumes from it is told of a gap."""


async def come_through_cuts(office: Office, wire: Wire, told: Told) -> None:
    """`told` is of a desk reader that has asked over the wire for everything after FOREIGN."""
    await until(lambda: told.gaps)
    job = await office.create_job()
    await until(lambda: told.reached(job["version"]))
    wire.cut()
    missed = await change_often(office, job["id"], 5)
    wire.mend()
    await until(lambda: told.reached(missed))
    async with going_on(wire.cut_after(1000)) as torn:  # amid a frame
        while not torn.done():
            last = await change_often(office, job["id"], 5)
            await until(lambda last=last: torn.done() or told.reached(last))
    head = await change_often(office, job["id"], 1)
    await until(lambda: told.reached(head))
    assert not told.broken
    (gap,) = told.gaps
    assert gap.reason == "epoch"
    assert told.versions == list(range(gap.upto.version + 1, head + 1))
    assert told.heartbeats >= 3  # one greets each connection


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)
