"""`naryad account create`: a new company with its first admin."""

import argparse
import asyncio
import json
import secrets

from naryad.actions.ledger import Stores
from naryad.actions.people import create_account
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import open_database
from naryad.domain.refusals import Refusal
from naryad.settings import Settings
from naryad_cli.database import reachable_database
from naryad_cli.failures import CommandError
from naryad_cli.options import add_data, data_dir

PASSWORD_BYTES = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser(
        "create",
        help="a new company with its first admin",
        description="Creates an account and its first admin, and prints both as JSON. "
        "The admin's first password is shown here and kept nowhere.",
    )
    create.add_argument("name", metavar="NAME", help="the company's name")
    create.add_argument("--time-zone", required=True, metavar="ZONE", help="IANA name, as Europe/Moscow")
    create.add_argument("--admin", required=True, metavar="LOGIN", help="the first admin's login")
    create.add_argument("--locale", default="ru", choices=("ru", "en"), help="language of pushes (ru)")
    create.add_argument("--json", action="store_true", help="the result is JSON in any case")
    add_data(create)
    create.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    try:
        print(json.dumps(asyncio.run(_create(options)), ensure_ascii=False))
    except Refusal as refusal:
        about = "; ".join(f"{one.pointer}: {one.detail}" for one in refusal.errors)
        raise CommandError(f"{refusal.detail} {about}".strip()) from refusal
    return 0


async def _create(options: argparse.Namespace) -> dict[str, object]:
    settings = Settings()
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    async with (
        reachable_database(settings, data_dir(options, settings)) as reached,
        open_database(reached.database_dsn, name="naryad-account") as database,
        open_doorbell(reached.listen_dsn) as doorbell,
    ):
        account_id, admin_id = await create_account(
            Stores(database, doorbell),
            options.name,
            options.time_zone,
            options.locale,
            options.admin,
            password,
        )
    return {
        "account": {"id": str(account_id), "name": options.name, "time_zone": options.time_zone},
        "admin": {"id": str(admin_id), "login": options.admin, "password": password},
    }
