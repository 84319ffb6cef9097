"""`naryad sweep`: closed jobs leave the phones, and what was kept long enough is forgotten."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime

import structlog

from naryad.actions.ledger import Stores
from naryad.actions.sweep import Swept, sweep_all
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import Unavailable, open_database
from naryad.settings import Settings
from naryad_cli.database import reachable_database
from naryad_cli.failures import Exit
from naryad_cli.options import add_data, add_json, data_dir

log = structlog.get_logger()

EVERY_S = 3600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Takes jobs that were finished or canceled long enough ago off the phones, and forgets old removals, "
        "ended sessions, settled pushes and closed conflict cards. Run it once a day; `naryad up` does it by "
        "itself."
    )
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    swept = asyncio.run(_sweep(options))
    if options.json:
        print(json.dumps(asdict(swept)))
    else:
        print(", ".join(f"{name.replace('_', ' ')}: {number}" for name, number in asdict(swept).items()))
    return Exit.OK


async def _sweep(options: argparse.Namespace) -> Swept:
    settings = Settings()
    async with reachable_database(settings, data_dir(options, settings)) as reached:
        return await sweep_once(reached)


async def keep_sweeping(settings: Settings) -> None:
    """Sweep now and then every hour, until cancelled."""
    while True:
        try:
            swept = await sweep_once(settings)
            log.info("swept", **asdict(swept))
        except Unavailable as error:
            log.warning("not swept, will be tried again", error=repr(error))
        await asyncio.sleep(EVERY_S)


async def sweep_once(settings: Settings) -> Swept:
    """Sweep the database of these settings."""
    async with (
        open_database(settings.database_dsn, name="naryad-sweep", max_size=2) as database,
        open_doorbell(settings.listen_dsn) as doorbell,
    ):
        return await sweep_all(Stores(database, doorbell), datetime.now(UTC))
