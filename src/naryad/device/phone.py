"""A whole phone: core, store, transport and policy under one driver."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from naryad.device.accounting import settled, with_file
from naryad.device.answers import Refused, Unreachable
from naryad.device.clock import Clock, SystemClock
from naryad.device.files import FileLane, Host
from naryad.device.no_files import NoFiles
from naryad.device.operations import Operation, Work
from naryad.device.outbox import save
from naryad.device.photograph import Photograph
from naryad.device.receive import Then, dismiss, receive
from naryad.device.requests import MOST_OPERATIONS, next_request
from naryad.device.session import Credentials, Profile, Session
from naryad.device.state import DeviceState, Health
from naryad.device.store import Store
from naryad.device.transport import Transport
from naryad.domain.ids import FileId, JobId, OperationId
from naryad.domain.network import Network, Throughput, measured, network_class
from naryad.domain.sync_policy import Lanes, Schedule, Trigger, asked, failed, open_lanes, succeeded
from naryad.uuid7 import uuid7

FRUITLESS = 5
"""So many rounds without any progress, and the phone waits instead of asking on."""


@dataclass(frozen=True, slots=True)
class Link:
    """What the platform says about the network."""

    online: bool = True
    effective_type: str | None = None
    save_data: bool = False


@dataclass(frozen=True, slots=True)
class SyncReport:
    ok: bool
    why: str = ""
    """What went wrong, for the worker."""
    retry_after_s: float | None = None


class Phone:
    """One worker's device. `run` keeps it in step; `sync` can also be called by hand, one runs at a time."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        profile: Profile,
        *,
        credentials: Credentials | None = None,
        clock: Clock | None = None,
        chance: Callable[[], float] = random.random,
        ids: Callable[[], UUID] = uuid7,
        files: Callable[[Host], FileLane] = NoFiles,
    ) -> None:
        self.profile = profile
        self.credentials = credentials
        self.link = Link()
        self.files_now = False
        """The worker said "Send photos now"."""
        self.last: SyncReport | None = None
        self._store = store
        self._transport = transport
        self._clock = clock or SystemClock()
        self._chance = chance
        self._ids = ids
        self._state = store.load()
        self._session = store.session
        self._throughput = Throughput()
        self._schedule = Schedule(due_at=self._clock.monotonic())
        self._asked: Trigger | None = Trigger.OPEN
        self._woken = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._files = files(self)

    @property
    def state(self) -> DeviceState:
        return self._state

    @property
    def session(self) -> Session | None:
        return self._session

    @property
    def token(self) -> str | None:
        return self._session.token if self._session else None

    @property
    def unsent(self) -> int:
        """R20: the line "Unsent" of the Profile tab."""
        return len(self._state.outbox) + self._files.unsent()[0]

    @property
    def network(self) -> Network:
        return network_class(
            online=self.link.online,
            effective_type=self.link.effective_type,
            save_data=self.link.save_data,
            kbit_s=self._throughput.at(self._clock.monotonic()),
            slow_below_kbit_s=self._state.policy.slow_below_kbit_s,
        )

    def do(self, work: Work, job: JobId) -> Operation:
        """Save the worker's work and ask for a sync (R6). Saved when this returns, whatever happens next.

        Raises JobNotHeld, sqlite3.Error (nothing saved).
        """
        happened_at = self._clock.now().isoformat(timespec="milliseconds")
        state, operation = save(self._state, work, job, OperationId(self._ids()), happened_at)
        self.become(state)
        self.ask(Trigger.STATE_CHANGE)
        return operation

    def photograph(self, job: JobId, photo: Photograph) -> Operation:
        """Save a photo and its record, and ask for a sync. Saved when this returns, whatever happens next.

        Raises JobNotHeld, OSError, sqlite3.Error (nothing saved).
        """
        id = FileId(self._ids())
        happened_at = self._clock.now().isoformat(timespec="milliseconds")
        state, operation = save(self._state, photo.record(id), job, OperationId(self._ids()), happened_at)
        self._files.keep(id, photo.content)  # bytes without a record are swept; a record has its bytes
        self.become(with_file(state, photo.file(id, job)))
        self.ask(Trigger.STATE_CHANGE)
        return operation

    def send_photos_now(self) -> None:
        """The worker says so: files move on a slow network too, until the app is closed (R7)."""
        self.files_now = True
        self._files.retry()
        self.ask(Trigger.MANUAL)

    def moved(self, size: int, seconds: float) -> bool:
        """A file moved so many bytes in so many seconds; whether files may go on moving.

        How the link is now begins a new average: a good hour must not outweigh the cellar.
        """
        now = measured(Throughput(), size, seconds, self.now())
        if now.kbit_s is not None:
            self._throughput = now
        return self._lanes().files

    @property
    def whatever_the_speed(self) -> bool:
        return open_lanes(self._state.policy, Network.SLOW, files_now=self.files_now).files

    def now(self) -> float:
        return self._clock.monotonic()

    def dismiss(self, operation: OperationId) -> None:
        """The worker has read a notice."""
        self.become(dismiss(self._state, operation))
        self._settle()

    def ask(self, trigger: Trigger) -> None:
        """Have `run` sync at once for this reason, unless the server asked for peace."""
        self._schedule = asked(self._schedule, trigger, self._clock.monotonic())
        self._asked = trigger
        self._woken.set()

    def link_changed(self, link: Link) -> None:
        """The platform reports another network: what was measured on the last one says nothing now."""
        back = link.online and not self.link.online
        self.link, self._throughput = link, Throughput()
        self._files.retry()
        self._files.allow(self._lanes().files)
        if back:
            self.ask(Trigger.RECONNECT)

    async def run(self) -> None:
        """Sync by the policy until cancelled (R4)."""
        today = self._today()
        while True:
            self._woken.clear()
            if self._today() != today:
                today = self._today()
                self.ask(Trigger.DATE_ROLL)
            wait = self._schedule.next_at - self._clock.monotonic()
            if wait > 0 or not self.link.online:
                await self._wait(min(wait, self._until_midnight()) if self.link.online else None)
                continue
            await self.sync(self._asked or Trigger.TIMER)

    async def sync(self, trigger: Trigger) -> SyncReport:
        """One sync, operations first; files may move after it if the network carries them."""
        async with self._one_at_a_time:
            self._asked = None
            report = await self._exchange(trigger)
            now, chance, policy = self._clock.monotonic(), self._chance(), self._state.policy
            if report.ok:
                self._schedule = succeeded(policy, now, chance)
            else:
                self._schedule = failed(self._schedule, policy, now, chance, report.retry_after_s)
            if self._asked:  # meanwhile, after the last request was made: it did not carry that
                self.ask(self._asked)
            self._files.allow(report.ok and self._lanes().files)
            self.last = report
            return report

    async def _exchange(self, trigger: Trigger) -> SyncReport:
        """Requests and answers until both sides have nothing more to say."""
        most, fruitless = MOST_OPERATIONS, 0
        while fruitless < FRUITLESS:
            if not self._lanes().operations:  # gone while the last answer travelled, or from the start
                return SyncReport(False, "Offline")
            if self._session is None:
                refusal = await self._sign_in()
                if refusal:
                    return refusal
                continue
            now = self._clock.now().isoformat(timespec="milliseconds")
            request = next_request(self._state, self._health(), trigger, now, most)
            self._asked = None
            reply = await self._transport.sync(request, self._session.token)
            at = self._clock.monotonic()
            self._throughput = measured(self._throughput, reply.size, reply.seconds, at)
            before = self._state
            received = receive(before, request, reply.answer)
            self.become(received.state)
            match received.then:
                case Then.REST:
                    self._settle()
                    return SyncReport(True)
                case Then.BACK_OFF:
                    wait = reply.answer.retry_after_s if isinstance(reply.answer, Refused) else None
                    return SyncReport(False, received.why, wait)
                case Then.SIGN_IN:
                    self._session = self._store.session = None
                case Then.SMALLER:
                    most = max(1, most // 2)
                case Then.AGAIN:
                    pass
            progress = self._state.cursor != before.cursor or len(self._state.outbox) < len(before.outbox)
            fruitless = 0 if progress else fruitless + 1
        return SyncReport(False, "The phone and the server do not come to terms; trying again later.")

    async def _sign_in(self) -> SyncReport | None:
        """Sign in with what is known; None when it worked. The outbox waits, whatever happens here."""
        if self.credentials is None:
            return SyncReport(False, "Please sign in. Your unsent work is kept.")
        answer = await self._transport.sign_in(self.credentials, self._state.device_id, self.profile)
        match answer:
            case Session():
                self._session = self._store.session = answer
                return None
            case Refused(status=401):
                self.credentials = None  # a wrong password does not become right by repetition
                return SyncReport(False, answer.said)
            case Refused():
                return SyncReport(False, answer.said, answer.retry_after_s)
            case Unreachable(reason):
                return SyncReport(False, reason)

    def _settle(self) -> None:
        """Files follow the jobs as the server now has them."""
        after = settled(self._state)
        if after is not self._state:
            self.become(after)
            self._files.settled()

    def become(self, state: DeviceState) -> None:
        """Store the state; it counts when this returns. Raises sqlite3.Error, with nothing changed."""
        self._store.save(self._state, state)
        self._state = state

    def _lanes(self) -> Lanes:
        return open_lanes(self._state.policy, self.network, files_now=self.files_now)

    def _health(self) -> Health:
        files, bytes_ = self._files.unsent()
        return Health(self.network, 0, files, bytes_, self.profile.app_version)

    def _today(self) -> date:
        return self._local_now().date()

    def _local_now(self) -> datetime:
        zone = self._session.time_zone if self._session else self.profile.time_zone
        return self._clock.now().astimezone(ZoneInfo(zone))

    def _until_midnight(self) -> float:
        """Seconds; a night with a clock change is as long as it is."""
        now = self._local_now()
        midnight = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
        return midnight.timestamp() - now.timestamp() + 0.001

    async def _wait(self, seconds: float | None) -> None:
        """Until somebody asks for a sync, or for `seconds` of the phone's clock."""
        waits: set[asyncio.Future[object]] = {asyncio.ensure_future(self._woken.wait())}
        if seconds is not None:
            waits.add(asyncio.ensure_future(self._clock.sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
