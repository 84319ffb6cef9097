"""200 photos from 20 phones at once through one process: its memory stays, and syncs are answered."""

import asyncio
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import pytest

from support.account import Office, Phone, hire
from support.process import running
from support.server import client
from support.tus import TUS, create, patch, photo_metadata, picture

PHONES, PHOTOS, SIZE = 20, 10, 1_000_000
MOST_MB = 100


@pytest.fixture
async def crew(office: Office) -> list[Phone]:
    return [await hire(office.api, office.desk, f"Рабочий-{n}", str(n)) for n in range(PHONES)]


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


async def test_memory_stays_with_200_uploads_at_once(
    office: Office, crew: list[Phone], database_url: str, tmp_path: Path
) -> None:
    job = await office.create_job(assignees=[{"worker_id": one.worker_id} for one in crew])
    await office.ivan.sync()
    async with running("naryad_api", database_url, NARYAD_STORAGE_URL=f"file://{tmp_path}/files") as service:
        tokens = [one.http.headers["authorization"].removeprefix("Bearer ") for one in crew]
        phones = [client(service.url, token) for token in tokens]
        poller = client(service.url, office.ivan.http.headers["authorization"].removeprefix("Bearer "))
        for phone in phones:
            phone.timeout = httpx.Timeout(120)
            assert (await phone.get("/v1/sync")).status_code == 200
        quiet = await polls(poller, office.ivan.cursor, 200)
        before = resident_mb(service.process.pid)
        done = asyncio.Event()
        watching = asyncio.create_task(peak_mb(service.process.pid, done))
        polling = asyncio.create_task(polls(poller, office.ivan.cursor, 10**6, done))
        began = perf_counter()
        sent = await asyncio.gather(*(upload(phone, job, seed) for seed, phone in enumerate(phones * PHOTOS)))
        took = perf_counter() - began
        done.set()
        peak, busy = await watching, await polling
        for one in (*phones, poller):
            await one.aclose()
    assert sent == [204] * PHONES * PHOTOS
    print(f"memory {before:.0f} MB, at most {peak:.0f} MB; {took:.1f} s")
    print(f"idle poll: quiet {median(quiet) * 1e3:.1f} ms, with uploads {median(busy) * 1e3:.1f} ms")
    assert peak - before <= MOST_MB


async def upload(phone: httpx.AsyncClient, job: dict[str, Any], seed: int) -> int:
    """As a phone does: a server that is busy is asked again."""
    shot = picture(SIZE, seed)
    while (made := await create(phone, SIZE, photo_metadata(job, shot))).status_code == 503:
        await asyncio.sleep(1)
    url = made.headers["location"]
    while (answer := await go_on(phone, url, shot.data)).status_code == 503:
        await asyncio.sleep(1)
    return answer.status_code


async def go_on(phone: httpx.AsyncClient, url: str, data: bytes) -> httpx.Response:
    head = await phone.head(url, headers=TUS)
    if head.status_code != 200:
        return head
    position = int(head.headers["upload-offset"])
    return await patch(phone, url, position, data[position:])


async def peak_mb(pid: int, done: asyncio.Event) -> float:
    peak = 0.0
    while not done.is_set():
        peak = max(peak, resident_mb(pid))
        await asyncio.sleep(0.02)
    return peak


async def polls(
    http: httpx.AsyncClient, cursor: str | None, most: int, done: asyncio.Event | None = None
) -> list[float]:
    took = []
    while len(took) < most and not (done and done.is_set()):
        began = perf_counter()
        answer = await http.get("/v1/sync", params={"cursor": cursor or ""})
        assert answer.status_code in (200, 204)
        took.append(perf_counter() - began)
        await asyncio.sleep(0.01)
    return took
