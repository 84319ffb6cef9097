"""More databases beside the embedded one, each a copy of it as it is."""

import asyncpg

from naryad.db.embedded import Server
from naryad.db.embedded.cluster import SUPERUSER
from naryad.db.embedded.lifetime import MAINTENANCE_DATABASE
from naryad.db.embedded.roles import DATABASE, SERVICE


async def clone(server: Server, name: str) -> None:
    """Nobody may be connected to the original meanwhile."""
    connection = await asyncpg.connect(server.dsn(SUPERUSER, MAINTENANCE_DATABASE))
    try:
        await connection.execute(f"create database {name} template {DATABASE}")
    finally:
        await connection.close()


def superuser_dsn(server: Server, name: str) -> str:
    return server.dsn(SUPERUSER, name)


def service_dsn(server: Server, name: str) -> str:
    return server.dsn(SERVICE, name)
