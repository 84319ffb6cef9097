"""The demo's phones work through their day on a real server, stop cleanly and resume."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from naryad.device.store import Store
from naryad.domain.ids import DeviceId
from naryad_cli.demo.seed import device_of, seed
from naryad_cli.phones import Pace, run_demo_phones
from support.server import Api

QUICK = Pace(action=(0.01, 0.05), rest=(0.01, 0.02), offline=(0.05, 0.2), offline_chance=0.2)

FINISHED = """select count(*) filter (where fields->>'state' = 'finished'), count(*)
              from job, jsonb_array_elements(fields->'assignees') one
              where one->>'worker_id' = any ($1::text[])
              and fields->>'state' not in ('scheduled', 'canceled')"""


async def test_the_day_gets_done_across_a_restart_by_the_same_phones(
    api: Api, truth: asyncpg.Connection, tmp_path: Path
) -> None:
    crew = await seed(api.stores, datetime.now(UTC))
    devices = {login: device_of(crew, login) for login in ("olga", "timur")}
    workers = [str(crew.workers[login]) for login in devices]
    before, planned = await truth.fetchrow(FINISHED, workers)
    for goal in (before + 1, planned):
        stop = asyncio.Event()
        running = asyncio.create_task(
            run_demo_phones(api.url, tmp_path, devices, stop=stop, pace=QUICK, seed=7)
        )
        async with asyncio.timeout(60):
            while (await truth.fetchval(FINISHED, workers)) < goal:
                await asyncio.sleep(0.05)
            stop.set()
            await running

    assert {row["id"] for row in await truth.fetch("select id from device")} == set(devices.values())
    for login, device in devices.items():
        store = Store(tmp_path / "phones" / f"{login}.sqlite", DeviceId(UUID(int=0)))
        assert store.load().device_id == device
        store.close()
    refused = await truth.fetch(
        "select result from operation where result->>'status' in ('rejected', 'late')"
    )
    assert [row["result"] for row in refused] == []


async def test_a_phone_in_trouble_ends_alone_and_says_so_once(
    api: Api, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    crew = await seed(api.stores, datetime.now(UTC))
    (tmp_path / "phones" / "olga.sqlite").mkdir(parents=True)
    stop = asyncio.Event()
    running = asyncio.create_task(
        run_demo_phones(api.url, tmp_path, {"olga": device_of(crew, "olga")}, stop=stop, pace=QUICK)
    )
    async with asyncio.timeout(60):
        while "demo phone ended" not in caplog.text:
            await asyncio.sleep(0.01)
        assert not running.done()
        stop.set()
        await running
    assert len(caplog.records) == 1
