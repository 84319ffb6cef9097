"""What ASGI has no words for: the TCP connection under a stream."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from starlette.types import Send

SILENT_MS = 60_000
"""A phone that lost its network says no good-bye: after so long without an answer it counts as gone."""


def cutter(send: Send) -> Callable[[], object]:
    """A function that ends this request's connection at once, dropping what is still unsent.

    uvicorn hands `send` as a method of an object that knows the transport; its own way, `close()`,
    waits for a reader that may never read. Elsewhere the request's task is cancelled.
    """
    transport = _transport(send)
    if transport is not None:
        return transport.abort  # type: ignore[no-any-return]
    task = asyncio.current_task()
    assert task is not None
    return task.cancel


def expect_answers(send: Send) -> None:
    """Have the kernel end the connection when the other side stops acknowledging (Linux, tcp(7))."""
    transport = _transport(send)
    reached = transport.get_extra_info("socket") if transport is not None else None
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None and reached is not None and reached.family in (socket.AF_INET, socket.AF_INET6):
        reached.setsockopt(socket.IPPROTO_TCP, option, SILENT_MS)


def _transport(send: Send) -> Any:
    return getattr(getattr(send, "__self__", None), "transport", None)
