"""A company to test with: people, a template, a desk and phones, all through the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from naryad.actions.people import create_account
from naryad.domain.ids import AccountId
from naryad.uuid7 import uuid7
from support.server import Api, client

PASSWORD = "длинный пароль"


@dataclass
class Phone:
    """A worker's phone at the level of the wire: it keeps a cursor and numbers its operations."""

    http: httpx.AsyncClient
    worker_id: str
    device_id: str
    login: str
    seq: int = 0
    cursor: str | None = None
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def operation(self, job: dict[str, Any], type: str, **members: Any) -> dict[str, Any]:
        self.seq += 1
        return {
            "seq": self.seq,
            "id": str(uuid7()),
            "job_id": job["id"],
            "base_version": job["version"],
            "happened_at": datetime.now(UTC).isoformat(),
            "type": type,
            **members,
        }

    async def post(self, *operations: dict[str, Any], **members: Any) -> httpx.Response:
        body = {"cursor": self.cursor, "operations": operations, **members}
        return await self.http.post("/v1/sync", json=body)

    async def sync(self, *operations: dict[str, Any]) -> dict[str, Any]:
        """Post, take the answer in page after page, and return the first answer."""
        first: dict[str, Any] | None = None
        while True:
            answer = await self.post(*operations)
            assert answer.status_code == 200, answer.text
            body = answer.json()
            first = first or body
            operations = ()
            self.take(body)
            if not body["more"]:
                return first

    def take(self, body: dict[str, Any]) -> None:
        for job in body.get("jobs", []):
            if job["complete"]:
                self.jobs[job["id"]] = {name: value for name, value in job.items() if name != "complete"}
            else:
                self._merge(self.jobs[job["id"]], job)
        for job_id in body.get("removed", []):
            self.jobs.pop(job_id, None)
        self.cursor = body["cursor"]

    def _merge(self, held: dict[str, Any], news: dict[str, Any]) -> None:
        for name, value in news.items():
            if name == "complete":
                continue
            if name in ("report", "custom_fields"):
                merged = {**held.get(name, {}), **value}
                held[name] = {key: member for key, member in merged.items() if member is not None}
            elif name in ("photos", "comments", "attachments"):
                listed = {one["id"]: one for one in held.get(name, [])} | {one["id"]: one for one in value}
                held[name] = [one for one in listed.values() if not one.get("removed")]
            else:
                held[name] = value
            if held[name] in (None, {}, []):
                del held[name]


@dataclass
class Office:
    api: Api
    account_id: AccountId
    desk: httpx.AsyncClient
    template: dict[str, Any]
    ivan: Phone
    olga: Phone

    async def create_job(self, **fields: Any) -> dict[str, Any]:
        """A job, by default published for Ivan at this hour, of the office's template."""
        body = {
            "scheduled_at": datetime.now(UTC).isoformat(),
            "scheduled_duration": 60,
            "template_id": self.template["id"],
            "assignees": [{"worker_id": self.ivan.worker_id}],
            "state": "published",
            "description": "Заменить счётчик",
            **fields,
        }
        body = {name: value for name, value in body.items() if value is not None}
        answer = await self.desk.post("/v1/jobs", json=body)
        assert answer.status_code == 201, answer.text
        job: dict[str, Any] = answer.json()
        return job

    async def job(self, job_id: str) -> dict[str, Any]:
        answer = await self.desk.get(f"/v1/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        job: dict[str, Any] = answer.json()
        return job

    async def history(self, job_id: str) -> list[dict[str, Any]]:
        answer = await self.desk.get(f"/v1/jobs/{job_id}/history", params={"limit": 500})
        assert answer.status_code == 200, answer.text
        changes: list[dict[str, Any]] = answer.json()["changes"]
        return changes


@asynccontextmanager
async def found_office(api: Api, name: str) -> AsyncIterator[Office]:
    """A new company; its people's logins begin with its name."""
    admin = f"{name}-admin"
    account_id, _ = await create_account(api.stores, name, "Europe/Moscow", "ru", admin, PASSWORD)
    token = (await sign_in(api, admin)).json()["token"]
    async with client(api.url, token) as desk:
        template = await desk.post(
            "/v1/templates",
            json={
                "name": "Счётчик",
                "fields": [
                    {"key": "meter", "name": "Показание", "type": "number", "required": True},
                    {"key": "note", "name": "Заметка", "type": "text"},
                    {"key": "sealed", "name": "Опломбирован", "type": "yes_no"},
                    {"key": "floor", "name": "Этаж", "type": "number", "scope": "custom"},
                ],
                "resolutions": [
                    {"name": "Сделано", "successful": True},
                    {"name": "Нет доступа", "successful": False},
                ],
            },
        )
        assert template.status_code == 201, template.text
        phones = [await hire(api, desk, f"{name}-{who}", who) for who in ("Иван", "Ольга")]
        try:
            yield Office(api, account_id, desk, template.json(), *phones)
        finally:
            for phone in phones:
                await phone.http.aclose()


async def hire(api: Api, desk: httpx.AsyncClient, login: str, name: str, **members: Any) -> Phone:
    """A new worker, signed in on a new phone."""
    body = {"login": login, "name": name, "role": "worker", "password": PASSWORD, **members}
    answer = await desk.post("/v1/users", json=body)
    assert answer.status_code == 201, answer.text
    return await phone_of(api, login, answer.json()["id"])


async def phone_of(api: Api, login: str, worker_id: str, device_id: UUID | None = None) -> Phone:
    device = str(device_id or uuid7())
    answer = await sign_in(api, login, device)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return Phone(client(api.url, body["token"]), worker_id, device, login, seq=body["device"]["last_seq"])


async def sign_in(
    api: Api, login: str, device_id: str | None = None, password: str = PASSWORD
) -> httpx.Response:
    body: dict[str, Any] = {"login": login, "password": password, "transport": "bearer"}
    if device_id:
        body["device"] = {"id": device_id, "name": "Телефон", "platform": "android", "app_version": "1.0"}
    async with client(api.url) as http:
        return await http.post("/v1/sessions", json=body)


def tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat()
