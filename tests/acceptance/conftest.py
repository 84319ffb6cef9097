"""The whole of Naryad under one origin: API, gateway and pusher on the test's database."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Playwright
from pydantic import SecretStr

from naryad.actions.ledger import Stores
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import open_database
from naryad.settings import Settings
from naryad_api.app import create_app as create_api
from naryad_cli.lifespan import lifespan
from naryad_cli.one_origin import OneOrigin
from naryad_gateway.app import create_app as create_gateway
from naryad_pusher.app import create_app as create_pusher
from support.account import found_office
from support.browser import playwright
from support.house import House
from support.push_service import FakePushService, running_push_service
from support.server import Api, serving_started


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Of the house; a file of tests may have its own."""
    return Settings(database_url=SecretStr(database_url), drain_seconds=0)


@pytest.fixture
async def house(database_url: str, settings: Settings) -> AsyncIterator[House]:
    api, gateway, pusher = create_api(settings), create_gateway(settings), create_pusher(settings)
    async with (
        lifespan(api),
        lifespan(gateway),
        lifespan(pusher),
        serving_started(OneOrigin(api, gateway)) as url,
        open_database(database_url, name="test") as database,
        open_doorbell(database_url) as doorbell,
        found_office(Api(url, database_url, Stores(database, doorbell), api), "office") as office,
    ):
        yield House(url, office, gateway)
        await gateway.drain()


@pytest.fixture
async def pushes() -> AsyncIterator[FakePushService]:
    """For those whose `settings` lead there."""
    async with running_push_service(None) as service:
        yield service


@pytest.fixture
async def chromium() -> AsyncIterator[Playwright]:
    async with playwright() as started:
        yield started
