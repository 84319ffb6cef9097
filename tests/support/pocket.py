"""A reference device in a worker's pocket: it dies, is set back, is replaced; and it is watched."""

import asyncio
import shutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from naryad.device.operations import SetState, Work
from naryad.device.phone import Phone
from naryad.device.session import Credentials, Profile
from naryad.device.state import DeviceState
from naryad.device.store import Store
from naryad.device.transport import Transport
from naryad.domain.ids import DeviceId, OperationId
from naryad.domain.instant import from_text
from naryad.domain.sync_policy import Trigger
from naryad.uuid7 import uuid7
from support.account import PASSWORD
from support.air import Air, Event, Fault, PhoneDied
from support.fake_clock import FakeClock
from support.verdict import expect

TWO_PERIODS_S = 2 * 120 * 1.1
INSTANTS = frozenset({"created_at", "updated_at"})


class PocketClock(FakeClock):
    """Timers run when the test says so; the time of day is the real one, so that no skew is corrected."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Pocket:
    """`made` is all work that the worker was told is saved; `forgiven` what a lost phone or a
    restored server took with it."""

    def __init__(self, login: str, worker_id: str, folder: Path, air: Air) -> None:
        self.login, self.worker_id, self.air, self.folder = login, worker_id, air, folder
        air.arrived = self._compare
        self.made: set[OperationId] = set()
        self.forgiven: set[OperationId] = set()
        self.devices: list[DeviceId] = [DeviceId(uuid7())]
        self.whole = True
        """Its memory was never set back, so every notice must be in it."""
        self._switch_on()

    @property
    def state(self) -> DeviceState:
        return self.phone.state

    @property
    def unacknowledged(self) -> set[OperationId]:
        return {one.id for one in self.state.outbox}

    def work(self, n: int, work: Work) -> None:
        """The worker does something to the n-th of the jobs that the phone shows, taken away ones too.
        A resolution is named by its place in the template, as a number."""
        jobs = sorted([*self.state.jobs, *self.state.gone])
        if not jobs:
            return
        if isinstance(work, SetState) and work.resolution_id is not None and self.state.templates:
            (template, *_) = self.state.templates.values()
            chosen = template["resolutions"][work.resolution_id.int]
            work = replace(work, resolution_id=UUID(chosen["id"]))
        self.made.add(self.phone.do(work, jobs[n % len(jobs)]).id)

    async def sync(
        self, faults: Sequence[Fault] = (), before: Sequence[Event] = (), after: Sequence[Event] = ()
    ) -> bool:
        """One sync, its requests through these faults; whether the phone says that it worked."""
        air = self.air
        air.faults.extend(faults)
        air.before.extend(before)
        air.after.extend(after)
        try:
            report = await self.phone.sync(Trigger.MANUAL)
            air.settled()
            return report.ok
        except PhoneDied:
            self.crash()
            return False
        finally:
            for rest in (air.faults, air.before, air.after):
                rest.clear()

    async def two_periods(self) -> None:
        """The phone left alone for two periods of its timer, while others sync as well."""
        self.air.arrived = _anything
        running = asyncio.create_task(self.phone.run())
        passing = asyncio.create_task(self.clock.advance(TWO_PERIODS_S))
        await asyncio.wait([running, passing], return_when=asyncio.FIRST_COMPLETED)
        for one in (running, passing):
            one.cancel()
        ended = await asyncio.gather(running, passing, return_exceptions=True)
        for failure in ended:
            if isinstance(failure, Exception):
                raise failure
        self.air.last = None
        self.air.arrived = self._compare

    def crash(self) -> None:
        """The program ends anywhere between two steps and is started again."""
        remembered = self.state
        self._store.close()
        self._switch_on()
        expect(self.state == remembered, f"{self.login}: the phone woke up with another memory")

    def back_up(self) -> None:
        self._store.close()
        shutil.copy(self._path, self._backup)
        self._switch_on()

    def restore_backup(self, received: Collection[OperationId]) -> None:
        """The phone is set back to its backup; work made since that the server has not is lost with it."""
        if self._backup.exists():
            self._store.close()
            shutil.copy(self._backup, self._path)
            self._memory_lost(received)

    def reinstall(self, received: Collection[OperationId], *, same_device: bool) -> None:
        """The app is installed anew with nothing in it, with its old device id or as another device."""
        self._store.close()
        self._path.unlink()
        self._backup.unlink(missing_ok=True)
        if not same_device:
            self.devices.append(DeviceId(uuid7()))
        self._memory_lost(received)

    def holds(self) -> dict[str, Any]:
        """In the form of `support.oracle`: jobs, and what all phones share."""
        jobs = {
            str(job.id): _fields(job.fields) | {"version": job.version} for job in self.state.jobs.values()
        }
        templates = {str(id): template["version"] for id, template in self.state.templates.items()}
        return {"jobs": jobs, "shared": {**templates, "policy": self.state.policy.version}}

    def switch_off(self) -> None:
        self._store.close()

    def _compare(self, truth: Any) -> None:
        """Right after the last page of an answer the phone holds what was true when it was answered, with
        work still unsent or without."""
        held = self.holds()
        if held == truth:
            return
        strangers = held["jobs"].keys() - truth["jobs"].keys()
        expect(not strangers, f"{self.login}: jobs on the phone that it may not see: {strangers}")
        missing = truth["jobs"].keys() - held["jobs"].keys()
        expect(not missing, f"{self.login}: jobs missing on the phone after a sync: {missing}")
        for id, job in truth["jobs"].items():
            other = held["jobs"][id]
            wrong = {
                name: (other.get(name), job.get(name))
                for name in sorted(job.keys() | other.keys())
                if job.get(name) != other.get(name)
            }
            expect(not wrong, f"{self.login}: fields of a job differ after a sync (phone, truth): {wrong}")
        expect(False, f"{self.login}: templates or policy differ after a sync")

    def _memory_lost(self, received: Collection[OperationId]) -> None:
        self._switch_on()
        self.forgive(received)

    def forgive(self, received: Collection[OperationId]) -> None:
        """One side was set back: what neither the phone nor the server has now is lost, and known to be."""
        self.whole = False
        self.forgiven |= self.made - self.unacknowledged - set(received)

    def _switch_on(self) -> None:
        self.clock = PocketClock()
        self._store = Store(self._path, self.devices[-1])
        self.air.last = None
        client = httpx.AsyncClient(transport=self.air)
        self.phone = Phone(
            self._store,
            Transport("http://naryad", client),
            Profile("Телефон"),
            credentials=Credentials(self.login, PASSWORD),
            clock=self.clock,
        )

    @property
    def _path(self) -> Path:
        return self.folder / f"{self.login}.sqlite"

    @property
    def _backup(self) -> Path:
        return self.folder / f"{self.login}.backup"


def _anything(truth: Any) -> None:
    """While several phones sync at once, the moment of one's answer is not a moment of rest."""


def _fields(fields: Any) -> dict[str, Any]:
    return {name: from_text(value) if name in INSTANTS else value for name, value in fields.items()}
