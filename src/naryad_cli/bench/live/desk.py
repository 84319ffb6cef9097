"""Dispatchers at work: changes of one job per company, made through the API over kept connections."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

from naryad.db.bench.companies import browser_token, worker_of
from naryad.db.embedded.cluster import HOST
from naryad.domain.job import nest
from naryad_cli.bench.typical_jobs import typical_jobs

CONNECTIONS = 8
PATIENCE_S = 5
"""How long writers may fall behind their pace, beside as long again as they were to take."""


class Line:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, token: str, body: object) -> dict[str, Any]:
        """Raises RuntimeError when the answer is no success."""
        content = json.dumps(body, ensure_ascii=False).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: naryad\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        reader, writer = await self._connected()
        writer.write(head.encode() + content)
        answered = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(answered.split("content-length: ", 1)[1].split("\r\n", 1)[0])
        told = await reader.readexactly(length)
        if not answered.startswith("http/1.1 2"):
            raise RuntimeError(f"{method} {path} was answered {answered.splitlines()[0]}: {told[:300]!r}")
        answer: dict[str, Any] = json.loads(told)
        return answer

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Anew, where the server has closed it meanwhile: it was idle for long."""
        if self._connection is None or self._connection[0].at_eof():
            self._connection = await asyncio.open_connection(HOST, self._port)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection[1].close()


async def evenly(
    per_s: float, seconds: float, lines: Sequence[Line], write: Callable[[Line], Awaitable[object]]
) -> int:
    """Writes at an even pace over all lines, as long as the answers keep up; how many were made."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    places = iter(range(round(per_s * seconds)))
    made = 0

    async def one_line(line: Line) -> None:
        nonlocal made
        for place in places:
            await asyncio.sleep(begun + place / per_s - loop.time())
            if loop.time() - begun > 2 * seconds + PATIENCE_S:
                return
            await write(line)
            made += 1

    await asyncio.gather(*(one_line(line) for line in lines))
    return made


class Desk:
    """Of several companies, each with one job that is changed again and again."""

    def __init__(self, lines: Sequence[Line], jobs: dict[int, str]) -> None:
        self.lines = lines
        self._jobs = jobs
        self._numbers = count(1)

    async def write(self, company: int, line: Line) -> int:
        """Change the company's job; its new version."""
        text = f"Заменить счётчик горячей воды, старый сдать на склад по акту № {next(self._numbers)}."
        job = await line.ask(
            "PATCH", f"/v1/jobs/{self._jobs[company]}", browser_token(company, 1), {"description": text}
        )
        return int(job["version"])

    async def write_at(self, per_s: float, seconds: float, company: int) -> int:
        """At an even pace, as long as the answers keep up with it; how many changes were made."""
        return await evenly(per_s, seconds, self.lines, lambda line: self.write(company, line))

    async def write_for(self, seconds: float, companies: Sequence[int]) -> float:
        """As fast as it is answered, each connection in companies of its own; changes a second."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        made = 0

        async def one_line(number: int, line: Line) -> None:
            nonlocal made
            mine = companies[number :: len(self.lines)] or companies
            for turn in count():
                if loop.time() - begun >= seconds:
                    return
                await self.write(mine[turn % len(mine)], line)
                made += 1

        await asyncio.gather(*(one_line(number, line) for number, line in enumerate(self.lines)))
        return made / (loop.time() - begun)


@asynccontextmanager
async def desk(port: int, companies: Sequence[int], connections: int = CONNECTIONS) -> AsyncIterator[Desk]:
    """At an API process, with a published job of today in each company."""
    lines = [Line(port) for _ in range(connections)]
    try:
        jobs = {}
        for company in companies:
            fields = nest(typical_jobs(datetime.now(UTC))[company % 40])
            jobs[company] = (
                await lines[0].ask(
                    "POST",
                    "/v1/jobs",
                    browser_token(company, 1),
                    {
                        **fields,
                        "external_id": None,
                        "assignees": [{"worker_id": str(worker_of(company))}],
                        "state": "published",
                    },
                )
            )["id"]
        yield Desk(lines, jobs)
    finally:
        for line in lines:
            line.close()
