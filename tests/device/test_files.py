"""Photos and attachments between the reference device and the real server (R2, R3, R7, R8)."""

import asyncio
import base64
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from naryad.device.accounting import with_file
from naryad.device.held_file import Stage
from naryad.device.phone import Link
from naryad.domain.ids import DeviceId, FileId
from naryad.domain.network import Network
from naryad.uuid7 import uuid7
from support.account import Office
from support.photographer import Photographer, photographer, picture
from support.proxy import wire_to

IVAN = "Ромашка-Иван"


@pytest.fixture
def device() -> DeviceId:
    return DeviceId(uuid7())


async def photo_of(office: Office, job: dict[str, Any], id: FileId) -> dict[str, Any] | None:
    photos = (await office.job(job["id"])).get("photos", [])
    return next((one for one in photos if one["id"] == str(id)), None)


async def stored(office: Office, id: FileId) -> bytes:
    answer = await office.desk.get(f"/v1/files/{id}")
    assert answer.status_code == 200, answer.text
    return answer.content


def held(camera: Photographer, id: FileId) -> bool:
    return camera.shelf.path(id).exists()


async def test_r3_a_photo_reaches_the_server_and_only_then_leaves_the_phone(
    office: Office, tmp_path: Path, device: DeviceId
) -> None:
    job, content = await office.create_job(), picture(900_000)
    async with photographer(office.api.url, tmp_path, IVAN, device) as camera:
        await camera.sync()
        id = camera.take(job, content)
        assert camera.phone.unsent == 2  # the record and the bytes
        await camera.sync()
        photo = await photo_of(office, job, id)
        assert photo
        assert (photo["state"], photo["size"]) == ("available", 900_000)
        assert await stored(office, id) == content
        assert (camera.phone.unsent, held(camera, id)) == (0, True)  # the phone has not been told yet
        await camera.sync()
        assert not held(camera, id)
        assert camera.phone.state.files == {}


async def test_r7_on_a_slow_network_only_words_travel_r8_and_on_a_fast_one_all_files_follow(
    office: Office, tmp_path: Path, device: DeviceId
) -> None:
    job = await office.create_job()
    async with photographer(office.api.url, tmp_path, IVAN, device) as camera:
        await camera.sync()
        camera.phone.link_changed(Link(effective_type="2g"))
        ids = [camera.take(job, picture(50_000, seed)) for seed in range(3)]
        await camera.sync()
        assert camera.phone.network is Network.SLOW
        assert [(await photo_of(office, job, id) or {})["state"] for id in ids] == ["expected"] * 3
        assert (camera.phone.unsent, len(camera.phone.state.outbox)) == (3, 0)
        camera.phone.link_changed(Link(effective_type="4g"))
        await camera.sync()
        assert [(await photo_of(office, job, id) or {})["state"] for id in ids] == ["available"] * 3


async def test_send_photos_now_overrides_a_slow_network(
    office: Office, tmp_path: Path, device: DeviceId
) -> None:
    job = await office.create_job()
    async with photographer(office.api.url, tmp_path, IVAN, device) as camera:
        await camera.sync()
        camera.phone.link_changed(Link(effective_type="2g"))
        id = camera.take(job, picture(50_000))
        camera.phone.send_photos_now()
        await camera.sync()
        assert (await photo_of(office, job, id) or {})["state"] == "available"


async def test_an_upload_goes_on_where_a_dead_phone_stopped(
    office: Office, tmp_path: Path, device: DeviceId
) -> None:
    job, content = await office.create_job(), picture(3_000_000)
    async with wire_to(office.api.url) as wire:
        async with photographer(wire.url, tmp_path, IVAN, device) as camera:
            await camera.sync()
            id = camera.take(job, content)
            moving = asyncio.create_task(camera.sync())
            while not camera.phone.state.files[id].upload:
                await asyncio.sleep(0.005)
            moving.cancel()  # the app is gone in the middle
            await asyncio.wait([moving])
        async with photographer(wire.url, tmp_path, IVAN, device) as camera:
            assert camera.phone.unsent >= 1
            assert camera.phone.state.files[id].upload
            await camera.sync()
        assert await stored(office, id) == content


async def test_one_file_that_cannot_go_does_not_hold_up_the_next(
    office: Office, tmp_path: Path, device: DeviceId
) -> None:
    job = await office.create_job()
    async with photographer(office.api.url, tmp_path, IVAN, device) as camera:
        await camera.sync()
        damaged, good = camera.take(job, picture(9_000, 1)), camera.take(job, picture(9_000, 2))
        camera.shelf.path(damaged).write_bytes(picture(9_000, 3))  # the disk lies
        await camera.sync()
        assert (await photo_of(office, job, damaged) or {})["state"] in ("expected", "failed")
        assert (await photo_of(office, job, good) or {})["state"] == "available"
        assert camera.phone.state.files[damaged].why
        camera.shelf.path(damaged).write_bytes(picture(9_000, 1))
        camera.files.retry()
        await camera.sync()
        assert await stored(office, damaged) == picture(9_000, 1)


async def test_content_that_the_server_has_needs_no_upload(
    office: Office, tmp_path: Path, device: DeviceId
) -> None:
    job, content = await office.create_job(), picture(20_000)
    async with photographer(office.api.url, tmp_path, IVAN, device) as camera:
        await camera.sync()
        camera.take(job, content)
        await camera.sync()
        again = camera.take(job, content, field="after")
        camera.phone.link_changed(Link(effective_type="2g"))
        await camera.sync()
        assert (await photo_of(office, job, again) or {})["state"] == "available"
        assert camera.phone.unsent == 0


async def test_a_refused_photo_is_not_sent(office: Office, tmp_path: Path, device: DeviceId) -> None:
    job = await office.create_job()
    async with photographer(office.api.url, tmp_path, IVAN, device) as camera:
        await camera.sync()
        id = camera.take(job, picture(9_000))
        await office.desk.delete(f"/v1/jobs/{job['id']}")
        await camera.sync()
        assert camera.phone.state.files[id].stage is Stage.REFUSED
        assert held(camera, id)
        (notice,) = camera.phone.state.notices.values()
        camera.phone.dismiss(notice.operation.id)
        assert not held(camera, id)


async def attach(office: Office, job: dict[str, Any], content: bytes, name: str = "план.pdf") -> str:
    """An attachment by the desk, uploaded in one piece; returns its id."""
    id = str(uuid7())
    metadata = {
        "kind": "attachment",
        "id": id,
        "job_id": job["id"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "filename": name,
        "filetype": "application/pdf",
    }
    encoded = ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items()
    )
    created = await office.desk.post(
        "/v1/uploads",
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": encoded,
            "Content-Type": "application/offset+octet-stream",
        },
        content=content,
    )
    assert created.status_code == 201, created.text
    upload_id = created.headers["location"].rsplit("/", 1)[-1]
    attached = await office.desk.post(f"/v1/jobs/{job['id']}/attachments", json={"upload_id": upload_id})
    assert attached.status_code in (200, 201), attached.text
    return id


async def test_r2_r7_an_attachment_waits_for_a_fast_network_is_verified_and_goes_with_the_job(
    office: Office, tmp_path: Path, device: DeviceId
) -> None:
    job, content = await office.create_job(), picture(700_000, 5)
    async with photographer(office.api.url, tmp_path, IVAN, device) as camera:
        await camera.sync()
        id = FileId(UUID(await attach(office, job, content)))
        camera.phone.link_changed(Link(effective_type="2g"))
        await camera.sync()
        assert camera.phone.state.files[id].stage is Stage.WAITING
        assert camera.shelf.part_size(id) == 0
        camera.phone.link_changed(Link(effective_type="4g"))
        await camera.sync()
        assert camera.phone.state.files[id].stage is Stage.HELD
        assert camera.shelf.path(id).read_bytes() == content
        await office.desk.patch(f"/v1/jobs/{job['id']}", json={"assignees": []})
        await camera.sync()
        assert not held(camera, id)


async def test_a_fetch_that_was_cut_goes_on_from_its_part_and_a_damaged_part_is_thrown_away(
    office: Office, tmp_path: Path, device: DeviceId
) -> None:
    job, content = await office.create_job(), picture(700_000, 6)
    async with photographer(office.api.url, tmp_path, IVAN, device) as camera:
        await camera.sync()
        id = FileId(UUID(await attach(office, job, content)))
        camera.phone.link_changed(Link(effective_type="2g"))
        await camera.sync()
        etag = (await office.desk.get(f"/v1/files/{id}")).headers["etag"]
        held_file = camera.phone.state.files[id]
        camera.phone.become(with_file(camera.phone.state, replace(held_file, etag=etag)))
        camera.shelf.part(id).write_bytes(b"x" + content[1:500_000])  # one byte is wrong
        camera.phone.link_changed(Link(effective_type="4g"))
        await camera.sync()
        assert "damaged" in camera.phone.state.files[id].why
        assert camera.shelf.part_size(id) == 0
        camera.shelf.part(id).write_bytes(content[:500_000])
        camera.phone.become(with_file(camera.phone.state, replace(held_file, etag=etag)))
        camera.files.retry()
        await camera.sync()
        assert camera.shelf.path(id).read_bytes() == content
