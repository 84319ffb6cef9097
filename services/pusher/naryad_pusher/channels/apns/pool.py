"""The connection to one of Apple's servers, opened when it is needed and opened anew when it has ended.

One is enough: it carries a thousand messages at a time, and Apple takes many at once for an attack.
"""

import asyncio
import ssl
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from aioapns.connection import APNsBaseConnectionPool

from naryad_pusher.channels.apns.connection import Connection
from naryad_pusher.channels.apns.heartbeat import BEAT_S

CONNECT_S = 8.0  # within a sending's 10 s, so that the reason is told
CLOSE_S = 2.0


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int = 443

    @classmethod
    def from_url(cls, url: str) -> "Server":
        parts = urlsplit(url)
        assert parts.hostname is not None  # the setting's pattern says so
        return cls(parts.hostname, parts.port or 443)

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"


class NoHttp2(OSError):
    """What answers there does not speak HTTP/2: something is in between."""


class Pool(APNsBaseConnectionPool):
    def __init__(self, server: Server, topic: str, tls: ssl.SSLContext, beat_s: float = BEAT_S) -> None:
        super().__init__(topic=topic, max_connections=1, max_connection_attempts=1)
        self.server = server
        self._topic = topic
        self._tls = tls
        self._beat_s = beat_s
        self._living: set[Connection] = set()
        self._opening: asyncio.Task[Connection] | None = None

    async def acquire(self) -> Connection:
        """The connection that is there, or a new one. Raises OSError, TimeoutError among it.

        All who wait for it share one attempt, and its failure; a cancelled one takes nothing from the others.
        """
        for connection in self.connections:
            if isinstance(connection, Connection) and connection.takes_messages:
                return connection
        if self._opening is None:
            self._opening = asyncio.create_task(
                self.create_connection(), name=f"connect to {self.server.host}"
            )
            self._opening.add_done_callback(self._opened)
        return await asyncio.shield(self._opening)

    async def create_connection(self) -> Connection:
        async with asyncio.timeout(CONNECT_S):
            transport, connection = await self.loop.create_connection(
                partial(Connection, self._topic, self._leave, self._beat_s),
                self.server.host,
                self.server.port,
                ssl=self._tls,
            )
        tls = transport.get_extra_info("ssl_object")
        if tls.selected_alpn_protocol() != "h2":
            connection.abort()
            raise NoHttp2(f"{self.server.authority} does not speak HTTP/2: is a proxy in between?")
        self._living.add(connection)
        self.connections.append(connection)
        return connection

    async def end(self) -> None:
        """Close what is open, and wait for it."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        for connection in self._living:
            connection.close()
        try:
            async with asyncio.timeout(CLOSE_S):
                for connection in self._living:
                    await connection.ended.wait()
        except TimeoutError:
            for connection in self._living:
                connection.abort()
        self._living.clear()

    def _opened(self, task: "asyncio.Task[Connection]") -> None:
        self._opening = None
        if not task.cancelled():
            task.exception()  # seen here too: those who waited may all have been cancelled

    def _leave(self, connection: Connection) -> None:
        if connection in self.connections:
            self.discard_connection(connection)
