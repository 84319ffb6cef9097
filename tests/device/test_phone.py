"""The driver: when it syncs, and how it bears with servers and networks. Only the clock is not real."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from naryad.device.operations import SetReport
from naryad.device.phone import FRUITLESS, Link, Phone
from naryad.device.session import Credentials, Profile
from naryad.device.store import Store
from naryad.device.transport import Transport
from naryad.domain.ids import DeviceId, FileId, JobId
from naryad.domain.network import Network
from naryad.domain.sync_policy import Trigger
from support.fake_clock import FakeClock
from support.model_http import ModelHttp, model_http, problem
from support.model_server import ModelServer

DEVICE = DeviceId(UUID("018f0000-0000-7000-8000-00000000dddd"))
JOB = JobId(UUID("018f0000-0000-7000-8000-000000000001"))
REPORT = SetReport({"a": 1})


@pytest.fixture
async def served() -> AsyncIterator[ModelHttp]:
    model = ModelServer()
    model.dispatch(str(JOB), description="Наряд")
    async with model_http(model) as serving:
        yield serving


class Files:
    """A second lane that only notes when it is open."""

    allowed: bool | None = None

    def keep(self, id: FileId, content: bytes) -> None:
        raise AssertionError("no photo is taken")

    def retry(self) -> None:
        """Nothing waits."""

    def settled(self) -> None:
        """There is nothing to forget."""

    def unsent(self) -> tuple[int, int]:
        return 2, 8_100_000

    def allow(self, open: bool) -> None:
        self.allowed = open


@asynccontextmanager
async def carried(served: ModelHttp, folder: Path, clock: FakeClock, **members: Any) -> AsyncIterator[Phone]:
    """A phone that runs by the clock of the test, with its timers in the middle of their spread."""
    members = {"credentials": Credentials("ivan", "demo"), **members}
    store = Store(folder / "phone.sqlite", DEVICE)
    async with Transport(served.url) as transport:
        phone = Phone(store, transport, Profile("phone"), clock=clock, chance=lambda: 0.5, **members)
        running = asyncio.create_task(phone.run())
        await clock.asleep()
        yield phone
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    store.close()


def syncs(served: ModelHttp) -> list[str]:
    """What was asked: `poll`, or why a POST came."""
    asked = [
        sent["device"]["trigger"] if sent else "poll"
        for _, target, _, sent in served.seen
        if "sync" in target
    ]
    served.seen.clear()
    return asked


async def test_r4_a_sync_every_two_minutes(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock):
        assert syncs(served) == ["open"]  # R5, and it tells the phone's health for the first time
        await clock.advance(6 * 60)
        assert syncs(served) == ["poll"] * 3
        await clock.advance(119)
        assert syncs(served) == []


async def test_r6_work_is_sent_at_once_and_the_timer_starts_anew(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)
        await clock.advance(100)
        phone.do(REPORT, JOB)
        assert phone.unsent == 1
        await clock.advance(0)
        assert (syncs(served), phone.unsent) == (["state_change"], 0)
        await clock.advance(119)
        assert syncs(served) == []
        await clock.advance(1)
        assert syncs(served) == ["poll"]


@pytest.mark.parametrize("trigger", [Trigger.MANUAL, Trigger.PUSH, Trigger.OPEN])
async def test_r10_r12_asked_is_asked(served: ModelHttp, tmp_path: Path, trigger: Trigger) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)
        phone.ask(trigger)
        await clock.advance(0)
        assert syncs(served) == ["poll"]


async def test_r18_r21_offline_nothing_is_tried_and_all_is_sent_on_return(
    served: ModelHttp, tmp_path: Path
) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)
        phone.link_changed(Link(online=False))
        await asyncio.sleep(0)
        phone.do(REPORT, JOB)
        report = await phone.sync(Trigger.MANUAL)
        clock.seconds += 3600
        assert (report.ok, report.why, syncs(served), phone.unsent) == (False, "Offline", [], 1)
        phone.link_changed(Link(online=True))
        await clock.advance(0)
        assert (syncs(served), phone.unsent) == (["reconnect"], 0)


async def test_a_new_day_is_synced_at_the_workers_midnight(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock("2026-11-24T23:59:10")
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)
        phone.profile = Profile("phone", app_version="2")  # so that the next sync is a POST and says why
        await clock.advance(49)
        assert syncs(served) == []
        await clock.advance(2)
        assert syncs(served) == ["date_roll"]


async def test_failures_are_retried_soon_then_later(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)
        served.faults = [problem(500, "internal")] * 3
        await clock.advance(120)
        assert phone.last is not None
        assert phone.last.why == "internal"
        for wait in (3.75, 7.5, 15):
            await clock.advance(wait - 0.1)
            assert len(syncs(served)) == 1
            await clock.advance(0.1)
        assert (len(syncs(served)), phone.last.ok) == (1, True)


async def test_retry_after_binds_even_the_workers_thumb(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)
        served.faults = [problem(503, "unavailable", Retry_After="60")]
        phone.do(REPORT, JOB)
        await clock.advance(0)
        syncs(served)
        phone.ask(Trigger.MANUAL)
        await clock.advance(62)
        assert syncs(served) == []
        await clock.advance(1)  # 60 s, stretched by 5 %
        assert (syncs(served), phone.unsent) == (["manual"], 0)


async def test_a_lost_session_is_renewed_and_costs_no_work(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        served.revoke_all()
        phone.do(REPORT, JOB)
        await clock.advance(0)
        assert (phone.unsent, len(served.model.receipts)) == (0, 1)


async def test_without_a_password_a_lost_session_is_told_and_work_waits(
    served: ModelHttp, tmp_path: Path
) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        phone.credentials = None
        served.revoke_all()
        phone.do(REPORT, JOB)
        await clock.advance(300)
        assert phone.last is not None
        assert (phone.unsent, "sign in" in phone.last.why) == (1, True)
        served.seen.clear()
        await clock.advance(300)
        assert served.seen == []  # nothing is asked without a token
        phone.credentials = Credentials("ivan", "demo")
        phone.ask(Trigger.MANUAL)
        await clock.advance(0)
        assert phone.unsent == 0


async def test_a_wrong_password_is_tried_once(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock, credentials=Credentials("ivan", "wrong")) as phone:
        await clock.advance(600)
        assert [target for _, target, _, _ in served.seen] == ["/v1/sessions"]
        assert phone.last is not None
        assert not phone.last.ok


async def test_work_saved_while_a_sync_is_away_goes_with_the_next_one_at_once(
    served: ModelHttp, tmp_path: Path
) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)
        served.during = lambda: phone.do(REPORT, JOB)
        phone.ask(Trigger.MANUAL)
        await clock.advance(0)
        assert (syncs(served), phone.unsent) == (["poll", "state_change"], 0)


async def test_a_network_that_goes_during_a_sync_ends_it(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)

        def gone() -> None:
            phone.link_changed(Link(online=False))
            phone.do(REPORT, JOB)

        served.during = gone
        phone.do(REPORT, JOB)
        report = await phone.sync(Trigger.MANUAL)
        assert (report.why, syncs(served), phone.unsent) == ("Offline", ["manual"], 1)
        phone.link_changed(Link(online=True))
        await clock.advance(0)
        assert (len(syncs(served)), phone.unsent) == (1, 0)


async def test_a_network_that_goes_during_a_sign_in_ends_the_sync(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)
        served.revoke_all()

        def at_the_sign_in() -> None:
            served.during = lambda: phone.link_changed(Link(online=False))

        served.during = at_the_sign_in
        report = await phone.sync(Trigger.MANUAL)
        assert (report.why, syncs(served)) == ("Offline", ["poll"])


async def test_a_server_that_never_comes_to_terms_is_not_asked_for_ever(
    served: ModelHttp, tmp_path: Path
) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        syncs(served)
        gap = (409, {}, b'{"type": "urn:naryad:problem:operation-gap", "last_seq": 7}')
        served.faults = [gap] * 50
        phone.do(REPORT, JOB)
        await clock.advance(0)
        assert (len(syncs(served)), phone.unsent) == (FRUITLESS, 1)


async def test_more_operations_than_fit_go_in_several_requests(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        phone.link_changed(Link(online=False))
        for _ in range(501):
            phone.do(REPORT, JOB)
        syncs(served)
        phone.link_changed(Link(online=True))
        await clock.advance(0)
        assert (syncs(served), phone.unsent) == (["reconnect"] * 2, 0)


async def test_r7_r8_the_file_lane_is_open_on_fast_only(served: ModelHttp, tmp_path: Path) -> None:
    clock, files = FakeClock(), Files()
    async with carried(served, tmp_path, clock, files=lambda host: files) as phone:
        assert (phone.network, files.allowed) == (Network.FAST, True)
        assert served.seen[-1][3]["device"]["unsent"] == {"operations": 0, "files": 2, "bytes": 8_100_000}
        phone.link_changed(Link(effective_type="2g"))
        assert (phone.network, files.allowed) == (Network.SLOW, False)
        await phone.sync(Trigger.MANUAL)
        assert files.allowed is False
        phone.files_now = True
        await phone.sync(Trigger.MANUAL)
        assert files.allowed is True


async def test_a_restart_resumes_the_session_and_the_work(served: ModelHttp, tmp_path: Path) -> None:
    clock = FakeClock()
    async with carried(served, tmp_path, clock) as phone:
        phone.link_changed(Link(online=False))
        phone.do(REPORT, JOB)
    served.seen.clear()
    async with carried(served, tmp_path, FakeClock(), credentials=None) as phone:
        assert (phone.unsent, len(served.model.receipts)) == (0, 1)
        assert [target for _, target, _, _ in served.seen] == ["/v1/sync"]


async def test_one_slow_piece_of_a_file_outweighs_an_hour_in_wi_fi(served: ModelHttp, tmp_path: Path) -> None:
    async with carried(served, tmp_path, FakeClock(), files=lambda host: Files()) as phone:
        for _ in range(50):
            assert phone.moved(1_000_000, 0.1)
        assert not phone.moved(64 * 1024, 26.0)
        assert phone.network is Network.SLOW
        assert phone.moved(64 * 1024, 0.1)
