"""A browser maker's push service on loopback: signatures verified, payloads read as the browser would."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from naryad.domain.push_address import WebPushAddress
from support.loopback_tls import LoopbackTls
from support.misbehaving import Handler, on_loopback
from support.rfc8291 import decrypt


def encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """A subscription, with the private key that only the browser has."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> str:
        return encode(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def read(self, body: bytes) -> Any:
        return json.loads(decrypt(body, self.key, self.auth))


@dataclass
class Push:
    subscription: str
    headers: dict[str, str]
    claims: dict[str, Any]
    key: bytes
    message: Any


@dataclass
class FakePushService:
    """`answers` by subscription replace what is usual; every request is verified before."""

    url: str = ""
    pushes: list[Push] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    answers: dict[str, Handler] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def subscribe(self, subscription: str = "s3cret-of-ivan", *, url: str | None = None) -> WebPushAddress:
        """What the browser would register."""
        browser = self.browsers.setdefault(subscription, Browser())
        endpoint = f"{url or self.url}/push/{subscription}"
        return WebPushAddress(endpoint, browser.p256dh, encode(browser.auth), datetime.now(UTC))

    async def take(self, request: web.Request) -> web.StreamResponse:
        subscription = request.match_info["subscription"]
        self.requests[subscription] += 1
        scheme, _, parameters = request.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        parts = dict(one.strip().split("=", 1) for one in parameters.split(","))
        key = decode(parts["k"])
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        origin = f"{request.scheme}://{request.host}"
        required = {"require": ["aud", "exp", "sub"]}
        claims = jwt.decode(parts["t"], public, algorithms=["ES256"], audience=origin, options=required)
        assert request.headers["content-encoding"] == "aes128gcm"
        message = self.browsers[subscription].read(await request.read())
        if (answer := self.answers.get(subscription)) is not None:
            return await answer(request)
        named = {name.lower(): value for name, value in request.headers.items()}
        self.pushes.append(Push(subscription, named, claims, key, message))
        return web.Response(status=201, headers={"location": f"{self.url}/message/{len(self.pushes)}"})


@asynccontextmanager
async def running_push_service(tls: LoopbackTls | None) -> AsyncIterator[FakePushService]:
    """Over TLS, or without."""
    fake = FakePushService()
    app = web.Application()
    app.router.add_post("/push/{subscription}", fake.take)
    async with on_loopback(app, tls) as port:
        fake.url = f"https://127.0.0.1:{port}" if tls else f"http://127.0.0.1:{port}"
        yield fake
