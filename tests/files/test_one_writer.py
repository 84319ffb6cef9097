"""One PATCH at a time writes an upload, on whichever replica; and none holds it for ever."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from support.account import Office
from support.raw_upload import raw_patch
from support.server import Api, client, running_api
from support.tus import Picture, create, offset, patch, photo_metadata, picture


@pytest.fixture
async def begun(office: Office) -> tuple[str, Picture]:
    """The address of an upload of 300,000 bytes that is still empty."""
    job, shot = await office.create_job(), picture()
    made = await create(office.ivan.http, len(shot.data), photo_metadata(job, shot))
    return made.headers["location"], shot


@pytest.fixture
async def replica(office: Office, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Ivan's phone, connected to another API process's equal."""
    other: Api
    async with running_api(database_url) as other:
        token = office.ivan.http.headers["authorization"].removeprefix("Bearer ")
        async with client(other.url, token) as http:
            yield http


async def arrived(http: httpx.AsyncClient, url: str, count: int) -> None:
    async with asyncio.timeout(20):
        while await offset(http, url) < count:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("where", ["same process", "other replica"])
async def test_a_second_patch_is_refused_and_the_first_goes_on_unharmed(
    office: Office, replica: httpx.AsyncClient, begun: tuple[str, Picture], where: str
) -> None:
    url, shot = begun
    second = office.ivan.http if where == "same process" else replica
    async with raw_patch(office.ivan.http, url, 0, len(shot.data)) as first:
        await first.send(shot.data[:100_000])
        await arrived(office.ivan.http, url, 100_000)
        answer = await patch(second, url, 100_000, bytes(200_000))
        assert (answer.status_code, answer.json()["type"]) == (423, "urn:naryad:problem:upload-locked")
        assert "retry-after" in answer.headers
        await first.send(shot.data[100_000:])
        assert await first.status() == 204


async def test_many_patches_at_once_and_one_wins(office: Office, begun: tuple[str, Picture]) -> None:
    url, shot = begun
    answers = await asyncio.gather(*(patch(office.ivan.http, url, 0, shot.data) for _ in range(8)))
    assert sorted({one.status_code for one in answers} - {409, 423}) == [204]
    assert [one.status_code for one in answers].count(204) == 1
    assert await offset(office.ivan.http, url) == len(shot.data)


async def test_what_arrived_before_a_cut_is_kept_and_the_other_replica_goes_on(
    office: Office, replica: httpx.AsyncClient, begun: tuple[str, Picture], truth: Any
) -> None:
    url, shot = begun
    async with raw_patch(office.ivan.http, url, 0, len(shot.data)) as first:
        await first.send(shot.data[:123_456])
        await arrived(office.ivan.http, url, 123_456)
        first.cut()
        assert await offset(replica, url) == 123_456
        answer = await patch(replica, url, 123_456, shot.data[123_456:])
    assert answer.status_code == 204
    assert await truth.fetchval("select sha256 from content") == shot.sha256


@pytest.mark.parametrize("where", ["same process", "other replica"])
async def test_a_silent_patch_is_ended_when_another_comes(
    office: Office,
    replica: httpx.AsyncClient,
    begun: tuple[str, Picture],
    where: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After 10 s; here after 2."""
    monkeypatch.setattr("naryad.actions.uploads.SILENCE", timedelta(seconds=2))
    url, shot = begun
    second = office.ivan.http if where == "same process" else replica
    async with raw_patch(office.ivan.http, url, 0, len(shot.data)) as first:
        await first.send(shot.data[:100_000])
        await arrived(office.ivan.http, url, 100_000)
        async with asyncio.timeout(20):
            while (answer := await patch(second, url, 100_000, shot.data[100_000:])).status_code == 423:
                pass
        assert answer.status_code == 204
        # the silent one wakes up, and cannot harm what came meanwhile
        await first.send(bytes(200_000))
        assert await first.status() == 423
    got = await office.ivan.http.head(url, headers={"tus-resumable": "1.0.0"})
    assert got.headers["upload-offset"] == str(len(shot.data))


async def test_a_slow_patch_is_not_a_silent_one(
    office: Office, begun: tuple[str, Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("naryad.actions.uploads.SILENCE", timedelta(seconds=2))
    url, shot = begun
    async with raw_patch(office.ivan.http, url, 0, len(shot.data)) as slow:
        for start in range(0, 6_000, 1_000):
            await slow.send(shot.data[start : start + 1_000])
            answer = await patch(office.ivan.http, url, await offset(office.ivan.http, url), b"mine")
            assert answer.status_code == 423
        await slow.send(shot.data[6_000:])
        assert await slow.status() == 204


async def test_a_dead_connection_lets_go_by_itself(
    office: Office, begun: tuple[str, Picture], monkeypatch: pytest.MonkeyPatch, truth: Any
) -> None:
    """After 30 s; here after 1. Nobody else asks for the upload."""
    monkeypatch.setattr("naryad_api.tus.desk.DEAD_S", 1.0)
    url, shot = begun
    async with raw_patch(office.ivan.http, url, 0, len(shot.data)) as dead:
        await dead.send(shot.data[:50_000])
        assert await dead.status() == 408
    assert await truth.fetchrow("select writer, received from upload") == (None, 50_000)
