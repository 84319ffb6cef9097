"""People at the gateway."""

from collections.abc import AsyncIterator

import httpx
import pytest

from support.account import Office
from support.live import Live


@pytest.fixture
async def desk(live: Live, office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """The dispatcher at the gateway."""
    async with live.reader_of(office.desk) as http:
        yield http
