"""A company at work, made through the API as any would be: a desk, a worker's phone, forty typical jobs."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from naryad.actions.ledger import Stores
from naryad.actions.people import create_account
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import open_database
from naryad.domain.job import nest
from naryad.uuid7 import uuid7
from naryad_cli.bench.typical_jobs import TEMPLATE, typical_jobs


@dataclass(frozen=True, slots=True)
class Office:
    desk: httpx.AsyncClient
    token: str
    """Of the worker's phone."""
    jobs: list[dict[str, Any]]


@asynccontextmanager
async def office(database_url: str, url: str) -> AsyncIterator[Office]:
    """Found a company on a running server: `url` is the server, `database_url` its database."""
    password = secrets.token_urlsafe(9)
    async with (
        open_database(database_url, name="bench-office") as database,
        open_doorbell(database_url) as doorbell,
    ):
        stores = Stores(database, doorbell)
        await create_account(stores, "Водоканал", "Europe/Moscow", "ru", "bench-desk", password)
    async with httpx.AsyncClient(base_url=url, timeout=30) as desk:
        signed_in = await _post(
            desk, "/v1/sessions", login="bench-desk", password=password, transport="bearer"
        )
        desk.headers["authorization"] = f"Bearer {signed_in['token']}"
        worker = await _post(
            desk, "/v1/users", login="bench-worker", name="Иван Петров", role="worker", password=password
        )
        device = {"id": str(uuid7()), "name": "Телефон", "platform": "android"}
        phone = await _post(
            desk, "/v1/sessions", login="bench-worker", password=password, transport="bearer", device=device
        )
        jobs = await publish_typical_jobs(desk, worker["id"])
        yield Office(desk, phone["token"], jobs)


async def publish_typical_jobs(desk: httpx.AsyncClient, worker_id: str) -> list[dict[str, Any]]:
    """Today's jobs of this worker, of a template of their own."""
    template = await _post(desk, "/v1/templates", **TEMPLATE)
    return [
        await _post(
            desk,
            "/v1/jobs",
            **nest(fields),
            template_id=template["id"],
            assignees=[{"worker_id": worker_id}],
            state="published",
        )
        for fields in typical_jobs(datetime.now(UTC))
    ]


async def _post(http: httpx.AsyncClient, path: str, **body: object) -> dict[str, Any]:
    answer = await http.post(path, json=body)
    answer.raise_for_status()
    made: dict[str, Any] = answer.json()
    return made
