"""One PostgreSQL a run, one migrated template database, one clone a test.

NOTIFY fires only on commit, so a test that rolls back could not see it: each has a database of its own.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from anyio.from_thread import start_blocking_portal
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr

from naryad import passwords
from naryad.db import embedded
from naryad.db.embedded import Server
from naryad.db.embedded.cluster import SUPERUSER
from naryad.db.embedded.roles import DATABASE, SERVICE
from naryad.db.migrate import migrate
from naryad.settings import Settings
from naryad.telemetry import configure_logging
from naryad_gateway.app import create_app as create_gateway
from support.account import Office, found_office
from support.live import Live
from support.server import Api, running_api, serving

clone_numbers = itertools.count(1)
configure_logging("warning")
passwords._hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))  # many sign-ins


@pytest.fixture(scope="session", autouse=True)
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where services keep files, unless a test says otherwise: never in the checkout."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NARYAD_DATA_DIR", str(folder))
        yield folder


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server whose database `naryad` is migrated: the template of all others."""
    folder = tmp_path_factory.mktemp("postgres")
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(
            embedded.server(folder, fast=True, settings={"max_connections": "200"})
        ) as server,
    ):
        portal.call(migrate, server.owner_dsn)
        yield server


@pytest.fixture
async def cloned(postgres: Server) -> AsyncIterator[str]:
    """The name of this test's own database."""
    name = f"test_{next(clone_numbers)}"
    maintenance = postgres.dsn(SUPERUSER, "postgres")
    await _run(maintenance, f"create database {name} template {DATABASE} strategy file_copy")
    yield name
    await _run(maintenance, f"drop database {name} with (force)")


@pytest.fixture
def database_url(postgres: Server, cloned: str) -> str:
    """The test's database, as the services see it."""
    return postgres.dsn(SERVICE, cloned)


@pytest.fixture
def superuser_url(postgres: Server, cloned: str) -> str:
    """The test's database, with nothing hidden."""
    return postgres.dsn(SUPERUSER, cloned)


@pytest.fixture
async def truth(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees everything, to compare with what clients were told."""
    connection = await asyncpg.connect(superuser_url)
    yield connection
    await asyncio.wait_for(connection.close(), 10)


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    """The API on loopback, by the same server as in production."""
    async with running_api(database_url) as running:
        yield running


@pytest.fixture
async def office(api: Api) -> AsyncIterator[Office]:
    """An account with a dispatcher at the desk, two workers and a template."""
    async with found_office(api, "Ромашка") as founded:
        yield founded


@pytest.fixture
async def live(office: Office, database_url: str) -> AsyncIterator[Live]:
    """A gateway beside the API, on the same database."""
    app = create_gateway(Settings(database_url=SecretStr(database_url)))
    async with serving(app) as url:
        yield Live(url, app)


async def _run(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
