"""firebase-admin's asynchronous client without what makes it unfit for a server that sends for hours.

It goes by private attributes, hence the pinned version and `tests/push_fcm/test_contract.py`:
- its retries keep every refused answer open: after about 100 of them the pool is empty and all hangs.
  Ours are in the table of deliveries.
- its HTTP/2 (httpcore) forgets streams that were cancelled or never answered, while the server counts
  them on, and ends all streams of a connection with the first GOAWAY. Over HTTP/1.1 a sending has its
  connection for itself, and whatever becomes of it is no other's trouble.
- it asks for access tokens in the midst of a request, blocking: see access.py.
- it knows no certificates but the public ones, and reads answers of any size.
"""

import ssl
from collections.abc import AsyncIterator

import httpx
from firebase_admin import App, messaging
from firebase_admin._http_client import HttpxAsyncClient
from firebase_admin.credentials import Certificate

CONNECTIONS = 100
"""As many as a lane sends at once."""
IDLE_S = 60.0
OPERATION_S = 8.0
ANSWER_BYTES = 64 * 1024


class Client:
    """Posts messages to one Firebase project."""

    def __init__(self, certificate: Certificate, base_url: str | None, trusted: ssl.SSLContext) -> None:
        self.http = httpx.AsyncClient(
            http2=False,
            verify=trusted,
            timeout=OPERATION_S,
            limits=httpx.Limits(
                max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=IDLE_S
            ),
            headers={"accept-encoding": "identity"},
            event_hooks={"response": [_bound]},
        )
        self._service = messaging._MessagingService(App("naryad", certificate, {}))
        if base_url is not None:
            path = f"/v1/projects/{certificate.project_id}/messages:send"
            self._service._fcm_url = base_url + path
        client: HttpxAsyncClient = self._service._async_client
        client._async_client = self.http  # its retries are the transport's that goes with the old one
        client._timeout = OPERATION_S

    async def post(self, access_token: str, body: bytes) -> httpx.Response:
        """Whatever the answer is. Raises httpx.HTTPError."""
        headers = {
            **self._service._fcm_headers,
            "authorization": f"Bearer {access_token}",
            "content-type": "application/json",
        }
        try:
            response: httpx.Response = await self._service._async_client.request(
                "post", url=self._service._fcm_url, headers=headers, content=body
            )
        except httpx.HTTPStatusError as error:
            return error.response
        return response

    async def close(self) -> None:
        await self.http.aclose()


async def _bound(response: httpx.Response) -> None:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    response.stream = _Bounded(response.stream)


class _Bounded(httpx.AsyncByteStream):
    """Ends an answer that no provider would give."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for chunk in self._stream:
            seen += len(chunk)
            if seen > ANSWER_BYTES:
                raise httpx.RemoteProtocolError(f"an answer of more than {ANSWER_BYTES} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
