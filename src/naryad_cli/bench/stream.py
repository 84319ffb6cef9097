"""`naryad bench stream`: what a live stream costs, and how soon its reader knows."""

import argparse
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import uvloop

from naryad.db import embedded
from naryad.db.bench.companies import COMMIT_TIMES, committed, found_companies
from naryad.db.bench.databases import superuser_dsn
from naryad.db.embedded.roles import DATABASE
from naryad.db.migrate import migrate
from naryad.telemetry import configure_logging
from naryad_cli.bench.live import delivery, idle_many, idle_memory, storm, writers
from naryad_cli.bench.live.contestants import gateway, sse_starlette
from naryad_cli.bench.live.desk import Desk, desk
from naryad_cli.bench.parts import add_options, say, tell, wanted
from naryad_cli.bench.report import Figure, Report, machine
from naryad_cli.bench.serving import service

PARTS = ("memory", "delivery", "idle", "writers", "storm")

SAMPLE = 'id: 00000001.1\nevent: change\ndata: {"version":1,"kind":"edited","changed":["description"]}\n\n'
"""What the rival's streams are told once while their memory is looked at."""


@dataclass(frozen=True, slots=True)
class Work:
    """How much is measured."""

    companies: int = 20
    held_streams: int = 5_000
    told_streams: int = 1_000
    most_streams: int = 19_000
    seconds: float = 10
    idle_s: float = 60
    rounds: int = 3
    pairs: int = 12
    settle_s: float = idle_memory.HEARTBEAT_ROUND_S

    @property
    def desks(self) -> list[int]:
        """Browsers of each company's desk; the first is the crowded one."""
        each = max(self.held_streams, self.most_streams) // self.companies
        return [max(each, self.told_streams), *[each] * (self.companies - 1)]


@dataclass(frozen=True, slots=True)
class Place:
    """A database with companies, an API process on it, and its dispatchers."""

    service_dsn: str
    superuser_dsn: str
    desk: Desk
    folder: Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Live streams of a gateway process: memory of idle ones, CPU of a delivery beside sse-starlette's, "
        "the time from commit to reader, the most streams that one process may hold, writers with and "
        "without it, and everyone's return after it was killed. API, gateway and readers are processes of "
        "their own, on a PostgreSQL of their own. Linux only; about ten minutes."
    )
    parser.add_argument("--streams", type=int, metavar="N", help="at most so many streams")
    parser.add_argument("--seconds", type=float, metavar="S", help="of each window (10; idle ones 60)")
    parser.add_argument(
        "--rounds",
        type=int,
        metavar="N",
        help="windows of each kind (3), and four times as many pairs of writers",
    )
    add_options(parser, PARTS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    configure_logging("warning", json=False)
    parts = wanted(options, PARTS)
    return tell(uvloop.run(measure(_work(options), parts)), options)


def _work(options: argparse.Namespace) -> Work:
    full = Work()
    most = options.streams or full.most_streams
    companies = max(2, min(full.companies, most // 5))
    rounds = options.rounds or full.rounds
    return Work(
        companies=companies,
        held_streams=max(2 * companies, min(full.held_streams, most)),
        told_streams=max(2, min(full.told_streams, most)),
        most_streams=max(companies, most),
        seconds=options.seconds or full.seconds,
        idle_s=min(full.idle_s, 2 * options.seconds) if options.seconds else full.idle_s,
        rounds=rounds,
        pairs=4 * rounds,
    )


async def measure(work: Work, parts: list[str]) -> Report:
    found = machine()
    idle_many.open_files_allowed()
    figures: list[Figure] = []
    async with _place(work) as place:
        if "memory" in parts:
            figures.append(await _memory(place, work))
        if "delivery" in parts:
            figures.extend(await _delivery(place, work))
        if "idle" in parts:
            figures.append(await _idle(place, work))
        if "writers" in parts:
            figures.append(await _writers(place, work))
        if "storm" in parts:
            figures.extend(await _storm(place, work))
    said: dict[str, object] = {
        **asdict(work),
        "parts": parts,
        "changes_per_s": delivery.PER_S,
        "postgresql": "embedded, durable",
    }
    return Report("stream", said, found, figures)


@asynccontextmanager
async def _place(work: Work) -> AsyncIterator[Place]:
    with tempfile.TemporaryDirectory(prefix="naryad-bench-") as folder:
        async with embedded.server(Path(folder) / "data", settings=COMMIT_TIMES) as server:
            await migrate(server.owner_dsn)
            superuser = superuser_dsn(server, DATABASE)
            say(f"founding {work.companies} companies with {sum(work.desks):,} browsers")
            await found_companies(superuser, work.desks)
            companies = range(1, work.companies + 1)
            async with service("naryad_api", server.service_dsn) as port, desk(port, companies) as writers:
                yield Place(server.service_dsn, superuser, writers, Path(folder))


async def _memory(place: Place, work: Work) -> Figure:
    companies = range(1, work.companies + 1)
    say(f"memory of {work.held_streams:,} idle streams: gateway")
    async with gateway(place.service_dsn, place.desk) as server:
        ours = await idle_memory.measure_held(
            server, companies, work.held_streams, place.folder, settle_s=work.settle_s
        )
    say("the same: sse-starlette")
    async with sse_starlette(SAMPLE) as server:
        theirs = await idle_memory.measure_held(
            server, companies, work.held_streams, place.folder, settle_s=work.settle_s
        )
    return idle_memory.figure(ours, {"sse-starlette": theirs})


async def _delivery(place: Place, work: Work) -> list[Figure]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(gateway(place.service_dsn, place.desk))
        ours = await delivery.open_audience(stack, server, work.told_streams, place.folder)
        await ours.window(delivery.PER_S, 1)  # warm
        sample = (await ours.many.count())["sample"]
        await ours.many.arrivals()
        await ours.one.arrivals()
        other = await stack.enter_async_context(sse_starlette(sample))
        theirs = await delivery.open_audience(stack, other, work.told_streams, place.folder)
        await theirs.window(delivery.CALM_PER_S, 1)
        rounds = []
        delays: list[float] = []
        for number in range(work.rounds):
            say(f"deliveries to {work.told_streams:,} streams, round {number + 1} of {work.rounds}")
            full = await ours.window(delivery.PER_S, work.seconds)
            commits = await committed(place.superuser_dsn, delivery.CROWDED, 0)
            delays += delivery.delays_ms(await ours.many.arrivals(), commits)
            rounds.append(
                delivery.Round(
                    full,
                    await theirs.window(delivery.PER_S, work.seconds),
                    await ours.window(delivery.CALM_PER_S, work.seconds),
                    await theirs.window(delivery.CALM_PER_S, work.seconds),
                )
            )
            for readers in (ours.many, ours.one, theirs.many, theirs.one):
                await readers.arrivals()
    return [
        delivery.cost_figure(rounds, {}),
        delivery.ratio_figure(rounds),
        *delivery.delay_figures(sorted(delays)),
    ]


async def _idle(place: Place, work: Work) -> Figure:
    say(f"{idle_many.as_many_as_allowed(work.most_streams):,} streams with heartbeats alone")
    async with gateway(place.service_dsn, place.desk) as server:
        return await idle_many.measure_idle(
            server, range(1, work.companies + 1), work.most_streams, place.folder, seconds=work.idle_s
        )


async def _writers(place: Place, work: Work) -> Figure:
    say("writers with a gateway and without")
    companies = range(1, work.companies + 1)
    pairs = await writers.measure_writers(
        place.service_dsn, place.desk, companies, place.folder, pairs=work.pairs, seconds=work.seconds / 3
    )
    return writers.figure(pairs, work.companies)


async def _storm(place: Place, work: Work) -> list[Figure]:
    say(f"{work.held_streams:,} readers come back after the gateway was killed")
    companies = range(1, work.companies + 1)
    return storm.figures(
        await storm.measure_storm(place.service_dsn, place.desk, companies, work.held_streams, place.folder)
    )
