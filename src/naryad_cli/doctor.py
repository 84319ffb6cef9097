"""`naryad doctor`: checks a deployment and says what is wrong in words."""

import argparse
import asyncio
import json
import os
from dataclasses import asdict

from naryad.blobs.errors import BlobMissing, StorageUnavailable
from naryad.blobs.open import BadStorageUrl
from naryad.db.checkup import Finding, examine
from naryad.settings import Settings
from naryad.storage import open_storage
from naryad.uuid7 import uuid7
from naryad_cli.database import reachable_database
from naryad_cli.failures import Exit
from naryad_cli.options import add_data, add_json, data_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Checks that the database is reachable, has this version's schema, and keeps accounts apart, "
        "and that the storage of files can be used. "
        "Exits with 1 if something is wrong."
    )
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    findings = asyncio.run(_examine(options))
    right = all(one.right for one in findings)
    if options.json:
        print(json.dumps({"right": right, "findings": [asdict(one) for one in findings]}, ensure_ascii=False))
    else:
        for one in findings:
            print(f"{'ok   ' if one.right else 'WRONG'}  {one.check}: {one.text}")
    return Exit.OK if right else Exit.FAILED


async def _examine(options: argparse.Namespace) -> list[Finding]:
    folder = data_dir(options, Settings())
    settings = Settings().model_copy(update={"data_dir": folder})
    async with reachable_database(settings, folder) as reached:
        found = [one async for one in examine(reached.database_dsn, reached.owner_dsn, reached.listen_dsn)]
    return [*found, await _storage(settings)]


async def _storage(settings: Settings) -> Finding:
    """An object can be written, read back and removed."""
    check, key, data = "storage of files", f"doctor/{uuid7()}", os.urandom(32)
    try:
        blobs = open_storage(settings)
        await blobs.put(key, data)
        same = await blobs.read(key) == data
        await blobs.delete([key])
    except (StorageUnavailable, BlobMissing, BadStorageUrl) as error:
        return Finding(check, False, f"cannot be used ({error}): see NARYAD_STORAGE_URL and NARYAD_S3_*")
    if not same:
        return Finding(check, False, "gives back other bytes than it was given: do not use this store")
    return Finding(check, True, "keeps and gives back what it is given")
