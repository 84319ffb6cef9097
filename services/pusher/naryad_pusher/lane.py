"""One channel's lane: claims its deliveries, sends a bounded number at a time, settles each when it is done.

Lanes share nothing, so that a slow or failing provider starves no other.
"""

import asyncio
from time import monotonic
from typing import TypeAlias

import structlog

from naryad.db.deliveries import Settlement, claim, settle
from naryad.db.pool import Database, Unavailable
from naryad.domain.push_channel import ChannelName
from naryad_pusher.attempt import attempt
from naryad_pusher.channels.channel import Channel, Outcome
from naryad_pusher.health import ProviderHealth
from naryad_pusher.metrics import SETTLED, SETTLED_LATE
from naryad_pusher.wake import Wake

log = structlog.get_logger()

CONCURRENCY = 100
DRAIN_S = 5.0
CLOSE_S = 5.0

Attempt: TypeAlias = "asyncio.Task[tuple[Settlement, Outcome | None]]"


class Lane:
    def __init__(self, database: Database, channel: Channel, concurrency: int = CONCURRENCY) -> None:
        self._database = database
        self._channel = channel
        self._concurrency = concurrency
        self._in_flight: set[Attempt] = set()
        self._unsettled: list[Settlement] = []
        self._health = ProviderHealth(channel.name)
        self.wake = Wake()

    @property
    def name(self) -> ChannelName:
        return self._channel.name

    async def keep_going(self) -> None:
        """Until cancelled; then what is being sent may end, and is settled."""
        try:
            while True:
                await self._step()
        finally:
            await self._drain()

    async def close(self) -> None:
        """End the channel's connections, when the lane has ended."""
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._channel.close()
        except Exception:
            log.exception("push channel did not close", channel=self.name)

    async def _step(self) -> None:
        try:
            await self._settle()
            await self._claim()
        except Unavailable as error:
            log.warning("push deliveries wait for the database", channel=self.name, error=repr(error))
        knock = asyncio.ensure_future(self.wake.wait())
        try:
            await asyncio.wait({*self._in_flight, knock}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            knock.cancel()
        self._collect()

    async def _claim(self) -> None:
        room = self._concurrency - len(self._in_flight) - len(self._unsettled)
        if room < self._concurrency / 4:
            return  # claims of a handful each would cost a round trip each
        room = self._health.admits(room, len(self._in_flight), monotonic())
        if room == 0:
            return
        async with self._database.across() as connection:
            deliveries = await claim(connection, self._channel.name, room)
        self._in_flight |= {asyncio.create_task(attempt(self._channel, one)) for one in deliveries}

    def _collect(self) -> None:
        done = {task for task in self._in_flight if task.done()}
        self._in_flight -= done
        for task in done:
            if task.cancelled():
                continue  # at the end of the drain: the lease runs out and another pusher sends it
            settlement, outcome = task.result()
            if outcome is not None:
                settlement = self._health.judge(settlement, outcome, monotonic())
            self._unsettled.append(settlement)

    async def _settle(self) -> None:
        """Write down what is done; on a failure it is kept, and tried again at the next step."""
        if not self._unsettled:
            return
        async with self._database.across() as connection:
            settled = await settle(connection, self._unsettled)
        SETTLED_LATE.labels(self.name).inc(len(self._unsettled) - settled)
        for one in self._unsettled:
            SETTLED.labels(self.name, one.state).inc()
        self._unsettled = []

    async def _drain(self) -> None:
        if self._in_flight:
            _, late = await asyncio.wait(self._in_flight, timeout=DRAIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._collect()
        try:
            await self._settle()
        except Unavailable as error:
            log.warning(
                "push deliveries not settled, will be sent again", channel=self.name, error=repr(error)
            )
