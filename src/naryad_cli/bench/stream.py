"""`naryad bench stream`: what a live stream costs, and how soon its reader knows."""

import argparse
import sys
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
from naryad_cli.bench.live import delivery, idle_memory
from naryad_cli.bench.live.contestants import gateway, sse_starlette
from naryad_cli.bench.live.desk import Desk, desk
from naryad_cli.bench.report import Figure, Report, machine
from naryad_cli.bench.serving import service
from naryad_cli.failures import Exit
from naryad_cli.options import add_json

PARTS = ("memory", "delivery")

SAMPLE = 'id: 00000001.1\nevent: change\ndata: {"version":1,"kind":"edited","changed":["description"]}\n\n'
"""What the rival's streams are told once while their memory is looked at."""


@dataclass(frozen=True, slots=True)
class Work:
    """How much is measured."""

    companies: int = 20
    held_streams: int = 5_000
    told_streams: int = 1_000
    seconds: float = 10
    rounds: int = 3
    settle_s: float = idle_memory.HEARTBEAT_ROUND_S

    @property
    def desks(self) -> list[int]:
        """Browsers of each company's desk; the first is the crowded one."""
        each = self.held_streams // self.companies
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
        "the time from commit to reader. API, gateway and readers are processes of their own. Linux only."
    )
    parser.add_argument(
        "--only", metavar="PARTS", help=f"some of {','.join(PARTS)}, with commas between them"
    )
    parser.add_argument("--streams", type=int, metavar="N", help="idle streams at most (5,000)")
    parser.add_argument("--seconds", type=float, metavar="S", help="of each window of changes (10)")
    parser.add_argument("--rounds", type=int, metavar="N", help="windows of each kind (3)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    configure_logging("warning", json=False)
    parts = options.only.split(",") if options.only else list(PARTS)
    if unknown := set(parts) - set(PARTS):
        print(f"naryad: --only knows {', '.join(PARTS)}, not {', '.join(sorted(unknown))}", file=sys.stderr)
        return Exit.USAGE
    report = uvloop.run(measure(_work(options), parts))
    print(report.as_json() if options.json else report.text())
    return Exit.OK if report.kept else Exit.FAILED


def _work(options: argparse.Namespace) -> Work:
    full = Work()
    streams = options.streams or full.held_streams
    companies = max(2, min(full.companies, streams // 5))
    return Work(
        companies=companies,
        held_streams=max(streams, 2 * companies),
        told_streams=max(2, min(full.told_streams, streams)),
        seconds=options.seconds or full.seconds,
        rounds=options.rounds or full.rounds,
    )


async def measure(work: Work, parts: list[str]) -> Report:
    found = machine()
    figures: list[Figure] = []
    async with _place(work) as place:
        if "memory" in parts:
            figures.append(await _memory(place, work))
        if "delivery" in parts:
            figures.extend(await _delivery(place, work))
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
        await theirs.window(delivery.RIVAL_PER_S, 1)
        full, own, rival = [], [], []
        delays: list[float] = []
        for number in range(work.rounds):
            say(f"deliveries to {work.told_streams:,} streams, round {number + 1} of {work.rounds}")
            full.append(await ours.window(delivery.PER_S, work.seconds))
            commits = await committed(place.superuser_dsn, delivery.CROWDED, 0)
            delays += delivery.delays_ms(await ours.many.arrivals(), commits)
            own.append(await ours.window(delivery.RIVAL_PER_S, work.seconds))
            rival.append(await theirs.window(delivery.RIVAL_PER_S, work.seconds))
            for readers in (ours.many, ours.one, theirs.many, theirs.one):
                await readers.arrivals()
    return [
        delivery.cost_figure(full, {}),
        delivery.ratio_figure(own, rival),
        *delivery.delay_figures(sorted(delays)),
    ]


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
