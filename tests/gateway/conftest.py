"""A gateway beside the API, on the same database."""

from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr

from naryad.settings import Settings
from naryad_gateway.app import create_app
from support.account import Office
from support.live import Live
from support.server import serving


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
