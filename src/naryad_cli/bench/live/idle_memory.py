"""What a stream holds of its server's memory while nothing happens."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from naryad_cli.bench.live.contestants import Contestant
from naryad_cli.bench.live.crowd import crowd
from naryad_cli.bench.live.process import memory
from naryad_cli.bench.report import Figure

HEARTBEAT_ROUND_S = 21
AT_MOST_KB = 10.0


@dataclass(frozen=True, slots=True)
class Held:
    """Kilobytes (1,000 bytes) of one stream, from 20 streams to all."""

    streams: int
    pss_kb: float
    rss_kb: float


async def measure_held(
    server: Contestant, companies: Sequence[int], streams: int, folder: Path, *, settle_s: float
) -> Held:
    """Open streams in all companies, let each be told of one change and, if there is time, of one
    heartbeat. What rings and pools hold anyway is there before: one stream a company, and one change.
    """
    each = streams // len(companies)
    first = [server.request(company, 1) for company in companies]
    rest = [server.request(company, browser) for company in companies for browser in range(2, each + 1)]
    async with crowd(server.port, first, folder) as few:
        for company in companies:
            await server.write_at(100, 0.01, company)
        await few.told(len(first), within_s=30)
        before = memory(server.pid)
        async with crowd(server.port, rest, folder) as many:
            for company in companies:
                await server.write_at(100, 0.01, company)
            if await many.told(len(rest), within_s=30) < len(rest):
                raise RuntimeError(f"{server.name}: not all of {len(rest)} streams were told of a change")
            await asyncio.sleep(settle_s)
            after = memory(server.pid)
    return Held(
        len(rest),
        (after.pss - before.pss) / 1000 / len(rest),
        (after.rss - before.rss) / 1000 / len(rest),
    )


def figure(gateway: Held, rivals: dict[str, Held | str]) -> Figure:
    """`rivals`: by name, or why one was not measured."""
    return Figure(
        f"memory of an idle stream, {gateway.streams:,} open",
        gateway.pss_kb,
        "kB",
        at_most=AT_MOST_KB,
        detail={
            "aim": 8,
            "rss_kb": round(gateway.rss_kb, 2),
            "beside": {
                name: held if isinstance(held, str) else {"pss_kb": round(held.pss_kb, 2)}
                for name, held in rivals.items()
            },
        },
    )
