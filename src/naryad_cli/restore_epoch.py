"""`naryad restore-epoch`: run after a restore from backup, before the services start."""

import argparse
import asyncio
import json
from dataclasses import asdict
from uuid import UUID

from naryad.actions.ledger import Stores
from naryad.actions.restore import Restored, begin_epoch
from naryad.db import sweep
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import open_database
from naryad.domain.ids import AccountId
from naryad.settings import Settings
from naryad_cli.database import reachable_database
from naryad_cli.failures import CommandError, Exit
from naryad_cli.options import add_data, add_json, data_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Run this once after a database was restored from a backup, before the services start again. "
        "Every account gets a new epoch, and its versions go on 1,000,000,000 above the backup's: phones and "
        "consoles that saw what the backup does not have notice it at their next contact, say what they hold,"
        " get the differences, and send again whatever was never acknowledged."
    )
    parser.add_argument(
        "--account", type=UUID, metavar="ID", action="append", help="only this account; may be repeated"
    )
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    begun = asyncio.run(_restore(options))
    if options.json:
        print(json.dumps({"accounts": [asdict(one) for one in begun]}, default=str, ensure_ascii=False))
    else:
        for one in begun:
            print(
                f"{one.name} ({one.account_id}): epoch {one.epoch}, version {one.ended_at} -> {one.version}"
            )
    return Exit.OK


async def _restore(options: argparse.Namespace) -> list[Restored]:
    settings = Settings()
    async with (
        reachable_database(settings, data_dir(options, settings)) as reached,
        open_database(reached.database_dsn, name="naryad-restore-epoch", max_size=2) as database,
        open_doorbell(reached.listen_dsn) as doorbell,
    ):
        async with database.across() as connection:
            every = await sweep.all_accounts(connection)
        wanted = [AccountId(one) for one in options.account] if options.account else every
        for one in wanted:
            if one not in every:
                raise CommandError(f"There is no account {one} in this database; nothing was changed.")
        stores = Stores(database, doorbell)
        return [await begin_epoch(stores, one) for one in wanted]
