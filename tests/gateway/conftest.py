"""People at the gateway."""

from collections.abc import AsyncIterator

import httpx
import pytest

from support.account import Office, found_office
from support.live import Live


@pytest.fixture
async def desk(live: Live, office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """The dispatcher at the gateway."""
    async with live.reader_of(office.desk) as http:
        yield http


@pytest.fixture
async def rival(office: Office) -> AsyncIterator[Office]:
    """Another company."""
    async with found_office(office.api, "Одуванчик") as founded:
        yield founded
