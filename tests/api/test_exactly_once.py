"""Each operation has exactly one effect, and is acknowledged only with it."""

import asyncpg

from naryad.uuid7 import uuid7
from support.account import Office, phone_of


async def test_a_repeated_operation_is_answered_from_its_receipt(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    start = office.ivan.operation(held, "set_state", state="started")
    fill = office.ivan.operation(held, "set_report", fields={"meter": 5})
    first = (await office.ivan.post(start, fill)).json()
    again = (await office.ivan.post(start, fill)).json()

    assert [one["status"] for one in first["results"]] == ["applied", "applied"]
    assert [one["status"] for one in again["results"]] == ["duplicate", "duplicate"]
    assert [one["original_status"] for one in again["results"]] == ["applied", "applied"]
    assert [one["version"] for one in again["results"]] == [one["version"] for one in first["results"]]
    assert [one["kind"] for one in await office.history(job["id"])] == ["created", "state", "report"]


async def test_numbers_with_a_gap_or_of_another_operation_do_nothing(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    start = office.ivan.operation(held, "set_state", state="started")
    await office.ivan.sync(start)

    gap = await office.ivan.post({**office.ivan.operation(held, "set_report", fields={"meter": 1}), "seq": 3})
    assert (gap.status_code, gap.json()["type"]) == (409, "urn:naryad:problem:operation-gap")
    other = await office.ivan.post({**start, "id": str(uuid7())})
    assert (other.status_code, other.json()["type"]) == (409, "urn:naryad:problem:operation-mismatch")
    assert gap.json()["last_seq"] == other.json()["last_seq"] == 1
    assert len(await office.history(job["id"])) == 2


async def test_a_renumbered_operation_that_was_applied_is_a_duplicate(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    fill = office.ivan.operation(office.ivan.jobs[job["id"]], "set_report", fields={"meter": 1})
    await office.ivan.sync(fill)
    answer = await office.ivan.sync({**fill, "seq": 2})
    assert answer["acknowledged"] == 2
    assert [(one["seq"], one["status"]) for one in answer["results"]] == [(2, "duplicate")]
    assert len(await office.history(job["id"])) == 2


async def test_numbering_goes_on_after_a_new_sign_in(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    await office.ivan.sync(office.ivan.operation(held, "set_state", state="started"))
    again = await phone_of(
        office.api, office.ivan.login, office.ivan.worker_id, device_id=office.ivan.device_id
    )
    async with again.http:
        assert again.seq == 1
        answer = await again.sync(again.operation(held, "set_report", fields={"meter": 2}))
        assert answer["acknowledged"] == 2
        me = (await again.http.get("/v1/me")).json()
        assert me["device"] == {"id": office.ivan.device_id, "last_seq": 2, "push": None}


async def test_a_commit_that_fails_fails_the_request(office: Office, truth: asyncpg.Connection) -> None:
    """The commit trap: the answer must come after the commit, or a phone forgets what was never kept."""
    job = await office.create_job()
    await office.ivan.sync()
    await truth.execute(
        """create function refuse() returns trigger language plpgsql as $$
             begin raise exception 'refused at commit'; end $$;
           create constraint trigger refuse_at_commit after insert on change
             deferrable initially deferred for each row
             when (new.kind = 'report') execute function refuse()"""
    )
    fill = office.ivan.operation(office.ivan.jobs[job["id"]], "set_report", fields={"meter": 9})
    failed = await office.ivan.post(fill)
    assert failed.status_code == 500
    assert failed.headers["content-type"] == "application/problem+json"
    assert (await office.ivan.http.get("/v1/me")).json()["device"]["last_seq"] == 0

    await truth.execute("drop trigger refuse_at_commit on change")
    answer = await office.ivan.sync(fill)
    assert [one["status"] for one in answer["results"]] == ["applied"]


async def test_a_creation_with_an_idempotency_key_happens_once(office: Office) -> None:
    headers = {"idempotency-key": "заявка-17".encode().hex()}
    body = {"description": "once"}
    first = await office.desk.post("/v1/jobs", json=body, headers=headers)
    again = await office.desk.post("/v1/jobs", json=body, headers=headers)
    other = await office.desk.post("/v1/jobs", json={"description": "two"}, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert other.status_code == 422
    assert len((await office.desk.get("/v1/jobs")).json()["jobs"]) == 1
