"""A PostgreSQL of one's own at one address, to be crashed and started again under the services' feet."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGQUIT

import asyncpg

from naryad.db import embedded
from naryad.db.embedded.access import Access
from naryad.db.embedded.binaries import find_binaries
from naryad.db.embedded.cluster import FAST, SETTINGS, free_port, server_command
from naryad.db.embedded.folder import DataFolder
from naryad.db.embedded.identity import choose_identity
from naryad.db.embedded.process import ServerProcess
from naryad.db.migrate import migrate


class MortalPostgres:
    """`access` stays true through all crashes."""

    def __init__(self, folder: DataFolder, access: Access, settings: dict[str, str]) -> None:
        self.access = access
        self._command = server_command(
            folder, find_binaries(), choose_identity(folder.cluster), {**settings, "port": str(access.port)}
        )
        self._process: ServerProcess | None = None

    async def start(self) -> None:
        """Returns when it lets people in, its log replayed."""
        self._process = ServerProcess(self._command)
        async with asyncio.timeout(60):
            while True:
                try:
                    connection = await asyncpg.connect(self.access.superuser_dsn, timeout=10)
                except (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError):
                    assert not self._process.ended.is_set(), self._process.words()
                    await asyncio.sleep(0.02)
                    continue
                await connection.close()
                return

    async def crash(self) -> None:
        """As `pg_ctl stop -m immediate` does: no goodbye, no checkpoint."""
        assert self._process is not None
        process, self._process = self._process, None
        os.kill(process.pid, SIGQUIT)
        assert await asyncio.to_thread(process.ended.wait, 30), process.words()

    async def stop(self) -> None:
        if self._process is not None:
            await asyncio.to_thread(self._process.stop)


@asynccontextmanager
async def mortal_postgres(path: Path, *, durable: bool = False) -> AsyncIterator[MortalPostgres]:
    """A migrated server; `durable` waits for the disk at every commit, as in production."""
    async with embedded.server(path, fast=not durable) as making:
        await migrate(making.owner_dsn)
        passwords = making.passwords
    settings = {**SETTINGS, **({} if durable else FAST), "cluster_name": passwords.name}
    server = MortalPostgres(DataFolder(path.resolve()), Access(free_port(), passwords), settings)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
