"""Whether an idle poll costs more where there is more: a small company's database against a large one's."""

import random
import statistics
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from naryad.db.bench.fill import Size, cursor_of, poll_of, token_of
from naryad.db.bench.timing import Poll, Timer
from naryad.db.embedded.cluster import HOST
from naryad_cli.bench.load import Load, run_load
from naryad_cli.bench.report import Figure
from naryad_cli.bench.serving import service
from naryad_cli.bench.throughput import poll_request

POLLS = 1_000
"""Polls of one measurement, of workers by chance."""

REQUESTS_S = 0.3


@dataclass(frozen=True, slots=True)
class Place:
    """A filled database."""

    size: Size
    superuser_dsn: str
    service_dsn: str


@dataclass(frozen=True, slots=True)
class Times:
    """Microseconds of one poll, small and large."""

    small: float
    large: float

    @property
    def ratio(self) -> float:
        return self.large / self.small


def figure(what: str, measured: Sequence[Times], **detail: object) -> Figure:
    return Figure(
        f"{what} of an idle poll, large against small",
        statistics.median(one.ratio for one in measured),
        "times",
        at_most=1.25,
        detail={**medians(measured), "ratios": [round(one.ratio, 3) for one in measured], **detail},
    )


def medians(measured: Sequence[Times]) -> dict[str, int]:
    return {
        "small_us": round(statistics.median(one.small for one in measured)),
        "large_us": round(statistics.median(one.large for one in measured)),
    }


async def measure_statement(
    timer: Callable[[str], AbstractAsyncContextManager[Timer]], small: Place, large: Place, *, rounds: int
) -> list[Times]:
    """By `naryad.db.bench.timing.round_trip` or `inside`, in turn."""
    async with timer(small.superuser_dsn) as time_small, timer(large.superuser_dsn) as time_large:

        async def both(seed: int) -> Times:
            return Times(await time_small(_polls(small, seed)), await time_large(_polls(large, seed)))

        await both(rounds)  # plans are made
        return [await both(number) for number in range(rounds)]


async def measure_request(small: Place, large: Place, *, rounds: int) -> list[Times]:
    """Whole requests to an API process on each, one at a time, in turn."""
    async with (
        service("naryad_api", small.service_dsn) as port_small,
        service("naryad_api", large.service_dsn) as port_large,
    ):

        async def both(seed: int) -> Times:
            return Times(await _request(small, port_small, seed), await _request(large, port_large, seed))

        await both(rounds)  # connections are made, statements prepared
        return [await both(number) for number in range(rounds)]


async def _request(place: Place, port: int, seed: int) -> float:
    requests = [
        poll_request(token_of(number), cursor_of(number, place.size).encode())
        for number in _workers(place, seed)
    ]
    answered = await run_load(Load(HOST, port, requests, connections=1, seconds=REQUESTS_S))
    return answered.seconds / answered.requests * 1e6


def _polls(place: Place, seed: int) -> list[Poll]:
    return [poll_of(number, place.size) for number in _workers(place, seed)]


def _workers(place: Place, seed: int) -> list[int]:
    chance = random.Random(seed)
    return [chance.randrange(1, place.size.workers + 1) for _ in range(POLLS)]
