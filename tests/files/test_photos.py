"""Photos: expected with their operation, available with their bytes, in either order (DESIGN 4.3, 4.4)."""

from typing import Any

from support.account import Office, Phone, phone_of
from support.tus import Picture, create, patch, photo_in, photo_metadata, picture, send


async def add(phone: Phone, job: dict[str, Any], shot: Picture) -> dict[str, Any]:
    """The answer to its `add_photo`."""
    await phone.sync()
    held = phone.jobs[job["id"]]
    return await phone.sync(phone.operation(held, "add_photo", photo=shot.photo()))


async def test_the_operation_first_then_the_bytes(office: Office) -> None:
    job, shot = await office.create_job(), picture()
    await add(office.ivan, job, shot)
    assert (await photo_in(office.ivan, job, shot))["state"] == "expected"
    assert (await send(office.ivan, job, shot)).status_code == 204
    assert (await photo_in(office.ivan, job, shot))["state"] == "available"
    (seen,) = (await office.job(job["id"]))["photos"]
    assert seen == shot.photo(state="available")
    last = (await office.history(job["id"]))[-1]
    assert (last["kind"], set(last["fields"])) == ("photo", {f"photos.{shot.id}"})
    assert last["device_id"] == office.ivan.device_id


async def test_the_bytes_first_then_the_operation_that_is_answered_available(office: Office) -> None:
    job, shot = await office.create_job(), picture()
    await office.ivan.sync()
    assert (await send(office.ivan, job, shot)).status_code == 204
    answer = await add(office.ivan, job, shot)
    (told,) = answer["jobs"]
    assert told["photos"] == [shot.photo(state="available")]


async def test_bytes_that_are_not_the_promised_ones_are_dropped_and_may_be_sent_anew(office: Office) -> None:
    job, shot, http = await office.create_job(), picture(), office.ivan.http
    await add(office.ivan, job, shot)
    made = await create(http, len(shot.data), photo_metadata(job, shot))
    answer = await patch(http, made.headers["location"], 0, bytes(len(shot.data)))
    assert (answer.status_code, answer.json()["type"]) == (460, "urn:naryad:problem:checksum-mismatch")
    assert (await photo_in(office.ivan, job, shot))["state"] == "expected"
    assert (await http.head(made.headers["location"], headers={"tus-resumable": "1.0.0"})).status_code == 404
    assert (await send(office.ivan, job, shot)).status_code == 204
    assert (await photo_in(office.ivan, job, shot))["state"] == "available"


async def test_two_phones_with_the_same_photo_make_two_photos_of_one_content(
    office: Office, truth: Any
) -> None:
    job = await office.create_job(
        assignees=[{"worker_id": office.ivan.worker_id}, {"worker_id": office.olga.worker_id}]
    )
    mine = picture(seed=5)
    hers = Picture(mine.data, picture(1).id, "after")
    await add(office.ivan, job, mine)
    await add(office.olga, job, hers)
    assert (await send(office.ivan, job, mine)).status_code == 204
    for shot in (mine, hers):
        assert (await photo_in(office.olga, job, shot))["state"] == "available"
    # her phone had begun meanwhile
    assert (await send(office.olga, job, hers)).status_code == 204
    assert await truth.fetchval("select count(*) from content") == 1
    assert len((await office.job(job["id"]))["photos"]) == 2
    # a third one, in another job of the account, need not be uploaded
    other, again = await office.create_job(), Picture(mine.data, picture(1).id)
    answer = await add(office.ivan, other, again)
    assert answer["jobs"][0]["photos"][0]["state"] == "available"
    assert await truth.fetchval("select stored_bytes from account_head") == len(mine.data)


async def test_a_phone_that_lost_its_answers_repeats_and_nothing_doubles(office: Office, truth: Any) -> None:
    job, shot = await office.create_job(), picture()
    await office.ivan.sync()
    adding = office.ivan.operation(office.ivan.jobs[job["id"]], "add_photo", photo=shot.photo())
    for _ in range(2):
        await office.ivan.sync(adding)
        assert (await send(office.ivan, job, shot)).status_code == 204
    restored = await phone_of(office.api, office.ivan.login, office.ivan.worker_id)
    async with restored.http:
        await restored.sync()
        await add(restored, job, shot)
        assert len(restored.jobs[job["id"]]["photos"]) == 1
    assert await truth.fetchval("select count(*) from content") == 1
    assert await truth.fetchval("select count(*) from file") == 1
    assert [one["kind"] for one in await office.history(job["id"])] == ["created", "photo", "photo"]


async def test_an_id_names_one_file_only(office: Office) -> None:
    job, other, shot = await office.create_job(), await office.create_job(), picture()
    await add(office.ivan, job, shot)
    answer = await add(office.ivan, other, shot)
    assert answer["results"][0]["problem"]["errors"][0]["pointer"] == "/photo/id"
    twin = Picture(picture(seed=1).data, shot.id)
    assert (await create(office.ivan.http, 300_000, photo_metadata(job, twin))).status_code == 422
    assert (await create(office.ivan.http, 300_000, photo_metadata(other, shot))).status_code == 422


async def test_late_photos_of_a_job_taken_away_are_kept(office: Office) -> None:
    job, shot = await office.create_job(), picture()
    await office.ivan.sync()
    adding = office.ivan.operation(office.ivan.jobs[job["id"]], "add_photo", photo=shot.photo())
    hers = {"assignees": [{"worker_id": office.olga.worker_id}]}
    assert (await office.desk.patch(f"/v1/jobs/{job['id']}", json=hers)).status_code == 200
    assert (await office.ivan.sync(adding))["results"][0]["status"] == "late"
    assert (await send(office.ivan, job, shot)).status_code == 204
    assert (await photo_in(office.olga, job, shot))["state"] == "available"


async def test_a_photo_that_arrives_is_no_reason_for_a_push(office: Office, truth: Any) -> None:
    job = await office.create_job(
        assignees=[{"worker_id": office.ivan.worker_id}, {"worker_id": office.olga.worker_id}]
    )
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    shot = picture()
    start = office.ivan.operation(held, "set_state", state="started")
    await office.ivan.sync(start, office.ivan.operation(held, "add_photo", photo=shot.photo()))
    counted = "select count(*), max(version) from push_intent"
    before = await truth.fetchrow(counted)
    assert (await send(office.ivan, job, shot)).status_code == 204
    assert (await photo_in(office.olga, job, shot))["state"] == "available"
    assert await truth.fetchrow(counted) == before
