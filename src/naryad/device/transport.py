"""The requests over HTTP. Nothing here decides: every outcome becomes an `Answer`."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, assert_never, cast
from urllib.parse import urlencode

import httpx

from naryad.device.answers import Answer, Refused, Unchanged, Unintelligible, Unreachable, page, slug
from naryad.device.requests import Exchange, Poll, Request
from naryad.device.retry_after import retry_after_s
from naryad.device.session import Credentials, Profile, Session
from naryad.domain.ids import DeviceId
from naryad.domain.json import Json, JsonObject

LARGEST_ANSWER = 32 * 1024 * 1024
"""Decoded bytes; more is not an answer of ours."""

WHOLE_EXCHANGE_S = 300.0
"""An answer that trickles for longer is given up; the cursor makes the next one smaller."""

TIMEOUTS = httpx.Timeout(connect=10.0, read=60.0, write=60.0, pool=10.0)

STALE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError)
"""What a kept-alive connection looks like that the server closed while the request was leaving."""


@dataclass(frozen=True, slots=True)
class Reply:
    answer: Answer
    size: int = 0
    """Bytes of the answer's body as they travelled."""
    seconds: float = 0.0
    """From the body's first byte to its last."""


class Transport:
    """One connection to one server. Close it, or use it as a context."""

    def __init__(self, base_url: str, client: httpx.AsyncClient | None = None) -> None:
        self._base = base_url.rstrip("/")
        self._client = client or httpx.AsyncClient(timeout=TIMEOUTS, limits=httpx.Limits(max_connections=2))
        self._client.headers = httpx.Headers()  # every byte of an idle poll is paid by the worker
        for unneeded in ("accept", "connection", "user-agent"):
            self._client.headers.pop(unneeded, None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    async def sync(self, request: Request, token: str) -> Reply:
        """Send one sync request. It is idempotent, so a connection found stale costs one repetition."""
        headers = {"Authorization": f"Bearer {token}"}
        match request:
            case Poll(cursor):
                query = f"?{urlencode({'cursor': cursor})}" if cursor is not None else ""
                built = self._client.build_request("GET", f"{self._base}/v1/sync{query}", headers=headers)
            case Exchange(body=body):
                built = self._json("/v1/sync", body, headers)
            case _:
                assert_never(request)
        try:
            got = await self._fetch(built, again=True)
        except _NoAnswer as lost:
            return Reply(Unreachable(str(lost)))
        return Reply(_answer(got), got.size, got.seconds)

    async def sign_in(
        self, credentials: Credentials, device: DeviceId, profile: Profile
    ) -> Session | Refused | Unreachable:
        """POST /v1/sessions for a device. Not repeated by itself: each success makes a session."""
        body: dict[str, Json] = {
            "login": credentials.login,
            "password": credentials.password,
            "transport": "bearer",
            "device": {
                "id": str(device),
                "name": profile.name,
                "platform": profile.platform,
                "app_version": profile.app_version,
                "locale": profile.locale,
                "time_zone": profile.time_zone,
            },
        }
        try:
            got = await self._fetch(self._json("/v1/sessions", body, {}), again=False)
        except _NoAnswer as lost:
            return Unreachable(str(lost))
        if got.status != 201:
            return _refused(got)
        try:
            signed = json.loads(got.body)
            return Session(
                token=signed["token"],
                worker_id=signed["user"]["id"],
                worker_name=signed["user"]["name"],
                time_zone=signed["user"].get("time_zone") or signed["account"]["time_zone"],
                last_seq=signed["device"]["last_seq"],
            )
        except (ValueError, KeyError, TypeError) as unexpected:
            return Unreachable(f"the answer to the sign-in is not Naryad's: {unexpected!r}")

    def _json(self, path: str, body: JsonObject, headers: Mapping[str, str]) -> httpx.Request:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {**headers, "Content-Type": "application/json"}
        return self._client.build_request("POST", self._base + path, content=content, headers=headers)

    async def _fetch(self, built: httpx.Request, *, again: bool) -> "_Got":
        try:
            async with asyncio.timeout(WHOLE_EXCHANGE_S):
                return await self._fetch_once(built)
        except STALE as stale:
            if again:
                return await self._fetch(built, again=False)
            raise _NoAnswer(f"the connection broke: {stale!r}") from stale
        except (httpx.HTTPError, TimeoutError) as failed:
            raise _NoAnswer(f"the server cannot be reached: {failed!r}") from failed

    async def _fetch_once(self, built: httpx.Request) -> "_Got":
        response = await self._client.send(built, stream=True)
        try:
            body = bytearray()
            begun: float | None = None
            async for chunk in response.aiter_bytes():
                begun = begun or time.perf_counter()
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise _NoAnswer("the answer is too large to be Naryad's")
            seconds = time.perf_counter() - begun if begun else 0.0
            size = response.num_bytes_downloaded
            return _Got(response.status_code, response.headers, bytes(body), size, seconds)
        finally:
            await response.aclose()


class _NoAnswer(Exception):
    """Nothing usable came back. The message says why, in words."""


@dataclass(frozen=True, slots=True)
class _Got:
    status: int
    headers: httpx.Headers
    body: bytes
    size: int
    seconds: float


def _answer(got: _Got) -> Answer:
    if got.status == 204:
        return Unchanged()
    if got.status != 200:
        return _refused(got)
    try:
        return page(json.loads(got.body))
    except (ValueError, Unintelligible) as wrong:
        return Unreachable(f"something between the phone and Naryad answers instead: {wrong}")


def _refused(got: _Got) -> Refused:
    try:
        problem = json.loads(got.body)
    except ValueError:
        problem = {}
    said = cast("JsonObject", problem) if isinstance(problem, Mapping) else {}
    wait = retry_after_s(got.headers.get("retry-after"), got.headers.get("date"))
    return Refused(got.status, slug(said), said, wait)
