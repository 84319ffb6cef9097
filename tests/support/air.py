"""The air between one phone and the server: every fault that a bad network and a dying server have."""

from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

from support.deaths import Deaths

Event = Callable[[], Awaitable[None]]


class Fault(StrEnum):
    """What becomes of one sync request."""

    NONE = "it arrives and is answered"
    LOST_REQUEST = "it never arrives"
    LOST_REPLY = "done, the answer is lost"
    STALE = "done, the connection breaks, the phone repeats at once"
    DOUBLED = "it arrives twice"
    DELAYED = "it arrives some day, after newer ones"
    DIES_AT_COMMIT = "the database loses the connection at the commit"
    DIES_AFTER_COMMIT = "committed, then the server dies before it answers"
    DIES_AFTER_ANSWER = "the answer is out, then the server is killed"
    PHONE_DIES = "answered, but the phone dies before it has taken that in"


class PhoneDied(BaseException):
    """Nothing of the program goes on, so nothing may catch it as an error."""


@dataclass(frozen=True)
class Answered:
    """An answer that reached the phone as its last page, and what was true at that moment."""

    truth: Any


@dataclass
class Air(httpx.AsyncBaseTransport):
    """`faults`, `before` and `after` are taken one by sync request, oldest first: what goes wrong, and what
    happens elsewhere just before the server has it, and after the server has answered."""

    server: httpx.AsyncBaseTransport
    deaths: Deaths
    look: Callable[[], Awaitable[Any]]
    """Reads the truth, at the moment of an answer."""
    arrived: Callable[[Any], object] = lambda truth: None
    """Told that the phone has taken in a last page, with what was true when that was answered."""
    afterwards: Event | None = None
    """What the server still does after an answer is out: nothing, in the real build."""
    faults: deque[Fault] = field(default_factory=deque)
    before: deque[Event] = field(default_factory=deque)
    after: deque[Event] = field(default_factory=deque)
    delayed: list[httpx.Request] = field(default_factory=list)
    last: Answered | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.settled()
        if request.url.path != "/v1/sync":
            return (await self._deliver(request)).response()
        fault = self.faults.popleft() if self.faults else Fault.NONE
        if self.before:
            await self.before.popleft()()
        match fault:
            case Fault.LOST_REQUEST:
                raise httpx.ConnectTimeout("lost request", request=request)
            case Fault.DELAYED:
                self.delayed.append(request)
                raise httpx.ReadTimeout("delayed request", request=request)
            case Fault.DOUBLED:
                await self._deliver(request)
        with self._death(fault):
            came = await self._deliver(request)
        truth = await self.look()
        if fault is Fault.DIES_AFTER_ANSWER:
            await self.deaths.now()
        if self.afterwards:
            await self.afterwards()
        if self.after:
            await self.after.popleft()()
        match fault:
            case Fault.LOST_REPLY:
                raise httpx.ReadTimeout("lost reply", request=request)
            case Fault.STALE:
                raise httpx.ReadError("broken connection", request=request)
            case Fault.PHONE_DIES:
                raise PhoneDied
        self.last = Answered(truth) if came.is_last_page() else None
        return came.response()

    def _death(self, fault: Fault) -> AbstractContextManager[None]:
        match fault:
            case Fault.DIES_AT_COMMIT:
                return self.deaths.at_the_next_commit()
            case Fault.DIES_AFTER_COMMIT:
                return self.deaths.after_the_next_commit()
            case _:
                return nullcontext()

    async def deliver_delayed(self) -> None:
        """A request of long ago arrives; nobody waits for its answer any more."""
        if self.delayed:
            await self._deliver(self.delayed.pop(0))

    def settled(self) -> None:
        """The phone has taken in what it was answered last."""
        last, self.last = self.last, None
        if last is not None:
            self.arrived(last.truth)

    async def _deliver(self, request: httpx.Request) -> "_Came":
        """Each delivery is a request of its own; the whole answer is read before it travels on."""
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        response = await self.server.handle_async_request(copy)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        body = b"".join([chunk async for chunk in response.stream])
        return _Came(response.status_code, response.headers, body)


@dataclass(frozen=True)
class _Came:
    status: int
    headers: httpx.Headers
    body: bytes

    def response(self) -> httpx.Response:
        return httpx.Response(self.status, headers=self.headers, stream=httpx.ByteStream(self.body))

    def is_last_page(self) -> bool:
        """After it the phone holds everything up to the moment of the answer."""
        if self.status != 200:
            return self.status == 204
        decoded = httpx.Response(200, headers=self.headers, content=self.body).json()
        return decoded["more"] is False
