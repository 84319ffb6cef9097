"""The sweep of files: nothing stays that nothing refers to, nothing goes that something does."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from naryad.actions import arrivals
from naryad.actions.file_sweep import SweptFiles, sweep_files
from naryad.blobs.errors import StorageUnavailable
from naryad.domain.files import Limits
from naryad.settings import Settings
from naryad.storage import open_storage
from support.account import Office
from support.pictures import jpeg
from support.tus import Picture, attach, create, offset, photo_in, photo_metadata, picture, shown

LIMITS = Limits(10**8, 10**9)


async def sweep(office: Office, **later: float) -> SweptFiles:
    return await sweep_files(
        office.api.stores, open_storage(Settings()), LIMITS, datetime.now(UTC) + timedelta(**later)
    )


def kept(data_dir: Path, office: Office) -> set[str]:
    """What lies in the account's folder, by kind."""
    root = data_dir / "files" / str(office.account_id)
    return {str(Path(folder, name).relative_to(root)) for folder, _, names in os.walk(root) for name in names}


async def test_an_upload_that_expires_leaves_nothing(office: Office, data_dir: Path, truth: Any) -> None:
    job, shot = await office.create_job(), picture(100_000)
    made = await create(office.ivan.http, 100_000, photo_metadata(job, shot), shot.data[:60_000])
    assert kept(data_dir, office)
    assert await sweep(office, days=6) == SweptFiles()
    assert await offset(office.ivan.http, made.headers["location"]) == 60_000
    swept = await sweep(office, days=8)
    assert (swept.uploads_expired, swept.objects) == (1, 1)
    assert kept(data_dir, office) == set()
    gone = await office.ivan.http.head(made.headers["location"], headers={"tus-resumable": "1.0.0"})
    assert gone.status_code == 404


async def test_a_content_goes_when_the_last_file_that_has_it_is_gone(
    office: Office, data_dir: Path, truth: Any
) -> None:
    data = jpeg()
    job, shot = await shown(office, data)
    other = await office.create_job()
    attachment_id = await attach(office, other, data)
    assert (await office.desk.get(f"/v1/files/{shot.id}/preview")).status_code == 200
    await office.desk.delete(f"/v1/jobs/{job['id']}")
    assert (await sweep(office, days=8)).contents == 0
    assert (await office.desk.get(f"/v1/files/{attachment_id}")).content == data

    await office.desk.delete(f"/v1/jobs/{other['id']}/attachments/{attachment_id}")
    swept = await sweep(office, days=8)
    assert (swept.contents, swept.objects) == (1, 1)  # the preview is an object that nothing names
    assert kept(data_dir, office) == set()
    assert await truth.fetchval("select stored_bytes from account_head") == 0
    assert await sweep(office, days=8) == SweptFiles()

    # and the same content may come again
    job, shot = await shown(office, data)
    assert (await office.desk.get(f"/v1/files/{shot.id}")).content == data


async def test_what_is_used_and_what_is_under_way_stays(office: Office, data_dir: Path) -> None:
    _, _shot = await shown(office, jpeg())
    job, coming = await office.create_job(), picture(50_000)
    await create(office.ivan.http, 50_000, photo_metadata(job, coming), coming.data[:20_000])
    before = kept(data_dir, office)
    assert len(before) == 2
    assert await sweep(office, days=6) == SweptFiles()
    assert kept(data_dir, office) == before


async def test_objects_that_a_killed_process_left_are_removed_after_a_while(
    office: Office, data_dir: Path
) -> None:
    _, shot = await shown(office, jpeg())
    before = kept(data_dir, office)
    blobs = open_storage(Settings())
    account = office.account_id
    left = "01020304-0506-7708-890a-0b0c0d0e0f00"
    for key in (
        f"parts/{left}/{left}",
        f"content/{'0' * 64}/{left}/00000",
        f"content/{shot.sha256}/{left}/00000",
    ):
        await blobs.put(f"{account}/{key}", b"left behind")
    torn = data_dir / "files" / str(account) / "parts" / left / f"{left}#1"
    torn.write_bytes(b"half a")
    assert (await sweep(office)).objects == 0
    assert (await sweep(office, hours=25)).objects == 4
    assert kept(data_dir, office) == before


async def test_a_complete_upload_that_nobody_proved_is_proved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ended after the last byte was written and before its hash was taken."""
    job, shot = await office.create_job(), picture(100_000)
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo()))

    async def away(*_: object) -> None:
        raise StorageUnavailable("gone just now")

    monkeypatch.setattr(arrivals.contents, "join", away)
    answer = await create(office.ivan.http, 100_000, photo_metadata(job, shot), shot.data)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert (await photo_in(office.ivan, job, shot))["state"] == "expected"
    monkeypatch.undo()
    assert (await sweep(office)).uploads_proved == 1
    assert (await photo_in(office.ivan, job, shot))["state"] == "available"


async def test_a_content_is_not_swept_while_a_photo_begins_to_use_it(office: Office) -> None:
    """Either the photo finds the content, and it stays; or it does not, and is expected. Never a lost one."""
    data = picture(2_000).data
    job, _shot = await shown(office, data)
    for _ in range(10):
        await office.desk.delete(f"/v1/jobs/{job['id']}")
        job, again = await office.create_job(), Picture(data, picture(1).id)
        await office.ivan.sync()
        adding = office.ivan.operation(office.ivan.jobs[job["id"]], "add_photo", photo=again.photo())
        _, answer = await asyncio.gather(sweep(office, days=9), office.ivan.sync(adding))
        state = answer["jobs"][0]["photos"][0]["state"]
        got = await office.desk.get(f"/v1/files/{again.id}")
        assert (state, got.status_code) in {("available", 200), ("expected", 404)}
        if state == "expected":
            await shown(office, data)
