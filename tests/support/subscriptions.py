"""What a browser would register: a PushSubscription with keys of its own."""

import os
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def subscription(endpoint: str = "https://fcm.googleapis.com/wp/one") -> dict[str, Any]:
    """As `PushSubscription.toJSON()` gives it."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    return {
        "endpoint": endpoint,
        "expirationTime": None,
        "keys": {
            "p256dh": text(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
            "auth": text(os.urandom(16)),
        },
    }


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
