"""An endpoint is a stranger's URL: it leads to a listed push service, or nowhere."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from naryad.settings import Settings
from naryad_pusher.channels.channel import Rejected, Retry, Sent
from naryad_pusher.channels.webpush.webpush import WebPush
from push_web.opened import opened
from support.misbehaving import plain
from support.push_messages import message
from support.push_service import FakePushService


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, list[object]]]:
    """A port, and who connected to it."""
    came: list[object] = []

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("peername"))
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], came


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the name server says; nothing of other names."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look(host: str, port: int, *args: object, **kwargs: object) -> list[object]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [one for address in known[host] for one in real(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return known


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://localhost:{port}/push/x",
        "https://127.0.0.2:{port}/push/x",
        "https://[::1]:{port}/push/x",
        "http://localhost:{port}/push/x",
        "https://evil.example:{port}/push/x",
        "https://127.0.0.1@localhost:{port}/push/x",
        "https://localhost:{port}\\@127.0.0.1/push/x",
        "https://127.0.0.1.localhost:{port}/push/x",
        "https://2130706433:{port}/push/x",
        "https://0x7f.1:{port}/push/x",
        "ftp://127.0.0.1:{port}/push/x",
        "https://127.0.0.1:99999/push/x",
        "https://127.0.0.1",
        "not a url",
        "",
    ],
)
async def test_a_host_that_is_not_listed_is_refused_without_a_connection(
    settings: Settings, service: FakePushService, endpoint: str
) -> None:
    only = settings.model_copy(update={"webpush_hosts": "127.0.0.1"})
    async with listening() as (port, came), opened(only) as webpush:
        address = service.subscribe()
        leading = type(address)(
            endpoint.format(port=port), address.p256dh, address.auth, address.registered_at
        )
        assert isinstance(await webpush.send(message(), leading), Rejected)
    assert came == []


async def test_without_a_list_only_the_browsers_services_are_called(
    settings: Settings, service: FakePushService
) -> None:
    async with opened(settings.model_copy(update={"webpush_hosts": None})) as webpush:
        assert isinstance(await webpush.send(message(), service.subscribe()), Rejected)
    assert not service.requests


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "100.64.0.1", "169.254.169.254", "0.0.0.0"),
        *("224.0.0.1", "::1", "::", "fd00::1", "fe80::1", "ff02::1"),
        *("::ffff:127.0.0.1", "2002:7f00:1::1", "64:ff9b::7f00:1"),
    ],
)
async def test_a_listed_name_that_leads_into_our_own_network_leads_nowhere(
    settings: Settings, service: FakePushService, names: dict[str, list[str]], address: str
) -> None:
    port = service.url.rpartition(":")[2]
    names["edge.push.example"] = [address]
    async with opened(settings.model_copy(update={"webpush_hosts": "*.push.example"})) as webpush:
        outcome = await webpush.send(message(), service.subscribe(url=f"https://edge.push.example:{port}"))
    assert isinstance(outcome, Rejected)
    assert outcome.detail.startswith("edge.push.example leads to an internal address")
    assert not service.requests


async def test_it_leads_there_when_the_address_itself_is_listed(
    settings: Settings, service: FakePushService, names: dict[str, list[str]]
) -> None:
    """A push service of the company's own."""
    port = service.url.rpartition(":")[2]
    names["push.example"] = ["10.1.2.3", "127.0.0.1"]
    async with opened(settings.model_copy(update={"webpush_hosts": "push.example,127.0.0.1"})) as webpush:
        assert await webpush.send(message(), service.subscribe(url=f"https://push.example:{port}")) == Sent()


async def test_localhost_when_it_is_listed_leads_to_loopback_and_to_nothing_else(
    settings: Settings, service: FakePushService, names: dict[str, list[str]]
) -> None:
    port = service.url.rpartition(":")[2]
    at_localhost = service.subscribe(url=f"https://localhost:{port}")
    only = settings.model_copy(update={"webpush_hosts": "localhost"})
    names["localhost"] = ["127.0.0.1"]
    async with opened(only) as webpush:
        assert await webpush.send(message(), at_localhost) == Sent()
    names["localhost"] = ["10.1.2.3"]
    async with opened(only) as webpush:
        assert isinstance(await webpush.send(message(), at_localhost), Rejected)


async def test_a_name_that_is_not_known_is_asked_for_again_later(
    settings: Settings, service: FakePushService, names: dict[str, list[str]]
) -> None:
    async with opened(settings.model_copy(update={"webpush_hosts": "*.push.example"})) as webpush:
        outcome = await webpush.send(message(), service.subscribe(url="https://edge.push.example"))
    assert outcome == Retry("edge.push.example: the name is not known")


async def test_a_redirect_into_our_own_network_is_not_followed(
    webpush: WebPush, service: FakePushService
) -> None:
    async with listening() as (port, came):
        service.answers["s3cret-of-ivan"] = plain(307, b"", location=f"http://127.0.0.1:{port}/")
        assert isinstance(await webpush.send(message(), service.subscribe()), Retry)
    assert came == []
