"""What it costs a server to tell one reader of one change, and how long after its commit that happens."""

import statistics
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter

from naryad_cli.bench.beside import Arrivals
from naryad_cli.bench.live.contestants import Contestant
from naryad_cli.bench.live.crowd import Crowd, crowd
from naryad_cli.bench.live.process import cpu_s
from naryad_cli.bench.report import Figure

CROWDED, LONELY = 1, 2
"""The company whose desk has all the streams, and the one with a single stream."""

PER_S = 50
CALM_PER_S = 10
"""What sse-starlette keeps up with, too."""

AT_MOST_US = 15.0
TIMES_LESS = 4.0
P50_MS, P99_MS = 25.0, 100.0


@dataclass(frozen=True, slots=True)
class Window:
    """The same changes told to many and to one: what the server spent more is for the deliveries."""

    changes: int
    deliveries: int
    cpu_s: float
    alone_cpu_s: float
    seconds: float

    @property
    def us(self) -> float:
        return (self.cpu_s - self.alone_cpu_s) / self.deliveries * 1e6


@dataclass(frozen=True, slots=True)
class Round:
    """Both in turn, because the machine's pace changes; at the pace that is asked, and at a calm one.

    sse-starlette does not keep up with the first: who publishes to it waits, so that it falls behind
    but drops nothing.
    """

    ours: Window
    theirs: Window
    ours_calm: Window
    theirs_calm: Window


class Audience:
    """Many readers of one company and one of another, at one server."""

    def __init__(self, server: Contestant, many: Crowd, one: Crowd, streams: int) -> None:
        self.server = server
        self.many = many
        self.one = one
        self.streams = streams

    async def window(self, per_s: float, seconds: float) -> Window:
        """Raises RuntimeError when not every stream is told of every change exactly once."""
        begun = perf_counter()
        changes, cpu = await self._tell(self.many, CROWDED, self.streams, per_s, seconds)
        taken = perf_counter() - begun
        alone_changes, alone_cpu = await self._tell(self.one, LONELY, 1, per_s, seconds)
        deliveries = changes * (self.streams - 1)
        return Window(changes, deliveries, cpu, alone_cpu * changes / alone_changes, taken)

    async def _tell(
        self, readers: Crowd, company: int, streams: int, per_s: float, seconds: float
    ) -> tuple[int, float]:
        told_before = (await readers.count())["changes"]
        before = cpu_s(self.server.pid)
        changes = await self.server.write_at(per_s, seconds, company)
        arrived = await readers.told(told_before + changes * streams, within_s=60) - told_before
        if arrived != changes * streams:
            raise RuntimeError(
                f"{self.server.name}: {arrived} deliveries of {changes} changes to {streams} streams"
            )
        return changes, cpu_s(self.server.pid) - before


async def open_audience(stack: AsyncExitStack, server: Contestant, streams: int, folder: Path) -> Audience:
    requests = [server.request(CROWDED, browser) for browser in range(1, streams + 1)]
    many = await stack.enter_async_context(crowd(server.port, requests, folder))
    one = await stack.enter_async_context(crowd(server.port, [server.request(LONELY, 1)], folder))
    return Audience(server, many, one, streams)


def delays_ms(arrivals: Arrivals, committed: Mapping[int, datetime]) -> list[float]:
    """From commit to reader, sorted: one of each delivery."""
    at = {version: moment.timestamp() for version, moment in committed.items()}
    both = zip(arrivals.versions, arrivals.times, strict=True)
    return sorted((time - at[version]) * 1000 for version, time in both if version in at)


def cost_figure(rounds: Sequence[Round], beside: Mapping[str, object]) -> Figure:
    windows = [one.ours for one in rounds]
    return Figure(
        "CPU of a delivery",
        statistics.median(one.us for one in windows),
        "µs",
        at_most=AT_MOST_US,
        detail={
            "windows_us": [round(one.us, 2) for one in windows],
            "cores_used": round(statistics.median(one.cpu_s / one.seconds for one in windows), 3),
            "writes_subtracted_cores": round(
                statistics.median(one.alone_cpu_s / one.seconds for one in windows), 3
            ),
            "changes_per_s": round(statistics.median(one.changes / one.seconds for one in windows), 1),
            "deliveries": sum(one.deliveries for one in windows),
            "beside": beside,
        },
    )


def ratio_figure(rounds: Sequence[Round]) -> Figure:
    return Figure(
        "CPU of a delivery, sse-starlette against the gateway",
        statistics.median(one.theirs.us / one.ours.us for one in rounds),
        "times",
        at_least=TIMES_LESS,
        detail={
            **_both(rounds, "ours", "theirs"),
            "at_a_calm_pace": {
                "times": round(statistics.median(one.theirs_calm.us / one.ours_calm.us for one in rounds), 2),
                **_both(rounds, "ours_calm", "theirs_calm"),
            },
        },
    )


def _both(rounds: Sequence[Round], ours: str, theirs: str) -> dict[str, object]:
    def told(windows: list[Window]) -> dict[str, object]:
        return {
            "us": [round(one.us, 2) for one in windows],
            "changes_per_s": [round(one.changes / one.seconds, 1) for one in windows],
        }

    return {
        "gateway": told([getattr(one, ours) for one in rounds]),
        "sse_starlette": told([getattr(one, theirs) for one in rounds]),
    }


def delay_figures(delays: Sequence[float]) -> list[Figure]:
    """`delays` is sorted, in milliseconds."""
    method = (
        "from the time that PostgreSQL notes as it writes the commit (track_commit_timestamp), which is "
        "before the write is flushed and the API knows of it, to the reader's process having the frame"
    )
    figures = []
    for name, share, bound in (("p50", 0.5, P50_MS), ("p99", 0.99, P99_MS)):
        value = delays[min(len(delays) - 1, int(len(delays) * share))]
        detail = {"deliveries": len(delays), "method": method}
        figures.append(Figure(f"from commit to reader, {name}", value, "ms", at_most=bound, detail=detail))
    return figures
