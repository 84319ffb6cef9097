"""Wrong input gets the right problem+json and changes nothing."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from naryad.uuid7 import uuid7
from support.account import Office, sign_in
from support.server import client


def slug(answer: httpx.Response) -> tuple[int, str]:
    """The status and slug of a refusal, which must be a complete problem+json."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert len(answer.headers["x-request-id"]) == 16
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    return answer.status_code, body["type"].removeprefix("urn:naryad:problem:")


@asynccontextmanager
async def nothing_changes(truth: asyncpg.Connection) -> AsyncIterator[None]:
    """The account's history and receipts are the same after the block."""
    question = """select (select count(*) from change), (select count(*) from operation),
                         (select max(version) from account_head)"""
    before = await truth.fetchrow(question)
    yield
    assert await truth.fetchrow(question) == before


UNKNOWN = "01900000-0000-7000-8000-000000000000"

JOB_BODIES: list[tuple[dict[str, Any], int, str, str | None]] = [
    ({"state": "lost"}, 422, "invalid-request", "/state"),
    ({"state": "started", "scheduled_at": "2026-11-24T10:00:00Z"}, 422, "invalid-request", "/state"),
    ({"state": "published"}, 422, "date-required", "/scheduled_at"),
    ({"state": "scheduled"}, 422, "date-required", "/scheduled_at"),
    ({"description": 5}, 422, "invalid-request", "/description"),
    ({"description": "a\0b"}, 422, "invalid-request", "/description"),
    ({"descriptoin": "typo"}, 422, "invalid-request", "/descriptoin"),
    ({"scheduled_at": "2026-11-24T10:00:00"}, 422, "invalid-request", "/scheduled_at"),
    ({"scheduled_at": "yesterday"}, 422, "invalid-request", "/scheduled_at"),
    ({"scheduled_duration": -1}, 422, "invalid-request", "/scheduled_duration"),
    ({"scheduled_duration": 10**30}, 422, "invalid-request", "/scheduled_duration"),
    ({"template_id": UNKNOWN}, 422, "invalid-request", "/template_id"),
    ({"assignees": [{"worker_id": UNKNOWN}]}, 422, "invalid-request", "/assignees/0/worker_id"),
    ({"custom_fields": {"a.b": 1}}, 422, "invalid-request", None),
    ({"custom_fields": {"a": [1]}}, 422, "invalid-request", None),
]


@pytest.mark.parametrize(("body", "status", "name", "pointer"), JOB_BODIES, ids=lambda value: str(value)[:40])
async def test_a_wrong_job_is_refused(
    office: Office,
    truth: asyncpg.Connection,
    body: dict[str, Any],
    status: int,
    name: str,
    pointer: str | None,
) -> None:
    async with nothing_changes(truth):
        answer = await office.desk.post("/v1/jobs", json=body)
        assert slug(answer) == (status, name)
        if pointer:
            assert pointer in [one["pointer"] for one in answer.json()["errors"]]


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff\xfe", b'{"description": NaN}', b'{"description": "\\ud800"}', b"[" * 100_000, b"null", b""],
    ids=["cut", "not utf-8", "NaN", "surrogate", "deep", "null", "empty"],
)
async def test_what_is_not_a_json_object_is_refused(
    office: Office, truth: asyncpg.Connection, content: bytes
) -> None:
    async with nothing_changes(truth):
        answer = await office.desk.post(
            "/v1/jobs", content=content, headers={"content-type": "application/json"}
        )
        assert slug(answer) in {(400, "bad-json"), (422, "invalid-request")}


async def test_a_large_body_is_refused_announced_or_not(office: Office, truth: asyncpg.Connection) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * 1024 * 1024

    async with nothing_changes(truth):
        announced = await office.desk.post("/v1/jobs", content=b" " * 10 * 1024 * 1024)
        assert slug(announced) == (413, "too-large")
        chunked = await office.desk.post(
            "/v1/jobs", content=drip(), headers={"content-type": "application/json"}
        )
        assert slug(chunked) == (413, "too-large")


async def test_an_impossible_transition_names_both_states(office: Office, truth: asyncpg.Connection) -> None:
    job = await office.create_job(state="scheduled")
    async with nothing_changes(truth):
        answer = await office.desk.post(f"/v1/jobs/{job['id']}/state", json={"to": "started"})
        assert slug(answer) == (409, "impossible-transition")
        assert "scheduled" in answer.json()["detail"]
        unknown = await office.desk.post(f"/v1/jobs/{job['id']}/state", json={"to": "lost"})
        assert slug(unknown) == (422, "invalid-request")
        in_patch = await office.desk.patch(f"/v1/jobs/{job['id']}", json={"state": "published"})
        assert slug(in_patch) == (422, "invalid-request")


async def test_finishing_asks_for_a_resolution_and_the_required_fields(office: Office) -> None:
    job = await office.create_job()
    done, no_access = (one["id"] for one in office.template["resolutions"])
    path = f"/v1/jobs/{job['id']}/state"
    bare = await office.desk.post(path, json={"to": "finished"})
    assert slug(bare) == (422, "resolution-required")
    incomplete = await office.desk.post(path, json={"to": "finished", "resolution_id": done})
    assert slug(incomplete) == (422, "report-incomplete")
    assert incomplete.json()["errors"] == [{"pointer": "/report/meter", "detail": "required"}]
    foreign = await office.desk.post(path, json={"to": "finished", "resolution_id": str(uuid7())})
    assert slug(foreign) == (422, "invalid-request")
    unsuccessful = await office.desk.post(path, json={"to": "finished", "resolution_id": no_access})
    assert unsuccessful.status_code == 200
    assert unsuccessful.json()["resolution"]["successful"] is False


@pytest.mark.parametrize("cursor", ["", "!", "AAAA", "ы", "A" * 150])
async def test_a_malformed_cursor_is_refused(office: Office, truth: asyncpg.Connection, cursor: str) -> None:
    async with nothing_changes(truth):
        got = await office.ivan.http.get("/v1/sync", params={"cursor": cursor})
        assert slug(got) == (400, "invalid-cursor")
        job = {"id": str(uuid7()), "version": 1}
        operation = office.ivan.operation(job, "set_state", state="started")
        posted = await office.ivan.http.post("/v1/sync", json={"cursor": cursor, "operations": [operation]})
        assert slug(posted) == (400, "invalid-cursor")


async def test_a_cursor_of_another_worker_or_beyond_the_head_has_expired(office: Office) -> None:
    from naryad.domain.cursor import Cursor

    await office.create_job()
    await office.ivan.sync()
    await office.olga.sync()
    assert office.ivan.cursor is not None
    held = Cursor.decode(office.ivan.cursor)
    ahead = Cursor(held.epoch, held.worker, held.version + 1000)
    other_epoch = Cursor("00000000", held.worker, held.version)
    for cursor in (office.olga.cursor, ahead.encode(), other_epoch.encode()):
        answer = await office.ivan.http.get("/v1/sync", params={"cursor": cursor or ""})
        assert slug(answer) == (410, "cursor-expired")


async def test_sessions_that_do_not_hold(office: Office, truth: asyncpg.Connection) -> None:
    for headers in (
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Basic YTpi"},
        {"authorization": ""},
    ):
        async with client(office.api.url) as http:
            assert slug(await http.get("/v1/jobs", headers=headers)) == (401, "unauthenticated")
            assert slug(await http.get("/v1/sync", headers=headers)) == (401, "unauthenticated")
    await truth.execute("update session set expires_at = now() where device_id is null")
    assert slug(await office.desk.get("/v1/jobs")) == (401, "unauthenticated")


async def test_wrong_password_and_unknown_login_read_the_same(office: Office) -> None:
    wrong = await sign_in(office.api, office.ivan.login, office.ivan.device_id, password="no")
    unknown = await sign_in(office.api, "nobody", office.ivan.device_id)
    assert slug(wrong) == slug(unknown) == (401, "wrong-credentials")
    assert wrong.json() == unknown.json()


async def test_a_worker_names_a_device_of_their_own(office: Office) -> None:
    assert slug(await sign_in(office.api, office.ivan.login)) == (422, "invalid-request")
    taken = await sign_in(office.api, office.ivan.login, office.olga.device_id)
    assert slug(taken) == (409, "device-taken")


async def test_roles(office: Office) -> None:
    assert slug(await office.ivan.http.get("/v1/jobs")) == (403, "forbidden")
    assert slug(await office.ivan.http.post("/v1/users", json={})) == (403, "forbidden")
    assert slug(await office.desk.get("/v1/sync")) == (403, "not-a-device")


async def test_unknown_addresses_and_methods(office: Office) -> None:
    assert slug(await office.desk.get("/v1/nothing")) == (404, "not-found")
    assert slug(await office.desk.get("/v1/jobs/no-uuid")) == (404, "not-found")
    assert slug(await office.desk.put("/v1/jobs")) == (405, "method-not-allowed")


async def test_wrong_parameters(office: Office) -> None:
    for params in ({"limit": 0}, {"limit": 10**9}, {"after": "x"}, {"worker": "x"}, {"state": "lost"}):
        assert slug(await office.desk.get("/v1/jobs", params=params)) == (422, "invalid-request")
    assert slug(await office.desk.get("/v1/jobs", params={"q": "a\0"})) == (422, "invalid-request")


async def test_a_wrong_operation_is_rejected_and_blocks_nothing(office: Office) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    phone, held = office.ivan, office.ivan.jobs[job["id"]]
    missing = {"id": str(uuid7()), "version": 1}
    answer = await phone.sync(
        phone.operation(held, "fly"),
        phone.operation(held, "set_state", state="lost"),
        phone.operation(held, "set_state", state="finished"),
        phone.operation(held, "set_report", fields={"meter": "many"}),
        phone.operation(held, "set_report", fields={"note": "a\0b"}),
        phone.operation(missing, "set_report", fields={"meter": 1}),
        {"seq": 7, "id": str(uuid7())},
        {"seq": 8, "id": str(uuid7()), "job_id": job["id"], "base_version": "x", "type": "set_state"},
        {**phone.operation(held, "set_state", state="started"), "seq": 9},
    )
    assert answer["acknowledged"] == 9
    results = answer["results"]
    assert [one["status"] for one in results] == ["rejected"] * 8 + ["applied"]
    assert [one["problem"]["type"].rpartition(":")[2] for one in results[:8]] == [
        "invalid-operation",
        "invalid-operation",
        "impossible-transition",
        "invalid-operation",
        "invalid-operation",
        "job-not-found",
        "invalid-operation",
        "invalid-operation",
    ]
    assert (await office.job(job["id"]))["state"] == "started"


async def test_numbers_and_ids_of_operations_must_be_right(office: Office, truth: asyncpg.Connection) -> None:
    job = await office.create_job()
    await office.ivan.sync()
    operation = office.ivan.operation(office.ivan.jobs[job["id"]], "set_state", state="started")
    async with nothing_changes(truth):
        for wrong in ({"seq": 0}, {"seq": "1"}, {"seq": 2**60}, {"id": "x"}, {"seq": None}):
            assert slug(await office.ivan.post({**operation, **wrong})) == (422, "invalid-request")
        many = [{**operation, "seq": seq, "id": str(uuid7())} for seq in range(1, 502)]
        assert slug(await office.ivan.post(*many)) == (422, "invalid-request")


async def test_a_broken_request_says_so_even_in_a_foreign_charset(office: Office) -> None:
    answer = await office.desk.post(
        "/v1/jobs", content=json.dumps({"description": "ы"}, ensure_ascii=False).encode("cp1251"),
        headers={"content-type": "application/json"},
    )  # fmt: skip
    assert slug(answer) == (400, "bad-json")
