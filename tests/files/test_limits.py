"""Limits of an account's files: clear refusals, said on the photo too, and never in the way of operations."""

from typing import Any

from support.account import Office
from support.tus import create, patch, photo_in, photo_metadata, picture, send, shown


async def limit(office: Office, **files: int | None) -> dict[str, Any]:
    answer = await office.desk.patch("/v1/account", json={"files": files})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()["files"]
    return told


async def test_an_account_has_limits_within_those_of_the_installation(office: Office) -> None:
    before = (await office.desk.get("/v1/account")).json()["files"]
    assert before == {"max_bytes": 100 * 1024**2, "quota_bytes": 50 * 1024**3, "stored_bytes": 0}
    assert (await limit(office, max_bytes=5_000))["max_bytes"] == 5_000
    assert (await limit(office, quota_bytes=10_000)) == {**before, "max_bytes": 5_000, "quota_bytes": 10_000}
    assert (await limit(office, max_bytes=2**50, quota_bytes=None)) == before
    assert (await office.desk.get("/v1/account")).json()["files"] == before
    _, _shot = await shown(office, b"twelve bytes")
    assert (await office.desk.get("/v1/account")).json()["files"]["stored_bytes"] == 12
    refused = await office.desk.patch("/v1/account", json={"files": {"max_bytes": 0}})
    assert refused.status_code == 422


async def test_a_photo_too_large_fails_with_its_reason_and_may_come_later(office: Office) -> None:
    job, shot = await office.create_job(), picture(20_000)
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo()))
    await limit(office, max_bytes=10_000)
    answer = await create(office.ivan.http, len(shot.data), photo_metadata(job, shot))
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:naryad:problem:too-large")
    assert answer.json()["max_bytes"] == 10_000
    photo = await photo_in(office.ivan, job, shot)
    assert (photo["state"], photo["reason"]) == ("failed", "too-large")
    await limit(office, max_bytes=None)
    assert (await send(office.ivan, job, shot)).status_code == 204
    assert await photo_in(office.ivan, job, shot) == shot.photo(state="available")


async def test_a_used_up_quota_is_said_and_uploads_under_way_count(office: Office) -> None:
    job, shot = await office.create_job(), picture(20_000)
    await office.ivan.sync()
    await limit(office, quota_bytes=50_000)
    under_way = picture(40_000)
    begun = await create(office.ivan.http, 40_000, photo_metadata(job, under_way), under_way.data[:10])
    assert begun.status_code == 201
    answer = await create(office.ivan.http, len(shot.data), photo_metadata(job, shot))
    assert (answer.status_code, answer.json()["type"]) == (507, "urn:naryad:problem:quota-exceeded")
    assert (answer.json()["quota_bytes"], answer.json()["used_bytes"]) == (50_000, 40_000)
    held = office.ivan.jobs[job["id"]]
    done = await office.ivan.sync(office.ivan.operation(held, "add_photo", photo=shot.photo()))
    assert done["results"][0]["status"] == "applied"
    url = begun.headers["location"]
    assert (await office.ivan.http.delete(url, headers={"tus-resumable": "1.0.0"})).status_code == 204
    assert (await send(office.ivan, job, shot)).status_code == 204
    # what the account has already takes no room
    twin = picture(1)
    twin = type(twin)(shot.data, twin.id)
    await limit(office, quota_bytes=20_000)
    assert (await send(office.ivan, job, twin)).status_code == 204


async def test_a_quota_lowered_meanwhile_is_noticed_at_the_end(office: Office, truth: Any) -> None:
    job, shot = await office.create_job(), picture(20_000)
    made = await create(office.ivan.http, 20_000, photo_metadata(job, shot))
    await limit(office, quota_bytes=1_000)
    answer = await patch(office.ivan.http, made.headers["location"], 0, shot.data)
    assert (answer.status_code, answer.json()["type"]) == (507, "urn:naryad:problem:quota-exceeded")
    assert await truth.fetchval("select stored_bytes from account_head") == 0
    await limit(office, quota_bytes=None)
    head = await office.ivan.http.head(made.headers["location"], headers={"tus-resumable": "1.0.0"})
    assert (head.status_code, head.headers["upload-offset"]) == (200, "20000")
    assert await truth.fetchval("select stored_bytes from account_head") == 20_000
