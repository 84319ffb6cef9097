"""A browser's push service at the level of the wire, and a browser subscribed to it.

What arrives is judged as RFC 8030 (the request), RFC 8292 (VAPID) and RFC 8291 with RFC 8188 (encryption)
say, by code that shares nothing with what sends it.
"""

import asyncio
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from support.server import serving

POINT = 65  # bytes of an uncompressed point of P-256
DAY_S = 24 * 3600


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass(frozen=True)
class Subscriber:
    """The keys of one subscription, which only the browser has; here the test has them."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = b"sixteen of bytes"

    def as_json(self) -> dict[str, Any]:
        """`PushSubscription.toJSON()`."""
        keys = {"p256dh": encoded(point_of(self.private.public_key())), "auth": encoded(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def decrypt(self, body: bytes) -> bytes:
        """RFC 8188 §2 for a single record, with the key of RFC 8291 §3.4."""
        salt, length = body[:16], body[20]
        sender = body[21 : 21 + length]
        assert length == POINT, "the key id is the sender's public key"
        shared = self.private.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        info = b"WebPush: info\0" + point_of(self.private.public_key()) + sender
        key = _derive(shared, self.auth, info, 32)
        content_key = _derive(key, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(key, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(content_key).decrypt(nonce, body[21 + length :], None).rstrip(b"\0")
        assert padded.endswith(b"\2"), "the last record ends with its delimiter"
        return padded[:-1]


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


@dataclass(frozen=True)
class Pushed:
    """A message that arrived: for whom, its headers, and the text as only the subscriber can read it."""

    name: str
    headers: dict[str, str]
    text: str
    vapid_key: str

    @property
    def message(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.text)
        return read


class PushService:
    """Takes what is signed and encrypted as it must be, for those who are subscribed; else 410."""

    def __init__(self) -> None:
        self.url = ""
        self._subscribers: dict[str, Subscriber] = {}
        self.arrived: asyncio.Queue[Pushed] = asyncio.Queue()
        self.refused: list[str] = []
        self.app = Starlette(routes=[Route("/push/{name}", self._take, methods=["POST"])])

    def subscribe(self, name: str = "ivan") -> Subscriber:
        subscriber = Subscriber(f"{self.url}/push/{name}")
        self._subscribers[name] = subscriber
        return subscriber

    def forget(self, name: str = "ivan") -> None:
        """The browser has given the subscription up: whoever still sends there is told 410."""
        del self._subscribers[name]

    async def next(self) -> Pushed:
        """The next message. What a sender did wrong meanwhile fails the test, in words."""
        async with asyncio.timeout(60):
            pushed = await self.arrived.get()
        assert self.refused == []
        return pushed

    async def _take(self, request: Request) -> Response:
        subscriber = self._subscribers.get(request.path_params["name"])
        if subscriber is None:
            return Response(status_code=410)
        try:
            key = verified(request.headers["authorization"], self.url)
            assert request.headers["content-encoding"] == "aes128gcm"
            assert int(request.headers["ttl"]) > 0
            text = subscriber.decrypt(await request.body()).decode()
        except (AssertionError, KeyError, ValueError, InvalidSignature) as error:
            self.refused.append(repr(error))
            return Response(repr(error), status_code=400)
        self.arrived.put_nowait(Pushed(request.path_params["name"], dict(request.headers), text, key))
        return Response(status_code=201, headers={"location": f"{self.url}/message/1"})


def verified(authorization: str, audience: str) -> str:
    """The public key that signed a header `vapid t=…, k=…` (RFC 8292 §3). Raises when it is not valid now."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme.lower() == "vapid"
    parts = dict(one.strip().split("=", 1) for one in rest.split(","))
    signed, _, signature = parts["t"].rpartition(".")
    r, s = (int.from_bytes(half, "big") for half in _halves(decoded(signature)))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(parts["k"]))
    key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    head, claims = (json.loads(decoded(one)) for one in signed.split("."))
    assert head["alg"] == "ES256"
    assert claims["aud"] == "{0.scheme}://{0.netloc}".format(urlsplit(audience))
    assert 0 < claims["exp"] - time.time() <= DAY_S
    assert claims["sub"].startswith(("mailto:", "https://"))
    return parts["k"]


def _halves(signature: bytes) -> tuple[bytes, bytes]:
    assert len(signature) == 64
    return signature[:32], signature[32:]


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    service = PushService()
    async with serving(service.app) as url:
        service.url = url
        yield service
