"""A running gateway."""

from dataclasses import dataclass

import httpx

from naryad_gateway.app import Gateway
from support.server import client


@dataclass
class Live:
    url: str
    app: Gateway

    def reader_of(self, http: httpx.AsyncClient) -> httpx.AsyncClient:
        """A client of the gateway with another client's token."""
        return client(self.url, self.token_of(http))

    def token_of(self, http: httpx.AsyncClient) -> str:
        return http.headers["authorization"].removeprefix("Bearer ")
