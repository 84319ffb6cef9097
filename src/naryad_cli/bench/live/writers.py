"""Whether writers are slower for being listened to: the same writing with a gateway and without, in turn."""

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from naryad_cli.bench.live.contestants import gateway
from naryad_cli.bench.live.crowd import crowd
from naryad_cli.bench.live.desk import Desk
from naryad_cli.bench.report import Figure

AT_LEAST = 0.9
STREAMS_EACH = 3
WARM_S = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """Changes a second."""

    alone: float
    heard: float

    @property
    def share(self) -> float:
        return self.heard / self.alone


async def measure_writers(
    database_url: str, desk: Desk, companies: Sequence[int], folder: Path, *, pairs: int, seconds: float
) -> list[Pair]:
    """As fast as one API process answers; who goes first alternates."""

    async def alone() -> float:
        await desk.write_for(WARM_S, companies)
        return await desk.write_for(seconds, companies)

    async def heard() -> float:
        async with gateway(database_url, desk) as server:
            requests = [
                server.request(company, browser)
                for company in companies
                for browser in range(1, STREAMS_EACH + 1)
            ]
            async with crowd(server.port, requests, folder) as readers:
                await desk.write_for(WARM_S, companies)
                rate = await desk.write_for(seconds, companies)
                made = round(rate * seconds) * STREAMS_EACH
                if await readers.told(made, within_s=30) < made:
                    raise RuntimeError("the streams were not told of all changes")
                return rate

    return [await _pair(alone, heard, alone_first=number % 2 == 0) for number in range(pairs)]


async def _pair(
    alone: Callable[[], Awaitable[float]], heard: Callable[[], Awaitable[float]], *, alone_first: bool
) -> Pair:
    if alone_first:
        first = await alone()
        return Pair(first, await heard())
    first = await heard()
    return Pair(await alone(), first)


def figure(pairs: Sequence[Pair], companies: int) -> Figure:
    shares = sorted(one.share for one in pairs)
    return Figure(
        "changes a second with a gateway and its streams, share of those without",
        statistics.median(shares),
        "of those without",
        at_least=AT_LEAST,
        detail={
            "spread": [round(shares[0], 3), round(shares[-1], 3)],
            "pairs_per_s": [[round(one.alone), round(one.heard)] for one in pairs],
            "streams": companies * STREAMS_EACH,
            "companies": companies,
        },
    )
