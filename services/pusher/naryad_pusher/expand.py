"""Turns due intents into deliveries, one for each phone, and wakes the lanes that send them."""

from collections.abc import Callable, Collection

import structlog

from naryad.db.deliveries import expand_intents
from naryad.db.pool import Database, Unavailable
from naryad.domain.push_channel import ChannelName
from naryad_pusher.wake import Wake

log = structlog.get_logger()

BATCH = 200


class Expander:
    def __init__(
        self, database: Database, channels: Collection[ChannelName], on_deliveries: Callable[[], None]
    ) -> None:
        self._database = database
        self._channels = channels
        self._on_deliveries = on_deliveries
        self.wake = Wake()

    async def keep_going(self) -> None:
        """Until cancelled. Several pushers share the intents."""
        while True:
            try:
                more = await self.expand() == BATCH
            except Unavailable as error:
                log.warning("push intents wait for the database", error=repr(error))
                more = False
            if not more:
                await self.wake.wait()

    async def expand(self) -> int:
        """One batch; how many intents it had."""
        async with self._database.across() as connection:
            intents, deliveries = await expand_intents(connection, BATCH, self._channels)
        if deliveries:
            self._on_deliveries()
        return intents
