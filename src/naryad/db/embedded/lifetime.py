"""The embedded PostgreSQL from start to stop."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import asyncpg

from naryad.db.embedded.access import Access, running_access
from naryad.db.embedded.binaries import Binaries, find_binaries
from naryad.db.embedded.cluster import FAST, SETTINGS, SUPERUSER, create_cluster, free_port, server_command
from naryad.db.embedded.errors import EmbeddedError
from naryad.db.embedded.folder import DataFolder, Secrets
from naryad.db.embedded.identity import Identity, choose_identity
from naryad.db.embedded.process import ServerProcess
from naryad.db.embedded.remains import clear
from naryad.db.embedded.roles import ensure_roles

MAINTENANCE_DATABASE = "postgres"
PORT_TRIES = 3
PORT_TAKEN = "could not create any TCP/IP sockets"
SILENT_S = 60.0  # a server that neither starts nor ends
RECOVERY_S = 1800.0  # a server that says it is starting may be replaying its log
POLL_S = 0.03

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Server(Access):
    """The server this process runs."""

    process: ServerProcess = field(repr=False, kw_only=True)

    async def wait_ended(self) -> str:
        """Returns the server's last words when it has ended, which unasked it should not."""
        # Set by a thread that knows no event loop, hence the polling.
        while not self.process.ended.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        return self.process.words()


@asynccontextmanager
async def server(
    data_dir: Path | str, *, fast: bool = False, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Server]:
    """Run PostgreSQL on this data folder while the block lasts; the first time, make it.

    `fast` gives up durability, for tests. `settings` are PostgreSQL's, on top of ours.
    The server ends with this process, however that ends. Raises EmbeddedError, in words.
    """
    folder = _folder(data_dir)
    with folder.held():
        binaries = find_binaries()
        folder.check_version(binaries.major)
        identity = choose_identity(folder.cluster)
        passwords = await _to_the_end(asyncio.to_thread(_prepare, folder, binaries, identity, fast))
        chosen = {**SETTINGS, **(FAST if fast else {}), "cluster_name": passwords.name, **(settings or {})}
        running = await _start(folder, binaries, identity, passwords, chosen)
        try:
            await ensure_roles(running.dsn(SUPERUSER, MAINTENANCE_DATABASE), passwords)
            yield running
        finally:
            await _to_the_end(asyncio.to_thread(running.process.stop))


def attach(data_dir: Path | str) -> Access | None:
    """The addresses of the server that another process runs on this folder, if its files show one."""
    return running_access(_folder(data_dir))


def _folder(data_dir: Path | str) -> DataFolder:
    return DataFolder(Path(data_dir).expanduser().resolve())


def _prepare(folder: DataFolder, binaries: Binaries, identity: Identity, fast: bool) -> Secrets:
    try:
        passwords = folder.ensure_secrets()
        clear(folder, passwords.name)
        folder.remove_workshops()
        if not folder.cluster.exists():
            create_cluster(folder, binaries, identity, passwords, fast=fast)
    except OSError as error:
        raise EmbeddedError(
            f"The data folder {folder.path} cannot be prepared for {identity}: {error}. "
            "Start Naryad as a normal user, choose another folder with --data, or set NARYAD_DATABASE_URL."
        ) from error
    return passwords


async def _start(
    folder: DataFolder, binaries: Binaries, identity: Identity, passwords: Secrets, settings: dict[str, str]
) -> Server:
    for remaining in reversed(range(PORT_TRIES)):
        port = free_port()
        command = server_command(folder, binaries, identity, {**settings, "port": str(port)})
        process = ServerProcess(command)
        running = Server(port, passwords, process=process)
        try:
            await _wait_ready(folder, running)
        except BaseException as failure:
            await _to_the_end(asyncio.to_thread(process.stop))
            if remaining and isinstance(failure, EmbeddedError) and PORT_TAKEN in str(failure):
                continue
            raise
        return running
    raise AssertionError("unreachable")


async def _wait_ready(folder: DataFolder, running: Server) -> None:
    """The pid file proves that the server is ours, a real connection that it lives."""
    started = monotonic()
    while (status := folder.server_status(running.process.pid)) != "ready":
        if running.process.ended.is_set():
            raise EmbeddedError("PostgreSQL did not start:\n" + running.process.words())
        if monotonic() - started > (RECOVERY_S if status == "starting" else SILENT_S):
            raise EmbeddedError("PostgreSQL does not get ready:\n" + running.process.words())
        await asyncio.sleep(POLL_S)
    try:
        connection = await asyncpg.connect(running.dsn(SUPERUSER, MAINTENANCE_DATABASE), timeout=30)
    except asyncpg.InvalidPasswordError as error:
        raise EmbeddedError(f"The password in {folder.secrets} is not this database's.") from error
    except (OSError, TimeoutError) as error:
        raise EmbeddedError("PostgreSQL does not answer:\n" + running.process.words()) from error
    await connection.close(timeout=5)


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Finish work in a thread even when cancelled meanwhile: the folder stays held until it is done."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
