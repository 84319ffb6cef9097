"""`device` events: how the phones are, for the desk.

The API stores what phones tell in batches; here the batches are looked up for all accounts that have
streams, in one statement every few seconds. No change, no version: what is told is only the latest.
"""

import asyncio
from datetime import datetime, timedelta

import structlog

from naryad.db.events import DeviceNews, device_news, time_there
from naryad.db.pool import Database, Unavailable
from naryad.domain.ids import AccountId, DeviceId
from naryad_gateway.frames import device_event
from naryad_gateway.hub import Hub
from naryad_gateway.metrics import READS

log = structlog.get_logger()

EVERY_S = 2.0
OVERLAP = timedelta(seconds=15)
"""A batch is stamped when it begins to be stored, and seen when it is committed."""


class Phones:
    def __init__(self, hub: Hub, database: Database) -> None:
        self._hub = hub
        self._database = database
        self._since: datetime | None = None
        self._told: dict[tuple[AccountId, DeviceId], datetime] = {}  # within the overlap

    async def keep_looking(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except Unavailable as error:
                log.warning("gateway cannot read the health of phones", error=repr(error))

    async def look(self) -> None:
        """Tell each desk what is new of its phones."""
        accounts = [one for one, ring in self._hub.rings.items() if ring.has_desk]
        async with self._database.across() as connection:
            if self._since is None or not accounts:
                self._since = await time_there(connection)  # a desk reads how phones are, then is told
                return
            READS.labels("phones").inc()
            found = await device_news(connection, accounts, self._since - OVERLAP)
        for news in found:
            self._tell(news)
        self._forget(max([self._since, *(one.stored_at for one in found)]))

    def _tell(self, news: DeviceNews) -> None:
        key = (news.account_id, news.row.device.id)
        ring = self._hub.rings.get(news.account_id)
        if ring is not None and self._told.get(key) != news.stored_at:
            self._told[key] = news.stored_at
            ring.note(news.row.device.id, device_event(news.row))

    def _forget(self, latest: datetime) -> None:
        self._since = latest
        self._told = {key: at for key, at in self._told.items() if at > latest - OVERLAP}
