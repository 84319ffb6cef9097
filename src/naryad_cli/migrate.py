"""`naryad migrate`: bring the database to this version's schema."""

import argparse
import asyncio
import json

from naryad.db.migrate import migrate
from naryad.settings import Settings
from naryad_cli.database import reachable_database
from naryad_cli.options import add_data, add_json, data_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Runs all pending migrations, as NARYAD_OWNER_DATABASE_URL if that is set. "
        "Safe to run again, and from several places at once."
    )
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    revision = asyncio.run(_migrate(options))
    print(json.dumps({"schema": revision}) if options.json else f"The database has schema {revision}.")
    return 0


async def _migrate(options: argparse.Namespace) -> str:
    settings = Settings()
    async with reachable_database(settings, data_dir(options, settings)) as reached:
        return await migrate(reached.owner_dsn)
