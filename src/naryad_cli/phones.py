"""The demo's simulated phones: real devices on the running server, so that the console is alive at once."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from naryad.device.files import file_lane
from naryad.device.operations import SetState
from naryad.device.phone import Link, Phone
from naryad.device.session import Credentials, Profile
from naryad.device.shelf import Shelf
from naryad.device.store import Store
from naryad.device.transport import Transport
from naryad.domain.ids import DeviceId
from naryad.domain.states import JobState
from naryad.domain.sync_policy import Trigger
from naryad_cli.demo.people import PASSWORD, TIME_ZONE, WORKERS
from naryad_cli.demo.worker import DemoWorker

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between actions, after a finished job, and without a network."""

    action: tuple[float, float] = (5, 20)
    rest: tuple[float, float] = (30, 90)
    offline: tuple[float, float] = (20, 60)
    offline_chance: float = 0.05
    """That the network goes away before an action."""


async def run_demo_phones(
    base_url: str,
    data_dir: Path,
    devices: Mapping[str, DeviceId],
    *,
    stop: asyncio.Event,
    pace: Pace | None = None,
    seed: int | None = None,
) -> None:
    """Let each worker's phone (login → its device) live through the day until `stop` is set or the task
    is cancelled.

    Each phone's store is `data_dir/phones/<login>.sqlite`, so that a restart resumes the same device.
    Trouble of a phone is logged once and ends that phone; nothing is raised.
    """
    phones = [
        asyncio.create_task(_live(base_url, data_dir, login, device, pace or Pace(), random.Random(seed)))
        for login, device in devices.items()
    ]
    try:
        await stop.wait()
    finally:
        for one in phones:
            one.cancel()
        await asyncio.gather(*phones, return_exceptions=True)


async def _live(
    base_url: str, data_dir: Path, login: str, device: DeviceId, pace: Pace, chance: random.Random
) -> None:
    try:
        store = Store(data_dir / "phones" / f"{login}.sqlite", device)
        try:
            async with Transport(base_url) as transport:
                name, zone = WORKERS[login]
                profile = Profile(name, "android", "1.0.0", "ru", zone or TIME_ZONE)
                async with file_lane(base_url, Shelf(data_dir / "phones" / login)) as lane:
                    phone = Phone(
                        store, transport, profile, credentials=Credentials(login, PASSWORD), files=lane
                    )
                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(phone.run())
                        tasks.create_task(_work(phone, DemoWorker(phone, chance, camera=True), pace, chance))
        finally:
            store.close()
    except Exception:
        log.warning("demo phone ended", login=login, exc_info=True)


async def _work(phone: Phone, worker: DemoWorker, pace: Pace, chance: random.Random) -> None:
    """Act, look, act: until cancelled. When all is done, the phone only polls, as phones do."""
    back_online = 0.0
    clock = asyncio.get_running_loop().time
    while True:
        await asyncio.sleep(chance.uniform(*pace.action))
        if phone.session is None:
            continue
        if not phone.link.online and clock() >= back_online:
            phone.link_changed(Link(online=True))
        elif phone.link.online and chance.random() < pace.offline_chance:
            phone.link_changed(Link(online=False))
            back_online = clock() + chance.uniform(*pace.offline)
        did = worker.act(datetime.now(UTC))
        if did is None:
            phone.ask(Trigger.MANUAL)  # nothing to do: the worker looks whether something came
        elif isinstance(did, SetState) and did.state is JobState.FINISHED:
            await asyncio.sleep(chance.uniform(*pace.rest))
