"""`naryad simulate` on the command line."""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from naryad_cli.failures import Exit
from naryad_cli.options import add_json
from naryad_cli.simulate.network import QUALITIES
from naryad_cli.simulate.plan import Plan
from naryad_cli.simulate.progress import shown
from naryad_cli.simulate.simulation import running
from naryad_cli.simulate.verdict import Verdict

PASSWORD = "NARYAD_SIMULATE_PASSWORD"  # noqa: S105 a variable's name
OPERATIONS = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Lets phones and dispatchers work on a running server, makes things go wrong if asked, waits until "
        "all is settled and gives a verdict: every operation acknowledged and done exactly once, every phone "
        "equal to the server, every job rebuilt from its history. Makes workers, a template and jobs named "
        "sim-... in the account of the login; take an account of its own. Exits with 0 only when nothing was "
        "found wrong."
    )
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="the server (http://127.0.0.1:8080)")
    parser.add_argument("--login", default="dispatcher", help="an admin's login (dispatcher)")
    parser.add_argument(
        "--password", help=f"its password; better in the environment, as {PASSWORD} (the demo's: demo)"
    )
    parser.add_argument("--seed", type=int, help="of all chance; printed in any case")
    parser.add_argument("--devices", type=_count(1, 1000), default=10, metavar="N", help="phones (10)")
    parser.add_argument("--dispatchers", type=_count(1, 100), default=2, metavar="M", help="(2)")
    much = parser.add_mutually_exclusive_group()
    much.add_argument(
        "--operations", type=_count(1, 10**7), metavar="N", help=f"of workers, in all ({OPERATIONS})"
    )
    much.add_argument(
        "--minutes", type=_above_zero, metavar="X", help="work so long instead, on the wall's clock"
    )
    parser.add_argument(
        "--speed", type=_above_zero, default=60, metavar="X", help="simulated seconds in a real one (60)"
    )
    parser.add_argument(
        "--network", choices=list(QUALITIES), default="good", help="the phones' network (good)"
    )
    parser.add_argument(
        "--faults", action="store_true", help="phones crash and come back from their stores, or are offline"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", file=sys.stderr, flush=True)
    operations = options.operations or (None if options.minutes else OPERATIONS)
    plan = Plan(
        url=options.url.rstrip("/"),
        login=options.login,
        password=options.password or os.environ.get(PASSWORD) or "demo",
        seed=seed,
        devices=options.devices,
        dispatchers=options.dispatchers,
        operations=operations,
        speed=options.speed,
        network=options.network,
        faults=options.faults,
    )
    verdict = asyncio.run(_simulate(plan, options.minutes))
    print(json.dumps(verdict.as_json(), ensure_ascii=False) if options.json else verdict.words())
    return Exit.OK if verdict.clean else Exit.FAILED


async def _simulate(plan: Plan, minutes: float | None) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="naryad-simulate-") as folder:
        async with running(plan, Path(folder)) as simulation, shown(simulation):
            async with simulation.at_work():
                if minutes is not None:
                    await asyncio.sleep(minutes * 60)
                if plan.operations is not None:
                    await simulation.made(plan.operations)
            return await simulation.verdict()


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be above 0")
    return number


def _count(least: int, most: int) -> Callable[[str], int]:
    def count(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"must be from {least} to {most}")
        return number

    return count
