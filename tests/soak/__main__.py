"""A real installation of three services and PostgreSQL, phones at work, and all faults at random.

Phones crash, lose networks, requests and answers; services are killed, PostgreSQL crashes and freezes, wires
are cut. Prints the verdict as JSON; exits with 0 only when nothing was lost, doubled, diverged or unsent.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from naryad.telemetry import configure_logging
from naryad_cli.simulate.plan import Plan
from naryad_cli.simulate.progress import shown
from naryad_cli.simulate.simulation import running
from naryad_cli.simulate.verdict import Verdict
from soak.misfortunes import misfortunes
from soak.town import ADMIN, PASSWORD, founded


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--devices", type=int, default=50)
    parser.add_argument("--dispatchers", type=int, default=4)
    parser.add_argument("--operations", type=int, default=20_000)
    parser.add_argument("--speed", type=float, default=15, help="simulated seconds in a real one")
    options = parser.parse_args()
    print(f"seed {options.seed}", file=sys.stderr, flush=True)
    configure_logging("error")
    started = time.monotonic()
    verdict = asyncio.run(soak(options))
    print(json.dumps({**verdict.as_json(), "minutes": round((time.monotonic() - started) / 60, 1)}))
    return 0 if verdict.clean else 1


async def soak(options: argparse.Namespace) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="naryad-soak-") as folder:
        async with founded(Path(folder)) as town:
            plan = Plan(
                url=town.wire.url,
                login=ADMIN,
                password=PASSWORD,
                seed=options.seed,
                devices=options.devices,
                dispatchers=options.dispatchers,
                operations=options.operations,
                speed=options.speed,
                network="flaky",
                faults=True,
            )
            stores = Path(folder) / "phones"
            async with running(plan, stores) as people, shown(people):
                async with (
                    people.at_work(),
                    misfortunes(town, plan.chance("machines"), people.journal.faults),
                ):
                    await people.made(options.operations)
                return await people.verdict()


if __name__ == "__main__":
    sys.exit(main())
