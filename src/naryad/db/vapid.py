"""The key pair of Web Push, kept where all services find it."""

from dataclasses import dataclass, field
from datetime import datetime

from naryad.db.pool import Connection, Row


@dataclass(frozen=True, slots=True)
class VapidKey:
    """A P-256 key pair (RFC 8292): 32 bytes of scalar, 65 bytes of uncompressed point."""

    private: bytes = field(repr=False)
    public: bytes
    made_at: datetime


async def find(connection: Connection) -> VapidKey | None:
    """The installation's key pair, when one has been made."""
    row = await connection.fetchrow("select * from the_vapid_key()")
    return _key(row) if row is not None else None


async def keep(connection: Connection, private: bytes, public: bytes) -> VapidKey:
    """Keep this pair unless there is one: the pair that is kept, this or the other."""
    row = await connection.fetchrow("select * from keep_vapid_key($1, $2)", private, public)
    assert row is not None
    return _key(row)


def _key(row: Row) -> VapidKey:
    return VapidKey(row["private_key"], row["public_key"], row["made_at"])
