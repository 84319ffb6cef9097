"""Backups of a test's database by pg_dump, and their restore, as an operator does it."""

import asyncio
from pathlib import Path

import asyncpg

from naryad.db.embedded.binaries import find_binaries

BIN = find_binaries().postgres.parent


async def dump(superuser_url: str, file: Path) -> Path:
    await _run("pg_dump", "--format=custom", f"--file={file}", superuser_url)
    return file


async def restore(file: Path, superuser_url: str, maintenance_url: str) -> None:
    """Put the backup in the place of the database, which nobody may use meanwhile."""
    name = superuser_url.rpartition("/")[2]
    connection = await asyncpg.connect(maintenance_url)
    try:
        owner = await connection.fetchval(
            "select pg_get_userbyid(datdba) from pg_database where datname = $1", name
        )
        await connection.execute(f"drop database {name} with (force)")
        await connection.execute(f"create database {name} owner {owner} template template0")
    finally:
        await connection.close()
    await _run("pg_restore", "--exit-on-error", f"--dbname={superuser_url}", str(file))


async def _run(program: str, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        BIN / program, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
