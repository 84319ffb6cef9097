"""A pusher at work beside the API."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from naryad.settings import Settings
from naryad_pusher.pusher import Pusher, running_pusher


@pytest.fixture
def pusher_settings(database_url: str) -> Settings:
    return Settings(database_url=SecretStr(database_url))


@pytest.fixture
async def pusher(pusher_settings: Settings) -> AsyncIterator[Pusher]:
    async with running_pusher(pusher_settings) as running:
        yield running
