"""The installation's identity before the browsers' push services (VAPID, RFC 8292).

Browsers subscribe for its public key, the pusher signs with its private one: were it to change, every
subscription would be void. So it is made once, by whichever service first needs it, and kept.
"""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from naryad.db import vapid
from naryad.db.pool import Database
from naryad.db.vapid import VapidKey


async def vapid_key(database: Database) -> VapidKey:
    """The key pair, made now if there is none. Services that start at once all get the same."""
    async with database.across() as connection:
        found = await vapid.find(connection)
        if found is None:
            found = await vapid.keep(connection, *_make())
    return found


def _make() -> tuple[bytes, bytes]:
    """The private scalar and the public point."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_numbers().private_value.to_bytes(32, "big")
    return private, key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
