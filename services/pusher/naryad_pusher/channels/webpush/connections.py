"""Connections to push services, and to nothing else.

An endpoint is a URL that a browser chose. Its host is checked against the list before each sending; here the
address is checked to which the name leads at the moment of connecting. A name of the list that leads into
our own network leads nowhere: an internal address must itself be on the list. Only `localhost`, when it is
listed, leads to loopback.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

CONNECTIONS = 100
"""As many as a lane sends at once."""
IDLE_S = 60.0
ANSWER_S = 9.0
"""Less than the attempt's patience."""
CONNECT_S = 5.0
LOOKUPS_AT_ONCE = 4
LOCALHOST = "localhost"
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052


class InternalAddress(OSError):
    """A push service's name leads to an address that is not on the list."""


def open_connections(hosts: Iterable[str], trusted: ssl.SSLContext) -> ClientSession:
    """Needs the running loop. Without cookies, and through no proxy: that would look names up itself."""
    return ClientSession(
        connector=TCPConnector(
            ssl=trusted,
            limit=CONNECTIONS,
            keepalive_timeout=IDLE_S,
            resolver=ListedResolver(hosts),
        ),
        timeout=ClientTimeout(total=ANSWER_S, sock_connect=CONNECT_S),
        cookie_jar=DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
    )


class ListedResolver(AbstractResolver):
    """Looks names up in threads of its own: a slow name server must not take those of the process."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._listed = frozenset(one.lower().strip("[]") for one in hosts)
        self._threads = ThreadPoolExecutor(LOOKUPS_AT_ONCE, "webpush-names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises InternalAddress, and OSError for a name that leads nowhere."""
        look = partial(socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look)
        allowed = [
            ResolveResult(
                hostname=host, host=str(where[0]), port=port, family=kind, proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, proto, _, where in found
            if self._may_lead(host, str(where[0]))
        ]  # fmt: skip
        if not allowed:
            raise InternalAddress(f"{host} leads to an internal address, which NARYAD_WEBPUSH_HOSTS lacks")
        return allowed

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _may_lead(self, host: str, where: str) -> bool:
        address = ip_address(where.split("%")[0])
        if isinstance(address, IPv6Address):
            address = _carried(address) or address
        if address.is_loopback and host == LOCALHOST and LOCALHOST in self._listed:
            return True
        is_public = address.is_global and not address.is_multicast
        return is_public or str(address) in self._listed


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that is meant: mapped, by 6to4 or by NAT64."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
