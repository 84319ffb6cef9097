"""`naryad sweep`: closed jobs leave the phones, and what was kept long enough is forgotten."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime

import structlog

from naryad.actions.file_sweep import sweep_files
from naryad.actions.ledger import Stores
from naryad.actions.sweep import sweep_all
from naryad.blobs.errors import StorageUnavailable
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import Unavailable, open_database
from naryad.domain.files import Limits
from naryad.settings import Settings
from naryad.storage import open_storage
from naryad_cli.database import reachable_database
from naryad_cli.failures import Exit
from naryad_cli.options import add_data, add_json, data_dir

log = structlog.get_logger()

EVERY_S = 3600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Takes jobs that were finished or canceled long enough ago off the phones, and forgets old removals, "
        "ended sessions, settled pushes, closed conflict cards, expired uploads and files that nothing "
        "refers to. Run it once a day; `naryad up` does it by itself."
    )
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    swept = asyncio.run(_sweep(options))
    if options.json:
        print(json.dumps(swept))
    else:
        print(", ".join(f"{name.replace('_', ' ')}: {number}" for name, number in swept.items()))
    return Exit.OK


async def _sweep(options: argparse.Namespace) -> dict[str, int]:
    folder = data_dir(options, Settings())
    settings = Settings().model_copy(update={"data_dir": folder})
    async with reachable_database(settings, folder) as reached:
        return await sweep_once(reached)


async def keep_sweeping(settings: Settings) -> None:
    """Sweep now and then every hour, until cancelled."""
    while True:
        try:
            log.info("swept", **await sweep_once(settings))
        except (*Unavailable, StorageUnavailable) as error:
            log.warning("not swept, will be tried again", error=repr(error))
        await asyncio.sleep(EVERY_S)


async def sweep_once(settings: Settings) -> dict[str, int]:
    """Sweep the database and the storage of these settings; how many of what."""
    now = datetime.now(UTC)
    limits = Limits(settings.file_max_bytes, settings.quota_bytes)
    async with (
        open_database(settings.database_dsn, name="naryad-sweep", max_size=2) as database,
        open_doorbell(settings.listen_dsn) as doorbell,
    ):
        stores = Stores(database, doorbell)
        swept = asdict(await sweep_all(stores, now))
        return swept | asdict(await sweep_files(stores, open_storage(settings), limits, now))
