"""The keys of a PushSubscription (RFC 8291 §2): a point of the curve P-256, and a secret."""

import binascii
import re
from base64 import urlsafe_b64decode

POINT_BYTES, SECRET_BYTES = 65, 16
_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def is_p256dh(text: str) -> bool:
    """Whether it is an uncompressed point of the curve: with any other nothing could be encrypted."""
    raw = _decoded(text)
    if raw is None or len(raw) != POINT_BYTES or raw[0] != 4:
        return False
    x, y = int.from_bytes(raw[1:33], "big"), int.from_bytes(raw[33:], "big")
    return x < _PRIME and y < _PRIME and (y * y - (x * x * x - 3 * x + _B)) % _PRIME == 0


def is_auth(text: str) -> bool:
    """Whether it is a secret of 16 bytes."""
    raw = _decoded(text)
    return raw is not None and len(raw) == SECRET_BYTES


def _decoded(text: str) -> bytes | None:
    if not _BASE64URL.fullmatch(text):
        return None
    try:
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except binascii.Error:
        return None
