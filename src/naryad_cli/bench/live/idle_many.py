"""As many streams as one process may have open, with nothing but their heartbeats."""

import asyncio
import resource
from collections.abc import Sequence
from pathlib import Path

from naryad_cli.bench.live.contestants import Contestant
from naryad_cli.bench.live.crowd import crowd
from naryad_cli.bench.live.process import cpu_s, memory
from naryad_cli.bench.report import Figure

OTHER_FILES = 1_000
"""What a process has open beside its streams, and some room."""

AT_MOST_CORES = 0.05
BREATH_S = 5


def open_files_allowed() -> int:
    """Raises this process's limit, and with it its children's, as far as it may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def as_many_as_allowed(wanted: int) -> int:
    return min(wanted, open_files_allowed() - OTHER_FILES)


async def measure_idle(
    gateway: Contestant, companies: Sequence[int], wanted: int, folder: Path, *, seconds: float
) -> Figure:
    streams = as_many_as_allowed(wanted)
    each = streams // len(companies)
    requests = [gateway.request(company, browser) for company in companies for browser in range(1, each + 1)]
    before = memory(gateway.pid)
    async with crowd(gateway.port, requests, folder) as readers:
        await asyncio.sleep(BREATH_S)
        beats, cpu = (await readers.count())["heartbeats"], cpu_s(gateway.pid)
        await asyncio.sleep(seconds)
        cpu = cpu_s(gateway.pid) - cpu
        told = await readers.count()
        after = memory(gateway.pid)
    if told["open"] < len(requests):
        raise RuntimeError(f"only {told['open']} of {len(requests)} streams stayed open")
    return Figure(
        f"cores used by {len(requests):,} idle streams",
        cpu / seconds,
        "cores",
        at_most=AT_MOST_CORES,
        detail={
            "seconds": seconds,
            "heartbeats": told["heartbeats"] - beats,
            "heartbeats_of_a_stream_per_20_s": round(
                (told["heartbeats"] - beats) / len(requests) / seconds * 20, 3
            ),
            "pss_mb": round(after.pss / 1e6),
            "pss_kb_of_a_stream": round((after.pss - before.pss) / 1000 / len(requests), 2),
            **_fewer(wanted, streams),
        },
    )


def _fewer(wanted: int, streams: int) -> dict[str, object]:
    if streams == wanted:
        return {}
    return {"why_fewer": f"{wanted:,} were wanted; a process may open {streams + OTHER_FILES:,} files here"}
