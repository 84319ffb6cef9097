"""The pusher at work: one expander, one lane for each channel, woken by the doorbell."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from naryad.db.listen import Listener, News
from naryad.db.pool import Database, open_database
from naryad.settings import Settings
from naryad_pusher.channels import configured_channels
from naryad_pusher.channels.channel import Channel
from naryad_pusher.expand import Expander
from naryad_pusher.lane import Lane
from naryad_pusher.metrics import FELL_OVER

log = structlog.get_logger()

AGAIN_AFTER_S = 1.0


@dataclass
class Pusher:
    """What is running, for its health."""

    database: Database
    loops: list["asyncio.Task[None]"] = field(default_factory=list)

    @property
    def lives(self) -> bool:
        return not any(task.done() for task in self.loops)


@asynccontextmanager
async def running_pusher(
    settings: Settings, channels: Sequence[Channel] | None = None
) -> AsyncIterator[Pusher]:
    """Pushes are sent while the block lasts; at its end what is being sent is finished and settled."""
    async with open_database(
        settings.database_dsn, name="naryad-pusher", max_size=settings.pool_size
    ) as database:
        used = await configured_channels(settings, database) if channels is None else channels
        lanes = [Lane(database, one) for one in used]

        def wake_lanes() -> None:
            for lane in lanes:
                lane.wake.knock()

        expander = Expander(database, {one.name for one in used}, on_deliveries=wake_lanes)

        def on_news(_: News) -> None:
            expander.wake.knock()

        listener = Listener(settings.listen_dsn, on_news, name="naryad-pusher-listen")
        pusher = Pusher(database)
        pusher.loops = [
            asyncio.create_task(_kept_going(name, loop), name=f"pusher {name}")
            for name, loop in (
                ("listener", listener.keep_listening),
                ("expander", expander.keep_going),
                *((lane.name, lane.keep_going) for lane in lanes),
            )
        ]
        try:
            yield pusher
        finally:
            for task in pusher.loops:
                task.cancel()
            await asyncio.gather(*pusher.loops, return_exceptions=True)
            await asyncio.gather(*(lane.close() for lane in lanes))


async def _kept_going(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """A loop that falls over is started again: one fault of ours must not end all pushing."""
    while True:
        try:
            await loop()
        except Exception:
            log.exception("pusher loop fell over, starting it again", loop=name)
            FELL_OVER.labels(name).inc()
        await asyncio.sleep(AGAIN_AFTER_S)
