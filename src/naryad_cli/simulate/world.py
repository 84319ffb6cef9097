"""The people, the template and the jobs of a simulation, made over the API and named after it."""

import random
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from naryad.uuid7 import uuid7
from naryad_cli.simulate.desk import Desk


@dataclass(frozen=True, slots=True)
class Worker:
    id: str
    login: str
    password: str = field(repr=False)


@dataclass(slots=True)
class World:
    name: str
    """In the logins, the template and the jobs of this run."""
    workers: list[Worker]
    template: dict[str, Any]
    jobs: list[str] = field(default_factory=list)
    """Every job that a dispatcher tried to make; those that were deleted too."""

    def resolution(self, chance: random.Random) -> str:
        chosen: str = chance.choice(self.template["resolutions"])["id"]
        return chosen


async def found(desk: Desk, devices: int) -> World:
    """Make what a simulation needs. Raises CommandError."""
    name = f"sim-{secrets.token_hex(3)}"
    template = await desk.establish("/v1/templates", {"name": f"Simulated {name}", **TEMPLATE})
    workers = []
    for number in range(devices):
        worker = Worker(str(uuid7()), f"{name}-{number:03d}", secrets.token_urlsafe(12))
        body = {"id": worker.id, "login": worker.login, "password": worker.password, "role": "worker"}
        await desk.establish("/v1/users", {**body, "name": f"Simulated {number:03d}"})
        workers.append(worker)
    return World(name, workers, template)


async def dismiss(desk: Desk, world: World) -> None:
    """Switch the simulated workers off; their jobs and histories stay."""
    for worker in world.workers:
        await desk.change(f"/v1/users/{worker.id}", {"active": False})


def new_job(world: World, chance: random.Random) -> dict[str, Any]:
    """A job for today; one in ten not published yet, one in ten for two workers."""
    workers = chance.sample(world.workers, 2 if len(world.workers) > 1 and chance.random() < 0.1 else 1)
    return {
        "id": str(uuid7()),
        "type": world.name,
        "template_id": world.template["id"],
        "scheduled_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "scheduled_duration": 60,
        "state": "scheduled" if chance.random() < 0.1 else "published",
        "description": chance.choice(DESCRIPTIONS),
        "client": {"name": chance.choice(["Иванова", "Petrov", "ООО «Ромашка»"])},
        "address": {"formatted": f"Москва, ул. Вавилова, {chance.randint(1, 200)}"},
        "assignees": [{"worker_id": one.id, "can_edit": n == 0} for n, one in enumerate(workers)],
    }


DESCRIPTIONS = ("Заменить счётчик горячей воды", "Подключить интернет", "Check the heating", "Протечка")
TEMPLATE: dict[str, Any] = {
    "fields": [
        {"key": "reading", "name": "Показание", "type": "number", "required": True},
        {"key": "sealed", "name": "Опломбирован", "type": "yes_no"},
        {"key": "note", "name": "Примечание", "type": "text"},
        {"key": "before", "name": "Фото до", "type": "photo"},
        {"key": "urgency", "name": "Срочность", "type": "number", "scope": "custom"},
    ],
    "resolutions": [
        {"name": "Выполнено", "successful": True},
        {"name": "Нет доступа", "successful": False},
    ],
}
