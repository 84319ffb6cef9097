"""`naryad bench push`: how many pushes one pusher sends, and how soon."""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from naryad.db import embedded
from naryad.db.bench.companies import COMMIT_TIMES
from naryad.db.bench.databases import clone, service_dsn, superuser_dsn
from naryad.db.bench.fill import Size, fill
from naryad.db.bench.pushes import add_deliveries, claims_from_outside, claims_inside, make_todays
from naryad.db.embedded.roles import DATABASE
from naryad.db.migrate import migrate
from naryad.telemetry import configure_logging
from naryad_cli.bench.parts import add_options, say, tell, wanted
from naryad_cli.bench.pushes import figures
from naryad_cli.bench.pushes.apple import apple, ceiling_per_s
from naryad_cli.bench.pushes.identity import make_identity
from naryad_cli.bench.report import Figure, Report, machine
from naryad_cli.bench.serving import process_of, service
from naryad_cli.bench.typical_jobs import typical_jobs

PARTS = ("rate", "delay", "claim")


SIZE = Size(workers=1_000, jobs=10_000)


@dataclass(frozen=True, slots=True)
class Work:
    """How much is measured."""

    size: Size = SIZE
    messages: int = 10_000
    rounds: int = 3
    seconds: float = 30
    few: int = 1_000
    many: int = 100_000
    claims: int = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Pushes through intents, deliveries and the channel to Apple, in one pusher process, to a provider "
        "that takes everything at once; the time from commit to provider; claims where many deliveries wait. "
        "On a PostgreSQL of its own; about three minutes."
    )
    parser.add_argument("--messages", type=int, metavar="N", help="of a round (10,000)")
    parser.add_argument("--seconds", type=float, metavar="S", help="of even changes (30)")
    parser.add_argument("--rounds", type=int, metavar="N", help="of the rate (3)")
    parser.add_argument("--pending", type=int, metavar="N", help="deliveries that wait (100,000)")
    add_options(parser, PARTS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    configure_logging("warning", json=False)
    parts = wanted(options, PARTS)
    return tell(uvloop.run(measure(_work(options), parts)), options)


def _work(options: argparse.Namespace) -> Work:
    full = Work()
    messages = options.messages or full.messages
    many = options.pending or full.many
    return Work(
        size=Size(workers=min(SIZE.workers, messages), jobs=messages),
        messages=messages,
        rounds=options.rounds or full.rounds,
        seconds=options.seconds or full.seconds,
        few=max(figures.CLAIMED, many // 100),
        many=many,
        claims=full.claims,
    )


async def measure(work: Work, parts: Sequence[str] = PARTS) -> Report:
    found = machine()
    measured: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="naryad-bench-") as folder:
        async with embedded.server(Path(folder) / "data", settings=COMMIT_TIMES) as server:
            await migrate(server.owner_dsn)
            say(f"filling {work.size.jobs:,} jobs of {work.size.workers:,} workers")
            await fill(superuser_dsn(server, DATABASE), work.size, typical_jobs(datetime.now(UTC)))
            await make_todays(superuser_dsn(server, DATABASE))
            if "claim" in parts:
                measured += await _claims(server, work)
            if "rate" in parts or "delay" in parts:
                measured += await _sending(server, work, parts, Path(folder))
    said: dict[str, object] = {
        **asdict(work),
        "parts": list(parts),
        "postgresql": "embedded, durable",
        "provider": "a process on loopback, TLS and HTTP/2, answers at once",
    }
    return Report("push", said, found, measured)


async def _claims(server: embedded.Server, work: Work) -> list[Figure]:
    say(f"claims where {work.few:,} and {work.many:,} deliveries wait")
    for name, pending in (("few", work.few), ("many", work.many)):
        await clone(server, name)
        await add_deliveries(superuser_dsn(server, name), pending)
    few, many = superuser_dsn(server, "few"), superuser_dsn(server, "many")
    inside = await figures.measure_claims(claims_inside, few, many, rounds=work.claims)
    outside = await figures.measure_claims(claims_from_outside, few, many, rounds=work.claims)
    return [
        figures.claim_figure("inside PostgreSQL", inside, work.few, work.many),
        figures.claim_figure("from outside", outside, work.few, work.many),
    ]


async def _sending(server: embedded.Server, work: Work, parts: Sequence[str], folder: Path) -> list[Figure]:
    await clone(server, "sending")
    superuser, dsn = superuser_dsn(server, "sending"), service_dsn(server, "sending")
    identity = make_identity(folder)
    measured: list[Figure] = []
    async with (
        apple(identity, folder) as provider,
        process_of("naryad_pusher", dsn, identity.settings(provider.port)) as pusher,
    ):
        if "delay" in parts:
            say(f"{figures.PER_S} changes a second, to the provider")
            async with service("naryad_api", dsn) as port:
                delays = await figures.measure_delays(
                    superuser, port, provider, work.size, seconds=work.seconds
                )
            measured += figures.delay_figures(delays)
        if "rate" in parts:
            ceiling = await ceiling_per_s(provider, identity, seconds=2)
            rounds = []
            for number in range(work.rounds):
                say(f"{work.messages:,} messages at once, round {number + 1} of {work.rounds}")
                rounds.append(await figures.measure_rate(superuser, pusher.pid, work.messages))
            measured.append(figures.rate_figure(rounds, work.messages, ceiling))
    return measured
