"""Runs the embedded server on a folder, prints who it is, and waits to be stopped or killed."""

import asyncio
import json
import os
import sys
from pathlib import Path

from naryad.db import embedded


async def hold(folder: str) -> None:
    try:
        async with embedded.server(folder, fast=True) as server:
            postmaster = int((Path(folder) / "postgres/postmaster.pid").read_text().split()[0])
            told = {
                "uid": os.geteuid(),
                "postmaster": postmaster,
                "superuser": server.superuser_dsn,
                "owner": server.owner_dsn,
                "service": server.service_dsn,
            }
            print(json.dumps(told), flush=True)
            await asyncio.to_thread(sys.stdin.read)
    except embedded.EmbeddedError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        sys.exit(1)


asyncio.run(hold(sys.argv[1]))
