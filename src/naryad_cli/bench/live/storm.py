"""All readers of a gateway lose it at once and come back as browsers do: after 3 s, without jitter."""

import asyncio
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time

from naryad.db.embedded.cluster import HOST
from naryad_cli.bench.live.contestants import gateway_environment
from naryad_cli.bench.live.crowd import Crowd, crowd, stream_request
from naryad_cli.bench.live.desk import Desk
from naryad_cli.bench.report import Figure
from naryad_cli.bench.serving import process_of

MISSED_EACH = 5
"""Changes of every company while there is no gateway."""

GATEWAY = "naryad_gateway"
REPLAYS = 'naryad_gateway_database_reads_total{purpose="replay"}'
PATIENCE_S = 120
BACK_WITHIN_S = 30.0
SHARE_BACK = 0.9


@dataclass(frozen=True, slots=True)
class Storm:
    streams: int
    companies: int
    back_s: list[float]
    """When each stream was open again, seconds after the gateway was killed; sorted."""
    started_s: float
    """When the new gateway accepted connections."""
    replays: int
    """Reads of histories by the new gateway, to tell those who came back what they had missed."""


async def measure_storm(
    database_url: str, desk: Desk, companies: Sequence[int], streams: int, folder: Path
) -> Storm:
    """Kill the gateway, write meanwhile, start another on its port. Raises RuntimeError when a
    stream has not been told of every change, those it missed too, exactly once.
    """
    each = streams // len(companies)
    requests = [stream_request(company, browser) for company in companies for browser in range(1, each + 1)]
    environment = gateway_environment()
    async with (
        process_of(GATEWAY, database_url, environment) as first,
        crowd(first.port, requests, folder, come_back=True) as readers,
    ):
        await _write_all(desk, companies, readers, each, changes=1)
        killed_at = time()
        first.process.kill()
        await first.process.wait()
        for company in companies:
            await desk.write_at(1_000, MISSED_EACH / 1_000, company)
        async with process_of(GATEWAY, database_url, environment, first.port):
            started_s = time() - killed_at
            returned = await _all_back(readers, len(requests))
            await _told_exactly(readers, len(requests) * (1 + MISSED_EACH))
            replays = await asyncio.to_thread(_replays, first.port)
            back_s = sorted(moment - killed_at for moment in returned)
    return Storm(len(requests), len(companies), back_s, started_s, replays)


async def _write_all(
    desk: Desk, companies: Sequence[int], readers: Crowd, each: int, *, changes: int
) -> None:
    for company in companies:
        await desk.write_at(1_000, changes / 1_000, company)
    await _told_exactly(readers, len(companies) * each * changes)


async def _told_exactly(readers: Crowd, deliveries: int) -> None:
    told = await readers.told(deliveries, within_s=PATIENCE_S)
    resyncs = (await readers.count())["resyncs"]
    if told != deliveries or resyncs:
        raise RuntimeError(f"{told} changes arrived and {resyncs} gaps, {deliveries} changes were due")


async def _all_back(readers: Crowd, streams: int) -> list[float]:
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE_S
    while True:
        told = await readers.count()
        if told["open"] == streams and len(told["returned"]) >= streams:
            return list(told["returned"])
        if loop.time() > until or told["refused"]:
            raise RuntimeError(f"{told['open']} of {streams} streams are back: {told['refused']}")
        await asyncio.sleep(0.2)


def _replays(port: int) -> int:
    with urllib.request.urlopen(f"http://{HOST}:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return int(sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(REPLAYS)))


def figures(storm: Storm) -> list[Figure]:
    nine_of_ten = storm.back_s[int(len(storm.back_s) * SHARE_BACK) - 1]
    return [
        Figure(
            f"nine of ten of {storm.streams:,} streams back after the gateway was killed",
            nine_of_ten,
            "s",
            at_most=BACK_WITHIN_S,
            detail={
                "gateway_back_after_s": round(storm.started_s, 2),
                "half_s": round(storm.back_s[len(storm.back_s) // 2], 2),
                "last_s": round(storm.back_s[-1], 2),
            },
        ),
        Figure(
            "replay reads of the database in that storm, per company",
            storm.replays / storm.companies,
            "reads",
            at_most=1,
            detail={"replays": storm.replays, "companies": storm.companies, "missed_each": MISSED_EACH},
        ),
    ]
