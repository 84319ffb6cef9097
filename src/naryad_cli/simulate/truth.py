"""What the server says in the end: jobs, histories and phones, over the API alone."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

from naryad_cli.simulate.desk import Desk
from naryad_cli.simulate.world import World

PAGE = 500
AT_ONCE = 8

Thing = dict[str, Any]


@dataclass(slots=True)
class Truth:
    jobs: dict[str, Thing] = field(default_factory=dict)
    """By id, as the API shows them: those of the simulated workers and those made here, if not deleted."""
    of_worker: dict[str, set[str]] = field(default_factory=dict)
    """Worker → the jobs that the list shows for that worker, whatever their state."""
    histories: dict[str, list[Thing]] = field(default_factory=dict)
    """Job → its changes, oldest first; also of deleted jobs. Absent: the server knows no such job."""
    devices: dict[str, Thing] = field(default_factory=dict)
    template: Thing = field(default_factory=dict)


async def read_truth(desk: Desk, world: World) -> Truth:
    """Read everything that the judge needs. Nobody must be writing meanwhile. Raises CommandError."""
    truth = Truth()
    for worker in world.workers:
        listed = {one["id"]: one async for one in _pages(desk, "/v1/jobs", "jobs", worker=worker.id)}
        truth.of_worker[worker.id] = set(listed)
        truth.jobs |= listed
    rows = _pages(desk, "/v1/devices", "devices")
    truth.devices = {one["id"]: one async for one in rows}
    truth.template = await desk.ask(f"/v1/templates/{world.template['id']}") or {}
    await _each({*truth.jobs, *world.jobs}, lambda job: _read_job(desk, truth, job))
    return truth


async def _read_job(desk: Desk, truth: Truth, job: str) -> None:
    if job not in truth.jobs and (alone := await desk.ask(f"/v1/jobs/{job}")):
        truth.jobs[job] = alone
    changes: list[Thing] = []
    after = 0
    while True:
        page = await desk.ask(f"/v1/jobs/{job}/history", after=after, limit=PAGE)
        if page is None:
            return
        changes += page["changes"]
        if page.get("next") is None:
            break
        after = page["next"]
    truth.histories[job] = changes


async def _pages(desk: Desk, path: str, member: str, **parameters: Any) -> AsyncIterator[Thing]:
    after: dict[str, str] = {}
    while True:
        page = await desk.ask(path, limit=PAGE, **parameters, **after)
        assert page is not None
        for one in page[member]:
            yield one
        if not page.get("next"):
            return
        after = {"after": page["next"]}


async def _each(things: Iterable[str], read: Any) -> None:
    waiting = iter(sorted(things))

    async def some() -> None:
        for one in waiting:
            await read(one)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(some())
