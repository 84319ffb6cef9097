"""One message on its way to APNs, and its answer as it comes in pieces."""

import asyncio
import json
from dataclasses import dataclass, field

from naryad_pusher.channels.apns.payload import Headers

MAX_BYTES = 4096  # an answer of Apple has less than 100


@dataclass(frozen=True, slots=True)
class Answer:
    """`reason` is Apple's word, or None where the answer has none; `timestamp` in ms since the epoch."""

    status: int
    reason: str | None = None
    timestamp: int | None = None
    retry_after: str | None = None


@dataclass(slots=True, eq=False)
class Exchange:
    """`rest` of the body is still to be sent, on `stream` once it has begun."""

    headers: Headers
    rest: bytes
    answer: "asyncio.Future[Answer]"
    stream: int | None = None
    heard: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    def hear(self, data: bytes) -> None:
        self.body += data[: MAX_BYTES - len(self.body)]

    def complete(self) -> None:
        """The answer has ended. Without a body, or with one that says nothing, it still has its status."""
        if self.answer.done():
            return
        status = self.heard.get(":status", "")
        said = _read(self.body)
        reason, timestamp = said.get("reason"), said.get("timestamp")
        self.answer.set_result(
            Answer(
                status=int(status) if status.isdecimal() else 0,
                reason=reason if isinstance(reason, str) and reason else None,
                timestamp=timestamp if isinstance(timestamp, int) else None,
                retry_after=self.heard.get("retry-after"),
            )
        )

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


def _read(body: bytearray) -> dict[str, object]:
    try:
        said = json.loads(body) if body else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
