"""Streams of sessions that were revoked or have expired end within seconds."""

import asyncio

import structlog

from naryad.db.events import sessions_alive
from naryad.db.pool import Database, Unavailable
from naryad_gateway.hub import Hub
from naryad_gateway.metrics import ENDED

log = structlog.get_logger()

EVERY_S = 4.0


async def keep_watch(hub: Hub, database: Database) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await end_revoked(hub, database)
        except Unavailable as error:
            log.warning("gateway cannot check sessions", error=repr(error))


async def end_revoked(hub: Hub, database: Database) -> None:
    """The reader is told to come back, and then is refused as everyone without a session."""
    streams = hub.streams()
    if not streams:
        return
    async with database.across() as connection:
        alive = await sessions_alive(connection, {one.session_id for one in streams})
    for stream in streams:
        if stream.session_id not in alive and stream.goodbye is None:
            ENDED.labels("session").inc()
            stream.end(come_back_after_s=1)
