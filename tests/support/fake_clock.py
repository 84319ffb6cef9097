"""A clock that moves only when the test says so, for the device's driver."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TURNS = 10
"""Of the loop, for what was just asked to wake the phone; from there on it is not asleep until it is done."""


class FakeClock:
    """`advance` wakes what sleeps, each at its own time, and waits until the phone sleeps again."""

    def __init__(self, start: str = "2026-11-24T10:00:00", zone: str = "Europe/Moscow") -> None:
        self.start = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
        self.seconds = 0.0
        self._sleeper: tuple[float, asyncio.Future[None]] | None = None
        self._asleep = asyncio.Event()

    def now(self) -> datetime:
        return (self.start.astimezone(ZoneInfo("UTC")) + timedelta(seconds=self.seconds)).astimezone(
            self.start.tzinfo
        )

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self._sleeper = (self.seconds + seconds, future)
        self._asleep.set()
        try:
            await future
        finally:
            if self._sleeper and self._sleeper[1] is future:
                self._sleeper = None
                self._asleep.clear()

    async def asleep(self) -> None:
        """Until the phone has nothing to do but to wait."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        async with asyncio.timeout(20):
            await self._asleep.wait()

    async def advance(self, seconds: float) -> None:
        until = self.seconds + seconds
        await self.asleep()
        while self._sleeper and self._sleeper[0] <= until:
            self.seconds, future = self._sleeper
            self._sleeper = None
            self._asleep.clear()
            future.set_result(None)
            await self.asleep()
        self.seconds = until
