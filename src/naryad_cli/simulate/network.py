"""The network between a phone and the server: late, narrow, and not always honest."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import httpx

PIECE = 1400
MOST_DELAYED = 20


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares are of requests; latency is one way, in seconds, from and to."""

    latency_s: tuple[float, float]
    kbit_s: float
    cut: float = 0.0
    """The request never arrives."""
    lost: float = 0.0
    """The request arrives, its answer does not, or breaks off in the middle."""
    doubled: float = 0.0
    """The request arrives twice, the second one at once or much later."""


QUALITIES = {
    "good": Quality((0.01, 0.05), 20_000),
    "slow": Quality((0.3, 0.8), 50, cut=0.005, lost=0.005),
    "flaky": Quality((0.05, 0.5), 1_000, cut=0.05, lost=0.05, doubled=0.03),
    "awful": Quality((0.3, 3.0), 50, cut=0.15, lost=0.15, doubled=0.08),
}
PERFECT = Quality((0.0, 0.0), 1_000_000)


class BadNetwork(httpx.AsyncBaseTransport):
    """Carries requests as `quality` says. It outlives the phone's crashes: what is under way goes on."""

    def __init__(self, quality: Quality, speed: float, chance: random.Random, counts: Counter[str]) -> None:
        self.quality = quality
        self._speed = speed
        self._chance = chance
        self._counts = counts
        self._wire = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=10))
        self._late: set[asyncio.Task[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        quality, luck = self.quality, self._chance.random()
        await self._travel(len(request.content))
        if luck < quality.cut:
            self._counts["requests cut"] += 1
            raise httpx.WriteError("cut on the way there", request=request)
        luck -= quality.cut
        if luck < quality.lost:
            self._counts["answers lost"] += 1
            await self._deliver(request)
            raise httpx.ReadError("cut on the way back", request=request)
        luck -= quality.lost
        if luck < quality.doubled and len(self._late) < MOST_DELAYED:
            self._counts["requests doubled"] += 1
            self._later(_again(request))
        response = await self._wire.handle_async_request(request)
        body = b"".join([piece async for piece in response.aiter_raw()])
        await response.aclose()
        await self._travel(0)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=self._stream(body), request=request
        )

    async def arrived(self) -> None:
        """Until what is still under way has arrived."""
        while self._late:
            await asyncio.wait(set(self._late))

    async def shut(self) -> None:
        """For good; `aclose` is only the phone hanging up."""
        for one in self._late:
            one.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)
        await self._wire.aclose()

    def _later(self, request: httpx.Request) -> None:
        pause = self._chance.choice([0.0, self._chance.uniform(0, 60)]) / self._speed

        async def again() -> None:
            await asyncio.sleep(pause)
            with suppress(httpx.HTTPError):
                await self._deliver(request)

        task = asyncio.create_task(again())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _deliver(self, request: httpx.Request) -> None:
        response = await self._wire.handle_async_request(request)
        async for _ in response.aiter_raw():
            pass
        await response.aclose()

    async def _travel(self, size: int) -> None:
        latency = self._chance.uniform(*self.quality.latency_s)
        seconds = (latency + size * 8 / 1000 / self.quality.kbit_s) / self._speed
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _stream(self, body: bytes) -> httpx.AsyncByteStream:
        quality, speed = self.quality, self._speed

        class Pieces(httpx.AsyncByteStream):
            async def __aiter__(self) -> AsyncIterator[bytes]:
                for start in range(0, len(body), PIECE):
                    if start:
                        await asyncio.sleep(PIECE * 8 / 1000 / quality.kbit_s / speed)
                    yield body[start : start + PIECE]

        return Pieces()


class Handle(httpx.AsyncBaseTransport):
    """One phone's use of the network, which ends with the phone; the network does not."""

    def __init__(self, network: BadNetwork) -> None:
        self._network = network

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._network.handle_async_request(request)


def _again(request: httpx.Request) -> httpx.Request:
    return httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
