"""Waiting for something to do: a knock at the door, or a second, whichever comes first."""

import asyncio

POLL_S = 1.0
"""A lost notification delays a push by no more than this."""


class Wake:
    def __init__(self) -> None:
        self._knocked = asyncio.Event()

    def knock(self) -> None:
        self._knocked.set()

    async def wait(self) -> None:
        """Until the next knock, or one that came since the last wait; at most the poll's time."""
        try:
            async with asyncio.timeout(POLL_S):
                await self._knocked.wait()
        except TimeoutError:
            return
        finally:
            self._knocked.clear()
