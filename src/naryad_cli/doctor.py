"""`naryad doctor`: checks a deployment and says what is wrong in words."""

import argparse
import asyncio
import json
from dataclasses import asdict

from naryad.db.checkup import Finding, examine
from naryad.settings import Settings
from naryad_cli.database import reachable_database
from naryad_cli.failures import Exit
from naryad_cli.options import add_data, add_json, data_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Checks that the database is reachable, has this version's schema, and keeps accounts apart. "
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
    settings = Settings()
    async with reachable_database(settings, data_dir(options, settings)) as reached:
        return [one async for one in examine(reached.database_dsn, reached.owner_dsn, reached.listen_dsn)]
