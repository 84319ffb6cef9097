"""`naryad push dead list` and `replay`: the messages that could not be sent."""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict

from naryad.db.dead_letters import DeadLetter, Wanted, dead_letters, replay
from naryad.db.pool import Database, open_database
from naryad.domain.ids import AccountId, DeliveryId
from naryad.domain.push_channel import ChannelName
from naryad.settings import Settings
from naryad_cli.database import reachable_database
from naryad_cli.failures import CommandError, Exit
from naryad_cli.options import data_dir


def list_dead(options: argparse.Namespace) -> int:
    letters = asyncio.run(_found(options, options.limit or None))
    if options.json:
        print(json.dumps({"dead": [asdict(one) for one in letters]}, default=str, ensure_ascii=False))
    else:
        for one in letters:
            print(_line(one))
        if not letters:
            print("no message is dead")
    return Exit.OK


def replay_dead(options: argparse.Namespace) -> int:
    if bool(options.ids) == options.all:
        raise CommandError("name the messages by ID, or say --all (see `naryad push dead list`)", Exit.USAGE)
    again, unreachable, unknown = asyncio.run(_replayed(options))
    if options.json:
        told = {"replayed": again, "unreachable": unreachable, "unknown": unknown}
        print(json.dumps({name: [str(id) for id in ids] for name, ids in told.items()}))
    else:
        print(f"{len(again)} are due again: the job's notifications in the console say what becomes of each")
        for id in unreachable:
            print(f"{id}: not sent again, its phone is registered for no notifications")
        for id in unknown:
            print(f"{id}: there is no dead message with this id here")
    return Exit.FAILED if unreachable or unknown else Exit.OK


async def _found(options: argparse.Namespace, limit: int | None) -> list[DeadLetter]:
    found: list[DeadLetter] = []
    async with _database(options) as database:
        async for page in dead_letters(database, _wanted(options)):
            found += page
            if limit is not None and len(found) >= limit:
                return found[:limit]
    return found


async def _replayed(
    options: argparse.Namespace,
) -> tuple[list[DeliveryId], list[DeliveryId], list[DeliveryId]]:
    """Those that are due again, those whose phones are registered nowhere, those that are not dead."""
    again: list[DeliveryId] = []
    met: list[DeliveryId] = []
    async with _database(options) as database:
        async for page in dead_letters(database, _wanted(options)):
            due = await replay(database, page)
            met += (one.id for one in page)
            again += (one.id for one in page if one.id in due)
    unknown = [id for one in options.ids if (id := DeliveryId(one)) not in met]
    return again, [one for one in met if one not in set(again)], unknown


def _wanted(options: argparse.Namespace) -> Wanted:
    ids: Sequence[DeliveryId] = [DeliveryId(one) for one in getattr(options, "ids", ())]
    return Wanted(
        AccountId(options.account) if options.account else None,
        ChannelName(options.channel) if options.channel else None,
        ids or None,
    )


@asynccontextmanager
async def _database(options: argparse.Namespace) -> AsyncIterator[Database]:
    settings = Settings()
    async with (
        reachable_database(settings, data_dir(options, settings)) as reached,
        open_database(reached.database_dsn, name="naryad-push", max_size=2) as database,
    ):
        yield database


def _line(one: DeadLetter) -> str:
    job = f"job {one.job_number}" if one.job_number is not None else f"deleted job {one.job_id}"
    whom = f"{one.worker_name} ({one.device_name}), {one.account_name}"
    died = f"{one.died_at:%Y-%m-%d %H:%M}Z"
    return f"{one.id}  {died}  {one.channel}  {job}, {one.reason}, to {whom}: {one.detail}"
