"""The figures of `naryad bench push`, each measured here."""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from naryad.db.bench.companies import committed_of
from naryad.db.bench.fill import ACCOUNT, Size
from naryad.db.bench.pushes import DESK_TOKEN, Claimer, add_intents, job_id, sent_since, unsent
from naryad_cli.bench.live.delivery import delays_ms
from naryad_cli.bench.live.desk import Line
from naryad_cli.bench.live.process import cpu_s
from naryad_cli.bench.pushes.apple import Apple
from naryad_cli.bench.report import Figure

AT_LEAST_PER_S = 800
PER_S = 20
P50_MS, P99_MS = 50.0, 250.0
CLAIMED = 100
"""What a lane claims at once."""
CLAIM_TIMES = 1.5
PATIENCE_S = 180
LINES = 8


@dataclass(frozen=True, slots=True)
class Round:
    per_s: float
    pusher_cores: float


async def measure_rate(superuser_dsn: str, pusher_pid: int, messages: int) -> Round:
    """So many changes told at once: from their commit until the last delivery is settled."""
    cpu = cpu_s(pusher_pid)
    begun = await add_intents(superuser_dsn, messages)
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE_S
    while (waiting := await unsent(superuser_dsn)) and loop.time() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.25)  # it is the database that knows
    cpu = cpu_s(pusher_pid) - cpu
    sent = await sent_since(superuser_dsn, begun)
    if waiting or sent.count != messages:
        raise RuntimeError(f"{sent.count} of {messages} messages were sent, {waiting} still wait")
    taken = sent.last - begun
    return Round(sent.count / taken, cpu / taken)


def rate_figure(rounds: Sequence[Round], messages: int, provider_per_s: float) -> Figure:
    return Figure(
        "deliveries a second of one pusher process",
        statistics.median(one.per_s for one in rounds),
        "a second",
        at_least=AT_LEAST_PER_S,
        detail={
            "aim": 1_500,
            "rounds_per_s": [round(one.per_s) for one in rounds],
            "pusher_cores": [round(one.pusher_cores, 2) for one in rounds],
            "messages_a_round": messages,
            "provider_ceiling_per_s": round(provider_per_s),
        },
    )


async def measure_delays(
    superuser_dsn: str, api_port: int, apple: Apple, size: Size, *, seconds: float
) -> list[float]:
    """A dispatcher changes started jobs through the API, each again only after `one more` has passed;
    milliseconds from the commit of each to the provider's having it, sorted.
    """
    await apple.arrivals()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    places = iter(range(round(PER_S * seconds)))
    lines = [Line(api_port) for _ in range(LINES)]

    async def one_line(line: Line) -> None:
        for place in places:
            await asyncio.sleep(begun + place / PER_S - loop.time())
            change = {"description": f"Заменить счётчик, акт № {place}."}
            await line.ask("PATCH", f"/v1/jobs/{job_id(1 + place % size.jobs)}", DESK_TOKEN, change)

    try:
        await asyncio.gather(*(one_line(line) for line in lines))
        until = loop.time() + PATIENCE_S
        while (waiting := await unsent(superuser_dsn)) and loop.time() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.25)
    finally:
        for line in lines:
            line.close()
    commits = await committed_of(superuser_dsn, ACCOUNT, size.jobs)
    delays = delays_ms(await apple.arrivals(), commits)
    if waiting or len(delays) != len(commits):
        raise RuntimeError(f"{len(delays)} messages of {len(commits)} changes, {waiting} still wait")
    return delays


def delay_figures(delays: Sequence[float]) -> list[Figure]:
    method = (
        "from the time that PostgreSQL notes as it writes the commit to the provider's having the message"
    )
    figures = []
    for name, share, bound in (("p50", 0.5, P50_MS), ("p99", 0.99, P99_MS)):
        value = delays[min(len(delays) - 1, int(len(delays) * share))]
        detail = {"changes_per_s": PER_S, "messages": len(delays), "method": method}
        figures.append(Figure(f"from commit to provider, {name}", value, "ms", at_most=bound, detail=detail))
    return figures


@dataclass(frozen=True, slots=True)
class Claims:
    """Microseconds of one claim, where few deliveries are pending and where many are."""

    few: float
    many: float


async def measure_claims(
    claims: Callable[[str], AbstractAsyncContextManager[Claimer]], few: str, many: str, *, rounds: int
) -> list[Claims]:
    """By `claims_from_outside` or `claims_inside`, in turn; databases by their superuser's address."""
    async with claims(few) as claim_few, claims(many) as claim_many:
        for _ in range(6):  # plans are made: the first five for the very parameters
            await claim_few(CLAIMED)
            await claim_many(CLAIMED)
        return [Claims(await claim_few(CLAIMED), await claim_many(CLAIMED)) for _ in range(rounds)]


def claim_figure(where: str, measured: Sequence[Claims], few: int, many: int) -> Figure:
    return Figure(
        f"claim of {CLAIMED} deliveries {where}, {many:,} pending against {few:,}",
        statistics.median(one.many / one.few for one in measured),
        "times",
        at_most=CLAIM_TIMES,
        detail={
            "few_us": round(statistics.median(one.few for one in measured)),
            "many_us": round(statistics.median(one.many for one in measured)),
            "rounds": len(measured),
        },
    )
