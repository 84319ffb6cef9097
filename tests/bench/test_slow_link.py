"""A phone on GPRS: 50/20 kbit/s, 300 ms each way, one packet of a hundred lost."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from _pytest.outcomes import Failed, Skipped

from naryad.uuid7 import uuid7
from naryad_cli.bench.counted_http import counted
from naryad_cli.bench.wire import IDLE_POLL, expect
from support.account import PASSWORD, Office
from support.server import serving_started
from support.slow_link import slow_link

DEVICE = Path(__file__).with_name("linked_phone.py")
WITHIN_S = 120


async def test_ten_changed_jobs_reach_a_phone_and_ten_reports_the_desk(
    office: Office, tmp_path: Path
) -> None:
    jobs = [await office.create_job() for _ in range(10)]
    with slow_link(seed=32) as link, link.server.listener() as listener:
        async with serving_started(office.api.app, bound=listener) as url, asyncio.timeout(WITHIN_S):
            who = (str(uuid7()), office.ivan.login, PASSWORD)
            program = link.phone.command(sys.executable, str(DEVICE), str(tmp_path / "store"), url, *who)
            phone = await asyncio.create_subprocess_exec(*program, stdin=PIPE, stdout=PIPE)
            try:
                assert await _ask(phone, "sync") == {job["id"]: job["version"] for job in jobs}
                for job in jobs:
                    changed = {"description": "Заменить счётчик, новый лежит на складе"}
                    (await office.desk.patch(f"/v1/jobs/{job['id']}", json=changed)).raise_for_status()
                held = await _ask(phone, "work")
                desk = [await office.job(job["id"]) for job in jobs]
                assert held == {job["id"]: job["version"] for job in desk}
                assert all(job["report"] == {"note": "Пломба цела, показания сняты"} for job in desk)
            finally:
                phone.kill()
                await phone.wait()
        assert link.down.lost + link.up.lost > 0, "a link that loses nothing proves little: another seed"


async def test_idle_polls_stay_within_their_bytes(office: Office) -> None:
    await office.create_job()
    await office.ivan.sync()
    token = office.ivan.http.headers["authorization"].removeprefix("Bearer ")
    with slow_link(seed=21) as link, link.server.listener() as listener:
        async with (
            serving_started(office.api.app, bound=listener),
            asyncio.timeout(WITHIN_S),
            counted(listener.getsockname(), token, link.phone.tcp_socket()) as phone,
        ):
            for _ in range(3):
                before = link.up.payload + link.down.payload
                poll = expect(await phone.get(f"/v1/sync?cursor={office.ivan.cursor}"), 204)
                assert poll.bytes <= IDLE_POLL
                assert link.up.payload + link.down.payload - before >= poll.bytes  # it went over the link


@pytest.mark.parametrize(("ci", "outcome"), [("true", Failed), ("", Skipped)])
def test_where_no_link_can_be_had_ci_fails_and_others_skip(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError("not permitted")

    monkeypatch.setattr("support.slow_link.make", refused)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"not permitted.*needs root"), slow_link(seed=1):
        pass


async def _ask(phone: Process, what: str) -> dict[str, int]:
    assert phone.stdin is not None
    assert phone.stdout is not None
    phone.stdin.write(f"{what}\n".encode())
    held: dict[str, int] = json.loads(await phone.stdout.readline())
    return held
