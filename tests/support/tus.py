"""tus 1.0.0 by hand, at the level of the wire, and files to send."""

import base64
import hashlib
import random
from dataclasses import dataclass
from typing import Any

import httpx

from naryad.uuid7 import uuid7
from support.account import Office, Phone

TUS = {"tus-resumable": "1.0.0"}
OCTETS = {**TUS, "content-type": "application/offset+octet-stream"}


@dataclass(frozen=True)
class Picture:
    """A photo as a phone has it: bytes under an id of the phone's own."""

    data: bytes
    id: str
    field: str = "before"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def photo(self, **members: Any) -> dict[str, Any]:
        """The member `photo` of its `add_photo`."""
        return {
            "id": self.id,
            "field": self.field,
            "sha256": self.sha256,
            "size": len(self.data),
            "media_type": "image/jpeg",
            **members,
        }


def picture(size: int = 300_000, seed: int | None = None, **members: Any) -> Picture:
    return Picture(random.Random(seed).randbytes(size), str(uuid7()), **members)


def metadata(**told: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())


def photo_metadata(job: dict[str, Any], shot: Picture, **more: str) -> str:
    told = {"kind": "photo", "id": shot.id, "job_id": job["id"], "sha256": shot.sha256, **more}
    return metadata(**told)


async def create(
    http: httpx.AsyncClient, length: int, described: str, body: bytes | None = None, **headers: str
) -> httpx.Response:
    sent = {**(TUS if body is None else OCTETS), "upload-length": str(length), "upload-metadata": described}
    return await http.post("/v1/uploads", headers={**sent, **headers}, content=body)


async def patch(http: httpx.AsyncClient, url: str, offset: int, body: Any, **headers: str) -> httpx.Response:
    sent = {**OCTETS, "upload-offset": str(offset), **headers}
    return await http.patch(url, headers=sent, content=body)


async def offset(http: httpx.AsyncClient, url: str) -> int:
    answer = await http.head(url, headers=TUS)
    assert answer.status_code == 200, answer.status_code
    return int(answer.headers["upload-offset"])


async def send(phone: Phone, job: dict[str, Any], shot: Picture) -> httpx.Response:
    """Upload a photo whole, in one PATCH."""
    made = await create(phone.http, len(shot.data), photo_metadata(job, shot))
    assert made.status_code == 201, made.text
    return await patch(phone.http, made.headers["location"], 0, shot.data)


async def photo_in(phone: Phone, job: dict[str, Any], shot: Picture) -> dict[str, Any]:
    """The photo as the server tells it to the phone now."""
    await phone.sync()
    (found,) = [one for one in phone.jobs[job["id"]].get("photos", []) if one["id"] == shot.id]
    found_: dict[str, Any] = found
    return found_


async def shown(office: Office, data: bytes, **members: Any) -> tuple[dict[str, Any], Picture]:
    """A new job with a photo of these bytes that has arrived."""
    job, shot = await office.create_job(), Picture(data, str(uuid7()))
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo(**members)))
    assert (await send(office.ivan, job, shot)).status_code == 204
    return job, shot


async def upload_attachment(office: Office, job: dict[str, Any], data: bytes, **told: str) -> tuple[str, str]:
    """(attachment id, upload id) of an attachment that has arrived, and is not yet given to the job."""
    attachment_id, sha256 = str(uuid7()), hashlib.sha256(data).hexdigest()
    described = metadata(kind="attachment", id=attachment_id, job_id=job["id"], sha256=sha256, **told)
    made = await create(office.desk, len(data), described, data)
    assert made.status_code == 201, made.text
    return attachment_id, made.headers["location"].rpartition("/")[2]


async def attach(office: Office, job: dict[str, Any], data: bytes, **told: str) -> str:
    """The id of a new attachment of the job."""
    attachment_id, upload_id = await upload_attachment(office, job, data, **told)
    given = await office.desk.post(f"/v1/jobs/{job['id']}/attachments", json={"upload_id": upload_id})
    assert given.status_code == 201, given.text
    return attachment_id
