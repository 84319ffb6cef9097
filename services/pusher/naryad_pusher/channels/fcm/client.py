"""firebase-admin's asynchronous client without what makes it unfit for a server that sends for hours.

It goes by private attributes, hence the pinned version and `tests/push_fcm/test_contract.py`:
- its retries keep every refused answer open: after about 100 of them the pool is empty and all hangs.
  Ours are in the table of deliveries.
- its connections are httpx's: see transport.py. They know no certificates but the public ones, and read
  answers of any size.
- it asks for access tokens in the midst of a request, blocking: see access.py.
"""

import ssl

import httpx
from firebase_admin import App, messaging
from firebase_admin._http_client import HttpxAsyncClient
from firebase_admin.credentials import Certificate

from naryad_pusher.channels.fcm.transport import OPERATION_S, Transport


class Client:
    """Posts messages to one Firebase project. `http` is for other requests on the same terms."""

    def __init__(self, certificate: Certificate, base_url: str | None, trusted: ssl.SSLContext) -> None:
        self.http = httpx.AsyncClient(
            transport=Transport(trusted), headers={"accept-encoding": "identity"}, timeout=OPERATION_S
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
