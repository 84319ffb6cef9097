"""httpx over aiohttp's connections, HTTP/1.1.

httpx's own pool looks through all its connections for each request, 18 ms with a hundred of them; its HTTP/2
(httpcore) forgets streams that were cancelled or never answered while the server counts them on, and
ends all streams of a connection with the first GOAWAY. Here a sending has its connection for itself, and
whatever becomes of it is no other's trouble.
"""

import ssl

import httpx
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    StreamReader,
    TCPConnector,
)
from yarl import URL

CONNECTIONS = 100
"""As many as a lane sends at once."""
IDLE_S = 60.0
CONNECT_S = 5.0
OPERATION_S = 8.0
ANSWER_BYTES = 64 * 1024


class Transport(httpx.AsyncBaseTransport):
    """Goes through the proxy that the environment names, if it names one; follows no redirects."""

    def __init__(self, trusted: ssl.SSLContext) -> None:
        self._trusted = trusted
        self._opened: ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer. Raises httpx.TransportError, also for an answer that no provider would give."""
        body = await request.aread()
        try:
            async with self._session().request(
                request.method,
                URL(str(request.url), encoded=True),
                data=body,
                headers=[(name.decode(), value.decode()) for name, value in request.headers.raw],
                allow_redirects=False,
            ) as response:
                content = await _read(response.content)
                return httpx.Response(response.status, headers=response.raw_headers, content=content)
        except TimeoutError as error:
            raise httpx.ReadTimeout(f"nothing within {OPERATION_S:g} s", request=request) from error
        except ClientConnectorError as error:
            raise httpx.ConnectError(str(error), request=request) from error
        except ClientError as error:
            raise httpx.ReadError(type(error).__name__, request=request) from error

    async def aclose(self) -> None:
        if self._opened is not None:
            await self._opened.close()

    def _session(self) -> ClientSession:
        """Made with the first request: it belongs to the loop that runs then."""
        if self._opened is None:
            self._opened = ClientSession(
                connector=TCPConnector(ssl=self._trusted, limit=CONNECTIONS, keepalive_timeout=IDLE_S),
                timeout=ClientTimeout(total=OPERATION_S, sock_connect=CONNECT_S),
                cookie_jar=DummyCookieJar(),
                trust_env=True,
                auto_decompress=False,
            )
        return self._opened


async def _read(stream: StreamReader) -> bytes:
    content = b""
    while chunk := await stream.readany():
        content += chunk
        if len(content) > ANSWER_BYTES:
            raise httpx.RemoteProtocolError(f"an answer of more than {ANSWER_BYTES} bytes")
    return content
