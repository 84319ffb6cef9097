"""The device's core against a model of the server, with every fault a bad network has."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from naryad.device.answers import Answer, Refused, Unchanged, Unreachable, page, slug
from naryad.device.operations import AddComment, AddPhoto, RemovePhoto, SetReport, SetState, Work
from naryad.device.outbox import save
from naryad.device.receive import Received, Then, receive
from naryad.device.replay import views
from naryad.device.requests import Exchange, Poll, Request, next_request
from naryad.device.state import DeviceState, Health
from naryad.device.store import Store
from naryad.domain.ids import DeviceId, JobId, OperationId
from naryad.domain.network import Network
from naryad.domain.states import JobState
from naryad.domain.sync_policy import Trigger
from support.model_server import ModelServer

SPACE = UUID("018f0000-0000-7000-8000-000000000000")
HEALTH = Health(Network.FAST, 0, 0, 0, "1.0.0")
NOW = "2026-11-24T10:00:00+03:00"
FAULTS = ("none", "none", "lost request", "lost reply", "doubled", "crash before", "crash after")

works = st.one_of(
    st.sampled_from([SetState(state) for state in ("en_route", "started", "suspended", "finished")]).map(
        lambda work: SetState(JobState(work.state))
    ),
    st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 3), min_size=1, max_size=2).map(
        SetReport
    ),
    st.integers(0, 3).map(lambda n: AddComment(uuid5(SPACE, f"comment {n}"), "тут")),
    st.integers(0, 3).map(lambda n: AddPhoto(uuid5(SPACE, f"photo {n}"), {"field": "before", "size": 9})),
    st.integers(0, 3).map(lambda n: RemovePhoto(uuid5(SPACE, f"photo {n}"))),
)


def ask(server: ModelServer, request: Request) -> Answer:
    match request:
        case Poll(cursor):
            status, body = server.get(cursor)
        case Exchange():
            status, body = server.post(dict(request.body))
    if status == 204:
        return Unchanged()
    return page(body) if status == 200 else Refused(status, slug(body), body)


class Device(RuleBasedStateMachine):
    """Rules are what can happen; invariants hold after each."""

    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="naryad-core-", dir=ramdisk()))
        self.store = Store(self.folder / "device.sqlite", DeviceId(SPACE))
        self.state = self.store.load()
        self.server = ModelServer()
        self.server_backup = self.server.backup()
        self.phone_backup: tuple[DeviceState, set[OperationId]] = (self.state, set())
        self.made: set[OperationId] = set()
        self.forgiven: set[OperationId] = set()
        self.count = 0

    def teardown(self) -> None:
        self.settle()
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(target=jobs)
    def create(self) -> str:
        self.count += 1
        job = str(uuid5(SPACE, f"job {self.count}"))
        self.server.dispatch(job, description=f"Наряд {self.count}")
        return job

    @rule(job=jobs, value=st.none() | st.integers(0, 3), name=st.sampled_from(["description", "report.a"]))
    def edit(self, job: str, name: str, value: int | None) -> None:
        if job in self.server.jobs:  # else a restored backup does not know it
            self.server.dispatch(job, None, **{name: value})

    @rule(job=jobs, visible=st.booleans())
    def assign(self, job: str, visible: bool) -> None:
        if job in self.server.jobs:
            self.server.dispatch(job, visible)

    @rule(job=jobs, state=st.sampled_from(["published", "canceled", "finished"]))
    def dispatch(self, job: str, state: str) -> None:
        if job in self.server.jobs:
            self.server.dispatch(job, None, state=state)

    @rule(job=jobs, work=works)
    def work(self, job: str, work: Work) -> None:
        id = JobId(UUID(job))
        if self.state.held(id) is None:
            return
        self.count += 1
        operation = OperationId(uuid5(SPACE, f"operation {self.count}"))
        state, _ = save(self.state, work, id, operation, NOW)
        self.become(state)
        self.made.add(operation)

    @rule(fault=st.sampled_from(FAULTS), most=st.integers(1, 3))
    def sync(self, fault: str, most: int) -> None:
        self.exchange(fault, most)

    @rule(fault=st.sampled_from(FAULTS), job=jobs, work=works)
    def sync_while_working(self, fault: str, job: str, work: Work) -> None:
        self.exchange(fault, 500, meanwhile=lambda: self.work(job, work))

    @rule()
    def crash(self) -> None:
        self.store.close()
        self.store = Store(self.folder / "device.sqlite", DeviceId(SPACE))
        restored = self.store.load()
        assert restored == self.state
        assert [one.id for one in restored.outbox] == [one.id for one in self.state.outbox]
        assert list(restored.notices) == list(self.state.notices)
        self.state = restored

    @rule()
    def back_up(self) -> None:
        self.server_backup = self.server.backup()
        self.phone_backup = (self.state, set(self.made))

    @rule()
    def restore_server(self) -> None:
        """What the phone had been told was safe and the backup does not hold is lost to both: forgiven."""
        self.server = ModelServer.restore(self.server_backup)
        self.server_backup = self.server.backup()
        held = {one.id for one in self.state.outbox}
        self.forgiven |= self.made - held - self.received()

    @rule()
    def restore_phone(self) -> None:
        """The phone's own backup comes back: work made since and not yet received is lost with the phone."""
        state, _ = self.phone_backup
        self.become(state)
        held = {one.id for one in state.outbox}
        self.forgiven |= self.made - held - self.received()

    @rule()
    def expire(self) -> None:
        self.server.expire_cursors()

    @invariant()
    def nothing_is_lost(self) -> None:
        held = {one.id for one in self.state.outbox}
        assert self.made - self.forgiven <= held | self.received()

    @invariant()
    def nothing_is_done_twice(self) -> None:
        assert not [id for id, times in Counter(self.server.effects).items() if times > 1]

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        seqs = [one.seq for one in self.state.outbox]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs))) if seqs else True

    @invariant()
    def the_screen_can_be_drawn(self) -> None:
        assert views(self.state).keys() == self.state.jobs.keys()

    def settle(self) -> None:
        """Faults end: within a bounded number of exchanges both sides agree and nothing is unsent."""
        for _ in range(30 + 3 * len(self.state.outbox) + 2 * len(self.server.jobs)):
            if self.exchange("none", 3) is Then.REST and not self.state.outbox:
                break
        else:
            raise AssertionError("the device does not come to rest")
        held = {str(job.id): (job.version, dict(job.fields)) for job in self.state.jobs.values()}
        assert held == self.server.truth()
        assert self.made - self.forgiven <= self.received()
        refused = {one["id"] for one in self.server.receipts if one["status"] in ("rejected", "late")}
        assert {str(id) for id in self.state.notices} <= refused | {str(id) for id in self.forgiven}
        assert self.state.gone.keys() <= {one.operation.job_id for one in self.state.notices.values()}

    def exchange(self, fault: str, most: int, meanwhile: Any = None) -> Then:
        request = next_request(self.state, HEALTH, Trigger.TIMER, NOW, most)
        answer: Answer = Unreachable("lost request")
        if fault != "lost request":
            answer = ask(self.server, request)
        if fault == "doubled":
            answer = ask(self.server, request)
        if meanwhile:
            meanwhile()
        if fault == "lost reply":
            answer = Unreachable("lost reply")
        if fault == "crash before":
            self.crash()
            return Then.BACK_OFF
        received: Received = receive(self.state, request, answer)
        self.become(received.state)
        if fault == "crash after":
            self.crash()
        return received.then

    def become(self, state: DeviceState) -> None:
        self.store.save(self.state, state)
        self.state = state

    def received(self) -> set[OperationId]:
        return {OperationId(UUID(one["id"])) for one in self.server.receipts}


def ramdisk() -> str | None:
    """Crashes of this test are crashes of the program, not of the machine: no disk needed."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


Device.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
TestDevice = Device.TestCase
