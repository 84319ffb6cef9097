"""Uploads through what networks and machines really do: cuts, kills, restarts, a full disk."""

import asyncio
import random
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from naryad.db import embedded
from naryad.db.migrate import migrate
from support.account import Office, found_office
from support.process import running
from support.proxy import wire_to
from support.raw_upload import raw_patch
from support.server import client, running_api
from support.tus import TUS, Picture, create, offset, patch, photo_in, photo_metadata, picture, send


async def test_an_upload_cut_twenty_times_goes_on_where_it_was(office: Office) -> None:
    """And sends at most a tenth more than the file's size in all."""
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    job, shot, http = await office.create_job(), picture(4_000_000, seed), office.ivan.http
    made = await create(http, len(shot.data), photo_metadata(job, shot))
    url = made.headers["location"]
    cuts = sorted(chance.sample(range(1, len(shot.data)), 20))
    sent = 0
    for cut in [*cuts, len(shot.data)]:
        position = await offset(http, url)
        assert position <= cut
        async with raw_patch(http, url, position, len(shot.data) - position) as line:
            for start_ in range(position, cut, 16_384):
                await line.send(shot.data[start_ : min(start_ + 16_384, cut)])
            sent += cut - position
            if cut == len(shot.data):
                assert await line.status() == 204
            else:
                await asyncio.sleep(chance.random() * 0.05)
                line.cut()
    assert sent <= 1.1 * len(shot.data), f"{sent / len(shot.data):.3f} of the size"
    print(f"sent {sent / len(shot.data):.4f} of the size")
    assert await offset(http, url) == len(shot.data)


async def test_a_killed_api_loses_nothing_it_acknowledged(
    office: Office, database_url: str, tmp_path: Path
) -> None:
    job, shot = await office.create_job(), picture(2_000_000)
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo()))
    settings = {"NARYAD_STORAGE_URL": f"file://{tmp_path}/files"}
    token = office.ivan.http.headers["authorization"].removeprefix("Bearer ")
    async with running("naryad_api", database_url, **settings) as service, client(service.url, token) as http:
        url = (await create(http, len(shot.data), photo_metadata(job, shot))).headers["location"]
        first = await patch(http, url, 0, shot.data[:700_000])
        assert first.status_code == 204
        async with raw_patch(http, url, 700_000, 1_300_000) as line:
            await line.send(shot.data[700_000:1_500_000])
            async with asyncio.timeout(20):  # more of it is on the disk
                while await offset(http, url) <= 700_000:
                    pass
            service.process.kill()
            await service.ended()
    async with running("naryad_api", database_url, **settings) as service, client(service.url, token) as http:
        position = await offset(http, url)
        assert 700_000 < position <= 1_500_000
        assert (await take_over(http, url, shot)).status_code == 204
        assert (await photo_in(office.ivan, job, shot))["state"] == "available"
        assert (await http.get(f"/v1/files/{shot.id}")).content == shot.data


async def test_a_part_that_was_corrupted_is_never_taken_for_the_file(office: Office, data_dir: Path) -> None:
    job, shot, http = await office.create_job(), picture(400_000), office.ivan.http
    url = (await create(http, len(shot.data), photo_metadata(job, shot))).headers["location"]
    assert (await patch(http, url, 0, shot.data[:300_000])).status_code == 204
    for part in data_dir.glob(f"files/{office.account_id}/parts/{url.rpartition('/')[2]}/*"):
        harmed = bytearray(part.read_bytes())
        harmed[len(harmed) // 2] ^= 1
        part.write_bytes(harmed)
    answer = await patch(http, url, 300_000, shot.data[300_000:])
    assert (answer.status_code, answer.json()["type"]) == (460, "urn:naryad:problem:checksum-mismatch")
    assert not list(data_dir.glob(f"files/{office.account_id}/content/{shot.sha256}/*/*"))
    assert (await send(office.ivan, job, shot)).status_code == 204


@pytest.mark.parametrize("harm", ["gone", "empty"])
async def test_a_part_that_the_storage_lost_is_noticed_too(office: Office, data_dir: Path, harm: str) -> None:
    job, shot, http = await office.create_job(), picture(400_000), office.ivan.http
    url = (await create(http, len(shot.data), photo_metadata(job, shot))).headers["location"]
    assert (await patch(http, url, 0, shot.data[:300_000])).status_code == 204
    for part in data_dir.glob(f"files/{office.account_id}/parts/{url.rpartition('/')[2]}/*"):
        part.unlink() if harm == "gone" else part.write_bytes(b"")
    assert (await patch(http, url, 300_000, shot.data[300_000:])).status_code == 460


async def test_postgresql_restarts_in_the_middle(tmp_path: Path) -> None:
    """The upload meets 503 with Retry-After, asks where it is, and goes on."""
    folder = tmp_path / "postgres"
    async with AsyncExitStack() as stack, AsyncExitStack() as postgres:
        server = await postgres.enter_async_context(embedded.server(folder, fast=True))
        await migrate(server.owner_dsn)
        wire = await stack.enter_async_context(wire_to(f"http://127.0.0.1:{server.port}"))
        address = server.service_dsn.replace(f":{server.port}/", f":{urlsplit(wire.url).port}/")
        api = await stack.enter_async_context(running_api(address))
        office = await stack.enter_async_context(found_office(api, "Ромашка"))
        job, shot, http = await office.create_job(), picture(600_000), office.ivan.http
        await office.ivan.sync()
        held = office.ivan.jobs[job["id"]]
        await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo()))
        url = (await create(http, len(shot.data), photo_metadata(job, shot))).headers["location"]
        async with raw_patch(http, url, 0, len(shot.data)) as line:
            await line.send(shot.data[:200_000])
            async with asyncio.timeout(20):
                while await offset(http, url) < 200_000:
                    await asyncio.sleep(0.02)
            wire.cut()
            await postgres.aclose()
            await line.send(shot.data[200_000:])
            assert await line.status() == 503
        away = await http.head(url, headers=TUS)
        assert (away.status_code, away.headers["retry-after"]) == (503, "2")
        server = await postgres.enter_async_context(embedded.server(folder, fast=True))
        wire.lead_to(server.port)
        wire.mend()
        position = await goes_on(http, url)
        assert 200_000 <= position < len(shot.data)
        assert (await take_over(http, url, shot)).status_code == 204
        assert (await photo_in(office.ivan, job, shot))["state"] == "available"


async def goes_on(http: httpx.AsyncClient, url: str) -> int:
    """The offset, as soon as the server can tell it."""
    async with asyncio.timeout(30):
        while (told := await http.head(url, headers=TUS)).status_code == 503:
            await asyncio.sleep(0.1)
    return int(told.headers["upload-offset"])


async def take_over(http: httpx.AsyncClient, url: str, shot: Picture) -> httpx.Response:
    """Go on where a request was killed: it holds the upload until it has been silent long enough."""
    position = await goes_on(http, url)
    async with asyncio.timeout(30):
        while (last := await patch(http, url, position, shot.data[position:])).status_code == 423:
            await asyncio.sleep(0.2)
    return last


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_is_said_and_operations_go_on(
    office: Office, database_url: str, small_disk: Path
) -> None:
    job, shot = await office.create_job(), picture(1_500_000)
    settings = {"NARYAD_STORAGE_URL": f"file://{small_disk}/files"}
    token = office.ivan.http.headers["authorization"].removeprefix("Bearer ")
    async with running("naryad_api", database_url, **settings) as service, client(service.url, token) as http:
        url = (await create(http, len(shot.data), photo_metadata(job, shot))).headers["location"]
        answer = await patch(http, url, 0, shot.data)
        assert (answer.status_code, answer.json()["type"]) == (507, "urn:naryad:problem:storage-full")
        assert "retry-after" in answer.headers
        office.ivan.http, before = http, office.ivan.http
        await office.ivan.sync()
        done = await office.ivan.sync(
            office.ivan.operation(office.ivan.jobs[job["id"]], "add_photo", photo=shot.photo())
        )
        office.ivan.http = before
        assert done["results"][0]["status"] == "applied"
        # room is made, and it goes on
        subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
        position = await offset(http, url)
        assert (await patch(http, url, position, shot.data[position:])).status_code == 204
    assert (await photo_in(office.ivan, job, shot))["state"] == "available"
