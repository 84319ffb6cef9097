"""A whole installation as real processes: PostgreSQL, the three services, and the wire to the phones."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from naryad.actions.ledger import Stores
from naryad.actions.people import create_account
from naryad.db.doorbell import open_doorbell
from naryad.db.pool import open_database
from support.mortal_postgres import MortalPostgres, mortal_postgres
from support.process import Post, post
from support.proxy import Wire, wire_to
from support.server import free_port

SERVICES = ("naryad_api", "naryad_gateway", "naryad_pusher")
ADMIN = "dispatcher"
PASSWORD = "soak"


@dataclass(frozen=True)
class Town:
    postgres: MortalPostgres
    services: dict[str, Post]
    wire: Wire
    """Between the phones and the API."""

    async def restart(self, service: str) -> None:
        await self.services[service].take(service, NARYAD_LOG_LEVEL="error")


@asynccontextmanager
async def founded(folder: Path) -> AsyncIterator[Town]:
    """Everything runs, and one account is there; commits wait for the disk, as in production."""
    async with AsyncExitStack() as stack:
        postgres = await stack.enter_async_context(mortal_postgres(folder / "postgres", durable=True))
        url = postgres.access.service_dsn
        async with open_database(url, name="soak") as database, open_doorbell(url) as doorbell:
            await create_account(Stores(database, doorbell), "Soak", "Europe/Moscow", "ru", ADMIN, PASSWORD)
        services = {one: await stack.enter_async_context(post(url, free_port())) for one in SERVICES}
        wire = await stack.enter_async_context(wire_to(services["naryad_api"].url))
        town = Town(postgres, services, wire)
        for one in SERVICES:
            await town.restart(one)
        yield town
