"""One phone through its lives. A crash is a real one: what the store had written is all that remains."""

import asyncio
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx

from naryad.device.answers import Page, Refused, Unreachable
from naryad.device.clock import SystemClock
from naryad.device.phone import Link, Phone
from naryad.device.requests import Request
from naryad.device.session import Credentials, Profile
from naryad.device.state import DeviceState
from naryad.device.store import Store
from naryad.device.transport import Reply, Transport
from naryad.domain.ids import DeviceId
from naryad.uuid7 import uuid7
from naryad_cli.simulate.journal import Journal
from naryad_cli.simulate.network import PERFECT, BadNetwork, Handle
from naryad_cli.simulate.plan import Plan
from naryad_cli.simulate.worker import SimulatedWorker

TIMEOUT_S = 60.0
LEAST_TIMEOUT_S = 5.0


class Crashed(Exception):
    """The battery is dead, the app was killed: the phone ends wherever it is."""


class FragileStore(Store):
    """A store whose phone may die just before or just after a change is written."""

    def __init__(self, path: Path, device: DeviceId, chance: random.Random) -> None:
        super().__init__(path, device)
        self.path = path
        self.doomed = False
        self._chance = chance

    def save(self, before: DeviceState, after: DeviceState) -> None:
        if self.doomed and self._chance.random() < 0.5:
            raise Crashed
        super().save(before, after)
        if self.doomed:
            raise Crashed


class AttentiveTransport(Transport):
    """Tells the journal what the server said, before the phone knows it."""

    def __init__(self, url: str, client: httpx.AsyncClient, journal: Journal) -> None:
        super().__init__(url, client)
        self.in_step_since: float | None = None
        """When the latest request left that brought the phone all there was; by the loop's clock."""
        self._journal = journal

    async def sync(self, request: Request, token: str) -> Reply:
        left = asyncio.get_running_loop().time()
        reply = await super().sync(request, token)
        match reply.answer:
            case Page() as page:
                self._journal.hear(page.results)
                self.in_step_since = None if page.more else left
            case Refused() as refused:
                self._journal.faults[f"answers {refused.status} {refused.slug}".rstrip()] += 1
            case Unreachable():
                self._journal.faults["requests without an answer"] += 1
            case _:
                self.in_step_since = left
        return reply


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
        timeout = httpx.Timeout(max(LEAST_TIMEOUT_S, TIMEOUT_S / self._plan.speed))
        client = httpx.AsyncClient(transport=Handle(self.network), timeout=timeout)
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
            if store.doomed:  # as it is on the disk now: closing it in order would still write
                following = self._path(self.crashes + 1)
                for suffix in ("", "-wal"):
                    if (written := path.with_name(path.name + suffix)).exists():
                        shutil.copy(written, following.with_name(following.name + suffix))
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
