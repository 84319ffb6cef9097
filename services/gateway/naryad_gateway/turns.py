"""Whose turn it is to be told: many streams are served in portions, so that none holds up the loop.

A stream waits at most once, however much there is for it: what gathers meanwhile goes out together.
"""

import asyncio
from collections import deque

import structlog

from naryad_gateway.stream import Stream

log = structlog.get_logger()

AT_ONCE = 250


class Turns:
    def __init__(self) -> None:
        self._waiting: deque[Stream] = deque()
        self._called = False

    def add(self, stream: Stream) -> None:
        """There may be something to tell this stream."""
        if stream.waits:
            return
        stream.waits = True
        self._waiting.append(stream)
        if not self._called:
            self._called = True
            asyncio.get_running_loop().call_soon(self._some)

    def _some(self) -> None:
        for _ in range(min(AT_ONCE, len(self._waiting))):
            stream = self._waiting.popleft()
            stream.waits = False
            try:
                stream.tell()
            except Exception:  # one connection's trouble is not everyone's
                log.exception("a stream cannot be told")
                stream.cut()
        self._called = bool(self._waiting)
        if self._called:
            asyncio.get_running_loop().call_soon(self._some)
