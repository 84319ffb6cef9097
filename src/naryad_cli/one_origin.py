"""API, web apps and live events under one origin."""

from starlette.types import ASGIApp, Receive, Scope, Send

from naryad_gateway.app import Gateway

LIVE = frozenset({"/v1/events", "/v1/ws"})


class OneOrigin:
    """Sends what is live to the gateway, everything else to the API."""

    def __init__(self, api: ASGIApp, gateway: Gateway) -> None:
        self._api = api
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._gateway if scope["path"] in LIVE else self._api
        await app(scope, receive, send)

    async def drain(self) -> None:
        """End the open streams: a server does not end while one is open."""
        await self._gateway.drain()
