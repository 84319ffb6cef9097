"""The way of a photo with S3 behind the API; and what happens while S3 is away."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from naryad.actions.file_sweep import sweep_files
from naryad.domain.files import SEGMENT, Limits
from naryad.settings import Settings
from naryad.storage import open_storage
from support.account import Office, found_office
from support.pictures import jpeg, opened
from support.s3 import BUCKET, S3, s3_server
from support.server import running_api
from support.tus import attach, create, offset, patch, photo_in, photo_metadata, picture, send, shown


@pytest.fixture
async def s3(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[S3]:
    async with s3_server() as server:
        monkeypatch.setenv("NARYAD_STORAGE_URL", f"s3://{BUCKET}/naryad")
        monkeypatch.setenv("NARYAD_S3_ENDPOINT", server.endpoint)
        monkeypatch.setenv("NARYAD_S3_KEY_ID", "key")
        monkeypatch.setenv("NARYAD_S3_SECRET", "secret")
        yield server


@pytest.fixture
async def shop(s3: S3, database_url: str) -> AsyncIterator[Office]:
    """An office whose files are in S3."""
    async with running_api(database_url) as api, found_office(api, "Облако") as founded:
        yield founded


async def keys() -> list[str]:
    return [one.key async for page in open_storage(Settings()).list("") for one in page]


async def test_a_photo_goes_to_s3_and_comes_back(shop: Office) -> None:
    _, shot = await shown(shop, jpeg(900, 600))
    assert (await shop.desk.get(f"/v1/files/{shot.id}")).content == shot.data
    preview = await shop.desk.get(f"/v1/files/{shot.id}/preview", params={"size": 64})
    assert opened(preview.content).size == (64, 43)
    job, big = await shop.create_job(), picture(SEGMENT + 5)
    attachment_id = await attach(shop, job, big.data)
    part = await shop.ivan.http.get(f"/v1/files/{attachment_id}", headers={"range": f"bytes={SEGMENT - 3}-"})
    assert (part.status_code, part.content) == (206, big.data[SEGMENT - 3 :])
    assert sorted(one.split("/")[1] for one in await keys()) == ["content"] * 3 + ["previews"]


async def test_an_upload_resumes_and_the_sweep_cleans_up(shop: Office) -> None:
    job, shot = await shop.create_job(), picture(500_000)
    url = (await create(shop.ivan.http, 500_000, photo_metadata(job, shot))).headers["location"]
    assert (await patch(shop.ivan.http, url, 0, shot.data[:200_000])).status_code == 204
    assert await offset(shop.ivan.http, url) == 200_000
    assert (await patch(shop.ivan.http, url, 200_000, shot.data[200_000:])).status_code == 204
    assert [one.split("/")[1] for one in await keys()] == ["content"]
    later = datetime.now(UTC) + timedelta(days=9)
    await sweep_files(shop.api.stores, open_storage(Settings()), Limits(10**8, 10**9), later)
    assert await keys() == []


async def test_while_s3_is_away_operations_go_on_and_bytes_are_asked_to_wait(shop: Office, s3: S3) -> None:
    job, shot = await shop.create_job(), picture(100_000)
    url = (await create(shop.ivan.http, 100_000, photo_metadata(job, shot))).headers["location"]
    await s3.stop()
    away = await patch(shop.ivan.http, url, 0, shot.data)
    assert (away.status_code, away.json()["type"]) == (503, "urn:naryad:problem:unavailable")
    assert "retry-after" in away.headers
    await shop.ivan.sync()
    held = shop.ivan.jobs[job["id"]]
    done = await shop.ivan.sync(shop.ivan.operation(held, "add_photo", photo=shot.photo()))
    assert done["results"][0]["status"] == "applied"
    assert await offset(shop.ivan.http, url) == 0
    await s3.start()
    assert (await send(shop.ivan, job, shot)).status_code == 204
    assert (await photo_in(shop.ivan, job, shot))["state"] == "available"
