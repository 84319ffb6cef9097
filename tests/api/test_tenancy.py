"""Another account's things do not exist: 404 on every route that names one."""

import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from naryad.uuid7 import uuid7
from support.account import Office, found_office
from support.conflicts import overrode
from support.server import Api, client
from support.tus import OCTETS, attach, create, photo_metadata, picture

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/v1/jobs/{id}/attachments"): {"upload_id": str(uuid7())},
    ("patch", "/v1/jobs/{id}"): {"description": "mine now"},
    ("post", "/v1/jobs/{id}/state"): {"to": "canceled"},
    ("put", "/v1/templates/{template_id}"): {"name": "mine now"},
    ("patch", "/v1/users/{user_id}"): {"name": "mine now"},
    ("post", "/v1/conflicts/{conflict_id}/resolve"): {"take": "other"},
}
HEADERS = {"/v1/uploads/{upload_id}": {**OCTETS, "upload-offset": "0"}}


@pytest.fixture
async def rival(api: Api) -> AsyncIterator[Office]:
    async with found_office(api, "Rival") as founded:
        yield founded


async def test_another_accounts_ids_are_unknown_on_every_route(
    office: Office, rival: Office, truth: asyncpg.Connection
) -> None:
    job = await rival.create_job(external_id="R-1")
    shot = picture(1_000)
    made = await create(rival.ivan.http, 1_000, photo_metadata(job, shot))
    session = await truth.fetchval("select id from session where account_id = $1 limit 1", rival.account_id)
    ids = {
        "id": job["id"],
        "template_id": rival.template["id"],
        "session_id": str(session),
        "user_id": rival.ivan.worker_id,
        "file_id": await attach(rival, job, b"theirs"),
        "attachment_id": await attach(rival, job, b"theirs too"),
        "upload_id": made.headers["location"].rpartition("/")[2],
        "conflict_id": (await overrode(rival))["id"],
    }
    before = await truth.fetch("select * from change order by account_id, version")
    async with client(office.api.url) as http:
        paths = (await http.get("/openapi.json")).json()["paths"]
    walked = 0
    for path, methods in paths.items():
        names = re.findall(r"{(\w+)}", path)
        for method in methods if names else ():
            address = path.format(**{name: ids[name] for name in names})
            answer = await office.desk.request(
                method, address, json=BODIES.get((method, path)), headers=HEADERS.get(path, {})
            )
            assert answer.status_code == 404, f"{method} {path}: {answer.text}"
            assert method == "head" or answer.json()["type"] == "urn:naryad:problem:not-found"
            walked += 1
    assert walked >= 9
    assert (await office.desk.get("/v1/jobs/external:R-1")).status_code == 404
    assert await truth.fetch("select * from change order by account_id, version") == before
    assert await truth.fetchval("select count(*) from conflict where resolved_at is null") == 1


async def test_another_accounts_ids_in_bodies_are_unknown(office: Office, rival: Office) -> None:
    job = await rival.create_job()
    for body in (
        {"template_id": rival.template["id"]},
        {"assignees": [{"worker_id": rival.ivan.worker_id}]},
    ):
        assert (await office.desk.post("/v1/jobs", json=body)).status_code == 422
    answer = await office.ivan.sync(office.ivan.operation(job, "set_report", fields={"note": "mine now"}))
    assert answer["results"][0]["problem"]["type"] == "urn:naryad:problem:job-not-found"
    assert "report" not in await rival.job(job["id"])


async def test_lists_hold_only_the_own_account(office: Office, rival: Office) -> None:
    job = await rival.create_job(id=None)
    for path, name in (
        ("jobs", "jobs"),
        ("users", "users"),
        ("templates", "templates"),
        ("devices", "devices"),
    ):
        mine = {one["id"] for one in (await office.desk.get(f"/v1/{path}")).json()[name]}
        theirs = {one["id"] for one in (await rival.desk.get(f"/v1/{path}")).json()[name]}
        assert theirs
        assert mine.isdisjoint(theirs)
    assert job["id"] not in (await office.desk.get("/v1/jobs")).text


async def test_conflict_cards_of_another_account_are_not_listed(office: Office, rival: Office) -> None:
    mine, theirs = await overrode(office), await overrode(rival)
    for query in ({}, {"open": True}, {"worker": office.ivan.worker_id}, {"job": mine["job"]["id"]}):
        listed = (await office.desk.get("/v1/conflicts", params=query)).json()
        assert [one["id"] for one in listed["conflicts"]] == [mine["id"]]
        assert listed["open"] == 1
    for query in ({"after": theirs["id"]}, {"job": theirs["job"]["id"]}, {"worker": rival.ivan.worker_id}):
        assert (await office.desk.get("/v1/conflicts", params=query)).json()["conflicts"] == []


async def test_the_same_chosen_id_may_live_in_two_accounts(office: Office, rival: Office) -> None:
    job = await office.create_job()
    twin = await rival.create_job(id=job["id"])
    assert twin["id"] == job["id"]
    again = await office.desk.post("/v1/jobs", json={"id": job["id"]})
    assert (again.status_code, again.json()["type"]) == (409, "urn:naryad:problem:already-exists")


async def test_every_table_of_an_account_forces_row_level_security(truth: asyncpg.Connection) -> None:
    unforced = await truth.fetch(
        """select c.relname from pg_class c
           join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
           where c.relkind in ('r', 'p') and c.relname <> 'alembic_version'
             and not (c.relrowsecurity and c.relforcerowsecurity
                      and exists (select from pg_policy p where p.polrelid = c.oid))"""
    )
    assert [row["relname"] for row in unforced] == []
    views = await truth.fetch(
        """select c.relname from pg_class c
           join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
           where c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false)"""
    )
    assert [row["relname"] for row in views] == []


async def test_the_services_see_nothing_without_naming_an_account(office: Office) -> None:
    await office.create_job()
    async with office.api.stores.database.across() as connection:
        assert await connection.fetchval("select current_user") == "naryad_service"
        assert await connection.fetchval("select count(*) from job") == 0
        assert await connection.fetchval("select count(*) from account") == 0
