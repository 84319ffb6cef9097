"""One phone through its lives. A crash is a real one: what the store had written is all that remains."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx

from naryad.device.clock import SystemClock
from naryad.device.phone import Link, Phone
from naryad.device.session import Credentials, Profile
from naryad.domain.ids import DeviceId
from naryad.uuid7 import uuid7
from naryad_cli.simulate.attentive import AttentiveTransport
from naryad_cli.simulate.fragile import Crashed, FragileStore
from naryad_cli.simulate.journal import Journal
from naryad_cli.simulate.network import PERFECT, BadNetwork, Handle
from naryad_cli.simulate.plan import Plan
from naryad_cli.simulate.worker import SimulatedWorker


class Handset:
    """A phone, its worker, and its bad luck. `live` until cancelled."""

    def __init__(
        self,
        plan: Plan,
        number: int,
        folder: Path,
        credentials: Credentials,
        worker_id: str,
        network: BadNetwork,
        journal: Journal,
        may_act: Callable[[], bool],
    ) -> None:
        self.device = DeviceId(uuid7())
        self.worker_id = worker_id
        self.phone: Phone | None = None
        """None while it is off."""
        self.network = network
        self.crashes = 0
        self._plan, self._credentials, self._journal = plan, credentials, journal
        self._folder, self._name = folder, f"{number:03d}"
        self._may_act = may_act
        self._chance = plan.chance(f"phone {number}")
        self._calm = asyncio.Event()
        self._transport: AttentiveTransport | None = None
        self._store: FragileStore | None = None

    async def live(self) -> None:
        """Life after life. What is no crash of ours is raised."""
        store = self._path(0)
        while True:
            try:
                await self._one_life(store)
            except* Crashed:
                self.crashes += 1
                self._journal.faults["phones crashed"] += 1
                store = self._path(self.crashes)
            await self._pause(self._plan.pace.down)

    def calm(self) -> None:
        """No more work and no more mishaps: the network is perfect, a phone that is off is switched on."""
        self._calm.set()
        self.network.quality = PERFECT
        if self._store is not None:
            self._store.doomed = False
        if self.phone is not None and not self.phone.link.online:
            self.phone.link_changed(Link(online=True))

    def in_step_since(self, moment: float) -> bool:
        """Whether a sync that began after `moment` left neither side anything to say."""
        phone, transport = self.phone, self._transport
        if phone is None or transport is None or transport.in_step_since is None:
            return False
        return transport.in_step_since > moment and not phone.unsent and not phone.state.expired

    async def _one_life(self, path: Path) -> None:
        self._store = store = FragileStore(path, self.device, self._chance)
        client = httpx.AsyncClient(
            transport=Handle(self.network), timeout=httpx.Timeout(self._plan.timeout_s)
        )
        try:
            async with AttentiveTransport(self._plan.url, client, self._journal) as self._transport:
                profile = Profile(f"Simulated {self._name}", app_version="simulated", time_zone="UTC")
                self.phone = Phone(
                    store,
                    self._transport,
                    profile,
                    credentials=self._credentials,
                    clock=SystemClock(self._plan.speed),
                    chance=self._chance.random,
                )
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self.phone.run())
                    tasks.create_task(self._work(self.phone, store))
                    if self._plan.faults:
                        tasks.create_task(self._suffer(self.phone, store))
        finally:
            self.phone = None
            if store.doomed:
                store.leave_to(self._path(self.crashes + 1))
            store.close()

    async def _work(self, phone: Phone, store: FragileStore) -> None:
        worker = SimulatedWorker(phone, self._chance)
        while not self._calm.is_set():
            await self._pause(self._plan.pace.action)
            if self._calm.is_set() or not self._may_act():
                continue
            known = len(phone.state.outbox)
            try:
                worker.act()
            except Crashed:
                self._remember_written(store)
                raise
            for operation in phone.state.outbox[known:]:
                self._journal.make(self.device, operation)

    def _remember_written(self, store: FragileStore) -> None:
        """The phone died while saving: what is in the store was saved, and must not get lost."""
        for operation in store.load().outbox:
            if operation.id not in self._journal.made:
                self._journal.make(self.device, operation)

    async def _suffer(self, phone: Phone, store: FragileStore) -> None:
        while True:
            await self._pause(self._plan.pace.up)
            if self._calm.is_set():
                return
            match self._chance.choice(["dies", "dies saving", "offline", "offline"]):
                case "dies":
                    store.doomed = True
                    raise Crashed
                case "dies saving":
                    store.doomed = True
                case _:
                    self._journal.faults["phones offline"] += 1
                    phone.link_changed(Link(online=False))
                    await self._pause(self._plan.pace.down)
                    phone.link_changed(Link(online=True))

    async def _pause(self, between: tuple[float, float]) -> None:
        """For a while of the simulated clock, or until all is calm."""
        seconds = self._chance.uniform(*between) / self._plan.speed
        try:
            async with asyncio.timeout(seconds):
                await self._calm.wait()
        except TimeoutError:
            return

    def _path(self, life: int) -> Path:
        return self._folder / f"{self._name}-{life}.sqlite"
