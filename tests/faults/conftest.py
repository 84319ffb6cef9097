"""A PostgreSQL that may be crashed, an account in it, and a place for an API process that may be killed."""

import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from anyio.from_thread import start_blocking_portal

from naryad.actions.ledger import Stores
from naryad.actions.people import create_account
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import open_database
from naryad.domain.ids import AccountId
from naryad_cli.simulate.plan import Plan
from naryad_cli.simulate.simulation import Simulation, running
from support.mortal_postgres import MortalPostgres, mortal_postgres
from support.process import Post, post
from support.server import client, free_port

PASSWORD = "длинный пароль"


@dataclass
class House:
    """Where the API can live and die, and how simulated people get in."""

    api: Post
    folder: Path
    seed: int
    account_id: AccountId
    admin: str
    neighbour: str
    """The admin of another account."""

    @property
    def url(self) -> str:
        return self.api.url

    async def token(self, login: str) -> str:
        async with client(self.url) as http:
            body = {"login": login, "password": PASSWORD, "transport": "bearer"}
            answer = await http.post("/v1/sessions", json=body)
            token: str = answer.json()["token"]
            return token

    @asynccontextmanager
    async def people(self, url: str | None = None, **plan: Any) -> AsyncIterator[Simulation]:
        """Phones and a dispatcher of this account, on `url` or where the service lives."""
        chosen = {"devices": 3, "dispatchers": 1, "speed": 60, **plan}
        made = Plan(url or self.url, self.admin, PASSWORD, self.seed, **chosen)
        async with running(made, self.folder) as simulation:
            yield simulation


@pytest.fixture(scope="session")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalPostgres]:
    """Shared by the tests of a run: they may crash it, and leave it running."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(mortal_postgres(tmp_path_factory.mktemp("mortal"))) as server,
    ):
        yield server


@pytest.fixture
def seed() -> int:
    chosen = int(os.environ.get("NARYAD_SEED", random.SystemRandom().randrange(10**6)))
    print(f"NARYAD_SEED={chosen}")
    return chosen


@pytest.fixture
async def house(mortal: MortalPostgres, tmp_path: Path, seed: int) -> AsyncIterator[House]:
    url = mortal.access.service_dsn
    admin, neighbour = (f"{who}-{uuid4().hex[:8]}" for who in ("стройка", "соседи"))
    async with open_database(url, name="test") as database, open_doorbell(url) as doorbell:
        account_id, _ = [
            (await create_account(Stores(database, doorbell), login, "Europe/Moscow", "ru", login, PASSWORD))[
                0
            ]
            for login in (admin, neighbour)
        ]
    async with post(url, free_port()) as api:
        yield House(api, tmp_path, seed, account_id, admin, neighbour)
