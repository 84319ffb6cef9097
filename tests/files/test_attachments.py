"""Attachments: the desk gives a file with a job, the phones that have the job fetch it."""

import hashlib

from naryad.uuid7 import uuid7
from support.account import Office
from support.tus import attach, create, metadata, upload_attachment


async def test_an_attachment_comes_with_the_job_and_leaves_with_it(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    data = b"%PDF plan of the house"
    attachment_id = await attach(office, job, data, filename="План дома.pdf", filetype="application/pdf")
    answer = await office.ivan.sync()
    told = {
        "id": attachment_id,
        "name": "План дома.pdf",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "media_type": "application/pdf",
    }
    assert answer["jobs"][0]["attachments"] == [told]
    assert (await office.job(job["id"]))["attachments"] == [told]
    fetched = await office.ivan.http.get(f"/v1/files/{attachment_id}")
    assert fetched.content == data
    assert (await office.olga.http.get(f"/v1/files/{attachment_id}")).status_code == 404

    url = f"/v1/jobs/{job['id']}/attachments/{attachment_id}"
    assert (await office.desk.delete(url)).status_code == 204
    assert (await office.desk.delete(url)).status_code == 404
    answer = await office.ivan.sync()
    assert answer["jobs"][0]["attachments"] == [{"id": attachment_id, "removed": True}]
    assert (await office.ivan.http.get(f"/v1/files/{attachment_id}")).status_code == 404
    kinds = [one["kind"] for one in await office.history(job["id"])]
    assert kinds == ["created", "attachment", "attachment"]


async def test_giving_it_twice_changes_nothing(office: Office) -> None:
    job = await office.create_job()
    _, upload_id = await upload_attachment(office, job, b"once")
    url = f"/v1/jobs/{job['id']}/attachments"
    first, again = [await office.desk.post(url, json={"upload_id": upload_id}) for _ in range(2)]
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()


async def test_what_cannot_be_given_is_refused(office: Office) -> None:
    job, other = await office.create_job(), await office.create_job()
    url = f"/v1/jobs/{job['id']}/attachments"
    told = {"kind": "attachment", "id": str(uuid7()), "job_id": job["id"]}
    begun = await create(office.desk, 10, metadata(**told, sha256=hashlib.sha256(b"x").hexdigest()), b"part")
    upload_id = begun.headers["location"].rpartition("/")[2]
    early = await office.desk.post(url, json={"upload_id": upload_id})
    assert (early.status_code, early.json()["type"]) == (409, "urn:naryad:problem:upload-incomplete")
    assert (await office.desk.post(url, json={"upload_id": str(uuid7())})).status_code == 404
    _, others = await upload_attachment(office, other, b"for the other job")
    assert (await office.desk.post(url, json={"upload_id": others})).status_code == 422
    assert (await office.ivan.http.post(url, json={"upload_id": others})).status_code == 403


async def test_an_empty_file_is_a_file(office: Office) -> None:
    job = await office.create_job()
    attachment_id = str(uuid7())
    told = {"kind": "attachment", "id": attachment_id, "job_id": job["id"], "filename": "empty.txt"}
    made = await create(office.desk, 0, metadata(**told, sha256=hashlib.sha256().hexdigest()))
    assert made.status_code == 201, made.text
    upload_id = made.headers["location"].rpartition("/")[2]
    given = await office.desk.post(f"/v1/jobs/{job['id']}/attachments", json={"upload_id": upload_id})
    assert given.status_code == 201
    answer = await office.ivan.http.get(f"/v1/files/{attachment_id}")
    assert (answer.status_code, answer.content) == (200, b"")
