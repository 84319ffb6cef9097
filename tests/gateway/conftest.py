"""A gateway beside the API, on the same database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from pydantic import SecretStr

from naryad.settings import Settings
from naryad_gateway.app import Gateway, create_app
from support.account import Office
from support.server import client, serving


@dataclass
class Live:
    url: str
    app: Gateway

    def reader_of(self, http: httpx.AsyncClient) -> httpx.AsyncClient:
        """A client of the gateway with another client's token."""
        return client(self.url, http.headers["authorization"].removeprefix("Bearer "))


@pytest.fixture
async def live(office: Office, database_url: str) -> AsyncIterator[Live]:
    app = create_app(Settings(database_url=SecretStr(database_url)))
    async with serving(app) as url:
        yield Live(url, app)


@pytest.fixture
async def desk(live: Live, office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """The dispatcher at the gateway."""
    async with live.reader_of(office.desk) as http:
        yield http
