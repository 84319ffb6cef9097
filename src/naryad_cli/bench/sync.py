"""`naryad bench sync`: what a sync costs the server, the network, and the worker who waits for it."""

import argparse
import socket
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from naryad.db import embedded
from naryad.db.bench.databases import clone, service_dsn, superuser_dsn
from naryad.db.bench.fill import Size, fill
from naryad.db.bench.timing import inside, round_trip
from naryad.db.migrate import migrate
from naryad.telemetry import configure_logging
from naryad_cli.bench import changed_jobs, scale, throughput, wire
from naryad_cli.bench.counted_http import counted
from naryad_cli.bench.office import Office, office
from naryad_cli.bench.parts import say, tell
from naryad_cli.bench.product import product
from naryad_cli.bench.report import Figure, Report, machine
from naryad_cli.bench.scale import Place
from naryad_cli.bench.slow_link import GPRS, slow_link
from naryad_cli.bench.typical_jobs import typical_jobs
from naryad_cli.listening import listen, url_of
from naryad_cli.options import add_json


@dataclass(frozen=True, slots=True)
class Work:
    """How much is measured."""

    small: Size
    large: Size
    pairs: int
    seconds: float
    rounds: int
    link_rounds: int


SMALL = Size(workers=200, jobs=10_000)
FULL = Work(SMALL, Size(workers=20_000, jobs=1_000_000), pairs=20, seconds=1, rounds=40, link_rounds=15)
QUICK = Work(SMALL, Size(workers=2_000, jobs=100_000), pairs=10, seconds=0.5, rounds=20, link_rounds=5)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Idle polls against their floor and against a hundred times the data, bytes on the wire, and ten "
        "changed jobs on a link of 50/20 kbit/s (which needs root and /dev/net/tun). About five minutes and "
        "3 GB of disk."
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, fewer rounds: one minute")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    configure_logging("warning", json=False)
    return tell(uvloop.run(measure(QUICK if options.quick else FULL)), options)


async def measure(work: Work) -> Report:
    found = machine()
    with tempfile.TemporaryDirectory(prefix="naryad-bench-") as folder:
        async with embedded.server(Path(folder) / "data", fast=True) as server:
            await migrate(server.owner_dsn)
            small = await _filled(server, "small", work.small)
            large = await _filled(server, "large", work.large)
            say("idle polls against their floor")
            pairs = await throughput.measure_pairs(
                small.service_dsn, small.size, Path(folder), pairs=work.pairs, seconds=work.seconds
            )
            say("idle polls where there is more")
            statement = await scale.measure_statement(round_trip, small, large, rounds=work.rounds)
            function = await scale.measure_statement(inside, small, large, rounds=work.rounds)
            request = await scale.measure_request(small, large, rounds=work.rounds)
            await clone(server, "office")
            figures = [
                throughput.figure(pairs),
                scale.figure("statement", statement, inside_postgresql=scale.medians(function)),
                scale.figure("request", request),
                *await _network(service_dsn(server, "office"), work),
            ]
    said: dict[str, object] = {
        "small": asdict(work.small),
        "large": asdict(work.large),
        "link": {**asdict(GPRS), "unit": "bit/s, seconds, share of packets"},
        "postgresql": "embedded, fsync off: nothing measured here waits for a write",
    }
    return Report("sync", said, found, figures)


async def _filled(server: embedded.Server, name: str, size: Size) -> Place:
    say(f"filling {size.jobs:,} jobs of {size.workers:,} workers")
    await clone(server, name)
    place = Place(size, superuser_dsn(server, name), service_dsn(server, name))
    await fill(place.superuser_dsn, size, typical_jobs(datetime.now(UTC)))
    return place


async def _network(database_url: str, work: Work) -> list[Figure]:
    """What travels, and how long, as far as this machine lets us have a slow link."""
    with ExitStack() as stack:
        near = stack.enter_context(listen("127.0.0.1", 0))
        try:
            link = stack.enter_context(slow_link())
        except OSError as error:
            why_not = f"{error}: it needs root and /dev/net/tun"
            async with product(database_url, [near]), office(database_url, url_of(near)) as company:
                return [*await _bytes(near, company), changed_jobs.figure([], why_not)]
        far = stack.enter_context(link.server.listener())
        async with product(database_url, [near, far]), office(database_url, url_of(near)) as company:
            figures = await _bytes(near, company)
            say("ten changed jobs on the slow link")
            async with counted(far.getsockname(), company.token, link.phone.tcp_socket()) as phone:
                syncs = await changed_jobs.measure_changed_jobs(phone, company, GPRS, rounds=work.link_rounds)
            return [*figures, changed_jobs.figure(syncs)]


async def _bytes(near: socket.socket, company: Office) -> list[Figure]:
    say("bytes on the wire")
    async with counted(near.getsockname(), company.token, socket.socket()) as phone:
        return wire.figures(await wire.measure_bytes(phone, company.desk, company.jobs))
