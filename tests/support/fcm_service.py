"""FCM and Google's token endpoint on loopback: TLS, signatures verified, and every way to misbehave."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from support.loopback_tls import LoopbackTls
from support.misbehaving import Handler, on_loopback

PROJECT = "naryad-demo"
EMAIL = f"pusher@{PROJECT}.iam.gserviceaccount.com"
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


@cache
def account_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class FakeFcm:
    """`answers` by registration token, and `grant` for the token endpoint, replace what is usual."""

    url: str = ""
    token_uri: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    answers: dict[str, Handler] = field(default_factory=dict)
    grant: Handler | None = None
    expires_in: int = 3600
    grants: int = 0
    valid: set[str] = field(default_factory=set)
    assertions: list[dict[str, Any]] = field(default_factory=list)

    def account(self) -> dict[str, str]:
        """The key file that Firebase's console would give."""
        key = account_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "k1",
            "private_key": key.decode(),
            "client_email": EMAIL,
            "client_id": "1",
            "token_uri": self.token_uri,
        }

    def write_account(self, path: Path, **members: Any) -> Path:
        path.write_text(json.dumps({**self.account(), **members}))
        return path

    async def take(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["content-type"] == "application/json"
        message = (await request.json())["message"]
        token = message["token"]
        self.requests[token] += 1
        scheme, _, access = request.headers["authorization"].partition(" ")
        if scheme != "Bearer" or access not in self.valid:
            return error(401, "UNAUTHENTICATED")
        if (answer := self.answers.get(token)) is not None:
            return await answer(request)
        self.messages.append(message)
        return web.json_response({"name": f"projects/{PROJECT}/messages/{len(self.messages)}"})

    async def give_token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        assertion = form["assertion"]
        assert isinstance(assertion, str)
        assert jwt.get_unverified_header(assertion)["kid"] == "k1"
        claims = jwt.decode(
            assertion,
            account_key().public_key(),
            algorithms=["RS256"],
            audience="https://oauth2.googleapis.com/token",
            issuer=EMAIL,
            options={"require": ["exp", "iat", "iss", "aud"]},
        )
        self.assertions.append(claims)
        self.grants += 1
        if self.grant is not None:
            return await self.grant(request)
        token = f"ya29.secret-{self.grants}"
        self.valid.add(token)
        return web.json_response(
            {"access_token": token, "expires_in": self.expires_in, "token_type": "Bearer"}
        )


def error(
    status: int, name: str, code: str | None = None, *, violation: str | None = None, **headers: str
) -> web.Response:
    """An error as FCM words it."""
    details: list[dict[str, Any]] = []
    if code is not None:
        details.append({"@type": FCM_ERROR, "errorCode": code})
    if violation is not None:
        named = {"field": violation, "description": "Invalid registration token"}
        details.append({"@type": BAD_REQUEST, "fieldViolations": [named]})
    body = {"error": {"code": status, "message": "in FCM's words", "status": name, "details": details}}
    named_headers = {key.replace("_", "-"): value for key, value in headers.items()}
    return web.json_response(body, status=status, headers=named_headers)


def always(*arguments: Any, **members: Any) -> Handler:
    """Answers with this `error`."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return error(*arguments, **members)

    return answer


@asynccontextmanager
async def running_fcm(tls: LoopbackTls) -> AsyncIterator[FakeFcm]:
    """FCM over TLS; its token endpoint over http, as the credentials may say."""
    fake = FakeFcm()
    fcm, tokens = web.Application(), web.Application()
    fcm.router.add_post(f"/v1/projects/{PROJECT}/messages:send", fake.take)
    tokens.router.add_post("/token", fake.give_token)
    async with on_loopback(fcm, tls) as fcm_port, on_loopback(tokens) as tokens_port:
        fake.url = f"https://127.0.0.1:{fcm_port}"
        fake.token_uri = f"http://127.0.0.1:{tokens_port}/token"
        yield fake
