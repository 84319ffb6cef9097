"""What a simulated dispatcher does: makes jobs, and changes them while workers are at them."""

import random
from typing import Any
from uuid import uuid4

from naryad_cli.simulate.desk import Desk
from naryad_cli.simulate.world import World, new_job

RECENT = 4
"""Jobs of each worker, as many on average, that a dispatcher still turns back to."""

ACTIONS = {
    "create": 20,
    "describe": 6,
    "report": 6,
    "custom": 2,
    "reassign": 3,
    "publish": 2,
    "unpublish": 1,
    "reschedule": 1,
    "cancel": 1,
    "finish": 1,
    "delete": 0.4,
}


class Dispatcher:
    def __init__(self, desk: Desk, world: World, chance: random.Random) -> None:
        self._desk, self._world, self._chance = desk, world, chance
        self._seen: dict[str, int] = {}
        """The version of each job as this dispatcher last saw it."""

    async def create(self) -> None:
        body = new_job(self._world, self._chance)
        self._world.jobs.append(body["id"])
        self._see(await self._desk.write("POST", "/v1/jobs", body["id"], body, kind="created"))

    async def act(self) -> None:
        """One thing at random; what the server refuses was worth a try."""
        chosen = self._chance.choices(list(ACTIONS), list(ACTIONS.values()))[0]
        if chosen == "create" or not self._world.jobs:
            await self.create()
            return
        job = self._chance.choice(self._world.jobs[-RECENT * len(self._world.workers) :])
        match chosen:
            case "describe":
                await self._patch(job, description=f"Уточнение {uuid4().hex[:12]}")
            case "report":
                await self._patch(job, report={"note": f"С пульта {uuid4().hex[:12]}"})
            case "custom":
                await self._patch(job, custom_fields={"urgency": self._chance.randint(1, 10**9)})
            case "reassign":
                await self._patch(job, assignees=self._somebody())
            case "reschedule":
                await self._patch(job, scheduled_duration=self._chance.randint(1, 600))
            case "publish":
                await self._move(job, "published")
            case "unpublish":
                await self._move(job, "scheduled")
            case "cancel":
                await self._move(job, "canceled")
            case "finish":
                await self._move(job, "finished", resolution_id=self._world.resolution(self._chance))
            case _:
                await self._desk.write("DELETE", f"/v1/jobs/{job}", job, kind="deleted")

    async def _patch(self, job: str, **fields: Any) -> None:
        """As seen by this dispatcher, or over whatever is there."""
        body = dict(fields)
        if job in self._seen and self._chance.random() < 0.5:
            body["base_version"] = self._seen[job]
        own = fields.get("description")
        name = "description" if own else None
        self._see(await self._desk.write("PATCH", f"/v1/jobs/{job}", job, body, field=name, value=own))

    async def _move(self, job: str, to: str, **more: Any) -> None:
        self._see(await self._desk.write("POST", f"/v1/jobs/{job}/state", job, {"to": to, **more}))

    def _see(self, job: dict[str, Any] | None) -> None:
        if job:
            self._seen[job["id"]] = job["version"]

    def _somebody(self) -> list[dict[str, Any]]:
        workers = self._chance.sample(
            self._world.workers, min(len(self._world.workers), self._chance.choice([1, 1, 1, 2]))
        )
        return [{"worker_id": one.id, "can_edit": n == 0} for n, one in enumerate(workers)]
