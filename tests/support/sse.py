"""A reader of text/event-stream, as a client library would be: no more than the wire says."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Heard:
    event: str
    id: str | None
    data: Any

    @property
    def version(self) -> int:
        assert self.id is not None
        return int(self.id.rpartition(".")[2])


@dataclass
class Reader:
    """What one stream said so far."""

    response: httpx.Response
    heard: list[Heard] = field(default_factory=list)
    retry: int | None = None
    ended: bool = False
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def read(self) -> None:
        event: dict[str, str] = {}
        try:
            async for line in self.response.aiter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                    continue
                if "retry" in event:
                    self.retry = int(event["retry"])
                if "event" in event:
                    await self._say(Heard(event["event"], event.get("id"), json.loads(event["data"])))
                event = {}
        except httpx.TransportError:
            pass  # a cut is an end like any other: the next stream resumes by position
        finally:
            self.ended = True
            async with self._more:
                self._more.notify_all()

    async def _say(self, heard: Heard) -> None:
        async with self._more:
            self.heard.append(heard)
            self._more.notify_all()

    async def until(self, condition: Callable[["Reader"], object], seconds: float = 15) -> None:
        """Wait until the condition holds of what was heard."""
        async with asyncio.timeout(seconds), self._more:
            await self._more.wait_for(lambda: condition(self))

    def named(self, event: str) -> list[Heard]:
        return [one for one in self.heard if one.event == event]

    @property
    def changes(self) -> list[Heard]:
        return self.named("change")

    @property
    def last_id(self) -> str | None:
        return next((one.id for one in reversed(self.heard) if one.id), None)


@asynccontextmanager
async def listening(http: httpx.AsyncClient, **options: Any) -> AsyncIterator[Reader]:
    """An open stream, read in the background."""
    async with http.stream("GET", "/v1/events", timeout=None, **options) as response:
        reader = Reader(response)
        task = asyncio.create_task(reader.read())
        try:
            yield reader
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
