"""Time as the driver needs it, injected so that a day can pass in a minute."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The phone's wall clock, with zone. It may be wrong and may jump."""

    def monotonic(self) -> float:
        """Seconds that never run backwards; timers count in them."""

    async def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The real clock; `speed` 10 lets timers run ten times as fast, the date stays the real one."""

    speed: float = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC).astimezone()

    def monotonic(self) -> float:
        return time.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)
