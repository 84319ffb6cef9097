"""Public tus clients, as they are: tuspy from PyPI, tus-js-client from npm."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient

from support.account import Office
from support.tus import Picture, offset, photo_in, picture

WEB = Path(__file__).parents[2] / "web"
sys.path.insert(0, str(WEB))
import npm  # noqa: E402


@pytest.fixture
async def expected(office: Office) -> tuple[dict[str, Any], Picture]:
    """A job with a photo of 2 MB that is expected."""
    job, shot = await office.create_job(), picture(2_000_000)
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo()))
    return job, shot


@pytest.fixture
def file(expected: tuple[dict[str, Any], Picture], tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(expected[1].data)
    return path


def told(expected: tuple[dict[str, Any], Picture]) -> dict[str, str]:
    job, shot = expected
    return {
        "kind": "photo",
        "id": shot.id,
        "job_id": job["id"],
        "sha256": shot.sha256,
        "filename": "до.jpg",
        "filetype": "image/jpeg",
    }


@pytest.mark.parametrize("checksum", [False, True])
async def test_tuspy(
    office: Office, expected: tuple[dict[str, Any], Picture], file: Path, checksum: bool
) -> None:
    headers = {"Authorization": office.ivan.http.headers["authorization"]}
    client = TusClient(f"{office.api.url}/v1/uploads", headers=headers)
    how = {"chunk_size": 300_000, "upload_checksum": checksum, "metadata": told(expected)}

    def begin() -> str:
        uploader = client.uploader(str(file), **how)
        uploader.upload(stop_at=900_000)
        return str(uploader.url)

    url = await asyncio.to_thread(begin)
    assert await offset(office.ivan.http, url) == 900_000
    # a new process goes on with the address alone
    again = await asyncio.to_thread(lambda: client.uploader(str(file), url=url, **how))
    assert again.offset == 900_000
    await asyncio.to_thread(again.upload)
    assert (await photo_in(office.ivan, *expected))["state"] == "available"
    assert (await office.desk.get(f"/v1/files/{expected[1].id}")).content == expected[1].data


async def tus_js(office: Office, file: Path, **options: Any) -> dict[str, Any]:
    node = npm.system_node() or npm.wheel_node()
    assert node is not None
    sent = {
        "file": str(file),
        "endpoint": f"{office.api.url}/v1/uploads",
        "token": office.ivan.http.headers["authorization"].removeprefix("Bearer "),
        "chunkSize": 300_000,
        **options,
    }
    script = str(Path(__file__).with_name("tus_client.cjs"))
    ran = await asyncio.to_thread(
        subprocess.run,
        [str(node.node), script, str(WEB), json.dumps(sent)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


@pytest.mark.parametrize(
    "how",
    [{}, {"uploadDataDuringCreation": True}, {"overridePatchMethod": True}, {"chunkSize": 10_000_000}],
    ids=["as it is", "creation with upload", "post for patch", "one chunk"],
)
async def test_tus_js_client(
    office: Office, expected: tuple[dict[str, Any], Picture], file: Path, how: dict[str, Any]
) -> None:
    npm.install()
    answer = await tus_js(office, file, metadata=told(expected), **how)
    assert answer["done"]
    assert (await photo_in(office.ivan, *expected))["state"] == "available"
    assert (await office.desk.get(f"/v1/files/{expected[1].id}")).content == expected[1].data


async def test_tus_js_client_resumes(
    office: Office, expected: tuple[dict[str, Any], Picture], file: Path
) -> None:
    npm.install()
    begun = await tus_js(office, file, metadata=told(expected), stopAfter=600_000)
    assert await offset(office.ivan.http, begun["url"]) >= 600_000
    answer = await tus_js(office, file, metadata=told(expected), uploadUrl=begun["url"])
    assert answer == {"url": begun["url"], "done": True}
    assert (await photo_in(office.ivan, *expected))["state"] == "available"
