"""How many bytes of all bodies together this process holds. Whoever wants more waits, first come first."""

import asyncio
from collections import deque

PIECE = 256 * 1024
"""About what one fetch brings at most."""


FETCHING = 32
"""So many fetch at a time: of two hundred that all find room at once, each would bring a piece."""


class Room:
    def __init__(self, limit: int) -> None:
        self.turns = asyncio.Semaphore(FETCHING)
        self._free = limit
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def full(self) -> bool:
        return self._free <= 0

    async def wait(self) -> None:
        """Until there is room for a fetch."""
        while self.full:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn

    def take(self, count: int) -> None:
        self._free -= count

    def give_back(self, count: int) -> None:
        self._free += count
        for _ in range(-(-self._free // PIECE)):
            while self._waiting and self._waiting[0].done():  # given up meanwhile
                self._waiting.popleft()
            if not self._waiting:
                return
            self._waiting.popleft().set_result(None)
