"""The model server behind a real socket: HTTP/1.1 by hand, with the faults of bad networks."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from support.model_server import ModelServer

Answer = tuple[int, dict[str, str], bytes]
NO_CONTENT = 204


@dataclass
class ModelHttp:
    """`faults` are taken one by request, oldest first: `cut` (before anything is done), `lost reply`
    (done, then cut), or an answer to give instead."""

    model: ModelServer
    url: str = ""
    password: str = "demo"
    tokens: set[str] = field(default_factory=set)
    faults: list[str | Answer] = field(default_factory=list)
    seen: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    connections: int = 0
    during: Callable[[], object] | None = None
    """Done once, while a request is being answered."""

    def revoke_all(self) -> None:
        self.tokens.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode().split("\r\n")[:-2]
                method, target, _ = first.split(" ")
                headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                sent = json.loads(body) if body else None
                self.seen.append((method, target, headers, sent))
                if self.during:
                    during, self.during = self.during, None
                    during()
                fault = self.faults.pop(0) if self.faults else None
                if fault == "cut":
                    break
                answer = fault if isinstance(fault, tuple) else self.answer(method, target, headers, sent)
                if fault == "lost reply":
                    break
                writer.write(_http(*answer))
                await writer.drain()
                if fault == "stale":  # closed behind the client's back, as after a keep-alive timeout
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client went away
        finally:
            writer.close()

    def answer(self, method: str, target: str, headers: dict[str, str], sent: Any) -> Answer:
        where = urlsplit(target)
        if where.path == "/v1/sessions":
            return self._sign_in(sent)
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return problem(401, "unauthenticated")
        if method == "GET":
            cursor = parse_qs(where.query).get("cursor", [None])[0]
            return _json(*self.model.get(cursor))
        return _json(*self.model.post(sent))

    def _sign_in(self, sent: Any) -> Answer:
        if sent["password"] != self.password:
            return problem(401, "wrong-credentials")
        token = f"token-{len(self.tokens)}-{len(self.seen)}"
        self.tokens.add(token)
        user = {"id": "018f0000-0000-7000-8000-00000000aaaa", "name": "Иван"}
        device = {"id": sent["device"]["id"], "last_seq": len(self.model.receipts)}
        account = {"time_zone": "Europe/Moscow"}
        return _json(201, {"token": token, "user": user, "account": account, "device": device})


@asynccontextmanager
async def model_http(model: ModelServer) -> AsyncIterator[ModelHttp]:
    served = ModelHttp(model)
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield served
    finally:
        server.close()


def problem(status: int, slug: str, **headers: str) -> Answer:
    body = {"type": f"urn:naryad:problem:{slug}", "title": slug, "status": status}
    return status, headers, json.dumps(body).encode()


def _json(status: int, body: Any) -> Answer:
    return status, {}, b"" if body is None else json.dumps(body, ensure_ascii=False).encode()


def _http(status: int, headers: dict[str, str], body: bytes) -> bytes:
    lines = [
        f"HTTP/1.1 {status} Said",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    if status != NO_CONTENT:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
