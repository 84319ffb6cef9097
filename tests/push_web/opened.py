"""The channel as the pusher opens it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from naryad.db.pool import open_database
from naryad.settings import Settings
from naryad_pusher.channels.webpush import open_webpush
from naryad_pusher.channels.webpush.webpush import WebPush


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[WebPush]:
    async with open_database(settings.database_dsn, name="test") as database:
        webpush = await open_webpush(settings, database)
        assert webpush is not None
        try:
            yield webpush
        finally:
            await webpush.close()
