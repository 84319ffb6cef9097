"""What ASGI has no words for: the TCP connection under a stream.

uvicorn (0.54) hands `send` as a method of an object that knows the transport. Its keepers are the
tests in tests/gateway/test_connection.py, which fail when that changes.
"""

import asyncio
import socket

from starlette.types import Send

SILENT_MS = 60_000
"""A phone that lost its network says no good-bye: after so long without an answer it counts as gone."""


class HandedOver(Exception):
    """What uvicorn is told of a connection that it no longer serves."""


def transport_of(send: Send) -> asyncio.Transport:
    """The connection of this request."""
    transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
    return transport


def hand_over(transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
    """From here the connection is `protocol`'s, as uvicorn does itself when one becomes a WebSocket.

    For uvicorn it is lost: it forgets the request, its parser and its task, which cost 9 kB a stream.
    """
    before = transport.get_protocol()
    transport.set_protocol(protocol)
    before.connection_lost(HandedOver())


def expect_answers(transport: asyncio.Transport) -> None:
    """Have the kernel end the connection when the other side stops acknowledging (Linux, tcp(7))."""
    reached = transport.get_extra_info("socket")
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None and reached is not None and reached.family in (socket.AF_INET, socket.AF_INET6):
        reached.setsockopt(socket.IPPROTO_TCP, option, SILENT_MS)
