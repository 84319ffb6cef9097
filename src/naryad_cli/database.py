"""The database that a command works on: the one that is set, or the data folder's own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from naryad.db import embedded
from naryad.settings import Settings


@asynccontextmanager
async def reachable_database(settings: Settings, data_dir: Path) -> AsyncIterator[Settings]:
    """The settings, completed with the addresses of a database that runs while the block lasts.

    Without NARYAD_DATABASE_URL that is the data folder's: the one a running `naryad up` holds,
    else started for this command. Raises EmbeddedError.
    """
    if settings.database_url is not None:
        yield settings
        return
    async with AsyncExitStack() as stack:
        try:
            access: embedded.Access = await stack.enter_async_context(embedded.server(data_dir))
        except embedded.DataFolderInUse:
            running = embedded.attach(data_dir)
            if running is None:  # its holder is just starting or stopping
                raise
            access = running
        yield with_addresses(settings, access)


def with_addresses(settings: Settings, access: embedded.Access) -> Settings:
    return settings.model_copy(
        update={
            "database_url": SecretStr(access.service_dsn),
            "owner_database_url": SecretStr(access.owner_dsn),
            "listen_database_url": None,
        }
    )
