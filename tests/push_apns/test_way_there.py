"""The way to Apple: two environments, whom we trust, and nobody there."""

import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from naryad.domain.push_address import ApnsEnvironment
from naryad_pusher.channels.apns import heartbeat
from naryad_pusher.channels.apns.channel import APPLE, Apns
from naryad_pusher.channels.apns.credentials import read_credentials
from naryad_pusher.channels.apns.pool import Server
from naryad_pusher.channels.apns.trust import trusted
from naryad_pusher.channels.channel import Misconfigured, Retry, Sent
from support.apns.fake import FakeApns, StartFake
from support.apns.identity import Identity, make_identity
from support.apns.sending import address, deliver, impatient, message, opened, settings
from support.wait import PATIENCE_S

PRODUCTION, SANDBOX = ApnsEnvironment.PRODUCTION, ApnsEnvironment.SANDBOX


async def test_two_environments_on_different_hosts(start_fake: StartFake, identity: Identity) -> None:
    async with start_fake() as production, start_fake() as sandbox:
        one = settings(identity, production.port)
        credentials = read_credentials(one)
        assert credentials is not None
        channel = Apns(
            credentials,
            trusted(one),
            {PRODUCTION: Server("localhost", production.port), SANDBOX: Server("127.0.0.1", sandbox.port)},
        )
        sendings = [channel.send(message(), address(f"p-{n}", PRODUCTION)) for n in range(5)]
        sendings += [channel.send(message(), address(f"s-{n}", SANDBOX)) for n in range(3)]
        async with asyncio.timeout(PATIENCE_S):
            assert await asyncio.gather(*sendings) == [Sent()] * 8
        there, here = await production.report(), await sandbox.report()
        await channel.close()
    assert (there["messages"], here["messages"]) == (5, 3)
    assert there["last"]["headers"][":authority"] == f"localhost:{production.port}"
    assert here["last"]["headers"][":authority"] == f"127.0.0.1:{sandbox.port}"
    assert there["last"]["headers"]["authorization"] == here["last"]["headers"]["authorization"]


async def test_one_url_replaces_both(fake: FakeApns, channel: Apns) -> None:
    assert await channel.send(message(), address("p-1", PRODUCTION)) == Sent()
    assert await channel.send(message(), address("s-1", SANDBOX)) == Sent()
    assert (await fake.report())["messages"] == 2


def test_apples_own_addresses() -> None:
    assert {environment: server.authority for environment, server in APPLE.items()} == {
        PRODUCTION: "api.push.apple.com",
        SANDBOX: "api.sandbox.push.apple.com",
    }


async def test_an_idle_connection_is_kept(
    fake: FakeApns, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library closes it after 10 s, here after 10 ms; a PING shows that this time is over."""
    monkeypatch.setattr("aioapns.connection.APNsBaseClientProtocol.INACTIVITY_TIME", 0.01)
    monkeypatch.setattr(heartbeat, "IDLE_BEATS", 1)
    channel = impatient(settings(identity, fake.port), fake.port)
    assert await channel.send(message(), address("good-1")) == Sent()
    await fake.until(pings=1, live=1)
    assert await channel.send(message(), address("good-2")) == Sent()
    assert (await fake.report())["connections"] == 1
    await channel.close()


async def test_closing_the_channel_closes_its_connections(fake: FakeApns, channel: Apns) -> None:
    await deliver(channel, ["good-1"])
    await channel.close()
    await fake.until(live=0)


async def test_a_certificate_that_is_not_trusted(fake: FakeApns, identity: Identity, tmp_path: Path) -> None:
    """The lane pauses, and the operator reads which setting it is."""
    stranger = make_identity(tmp_path)
    channel = opened(settings(identity, fake.port).model_copy(update={"push_ca_file": stranger.certificate}))
    outcome = await channel.send(message(), address("good-1"))
    assert isinstance(outcome, Misconfigured)
    assert "NARYAD_PUSH_CA_FILE" in outcome.detail
    assert (await fake.report())["messages"] == 0
    await channel.close()


async def test_nobody_there(identity: Identity) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    channel = opened(settings(identity, port))
    outcome = await channel.send(message(), address("good-1"))
    await channel.close()
    assert isinstance(outcome, Retry)
    assert f"localhost:{port} cannot be reached" in outcome.detail


async def test_a_hundred_who_wait_share_one_attempt_to_connect(identity: Identity) -> None:
    """And its failure: a provider that is down is not stormed."""
    attempts = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal attempts
        attempts += 1
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        channel = opened(settings(identity, server.sockets[0].getsockname()[1]))
        async with asyncio.timeout(PATIENCE_S):
            outcomes = await asyncio.gather(
                *(channel.send(message(), address(f"good-{n}")) for n in range(100))
            )
        await channel.close()
    assert all(isinstance(outcome, Retry) for outcome in outcomes)
    assert attempts == 1


async def test_a_server_without_http2(identity: Identity) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(identity.certificate, identity.key)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls) as server:
        port: int = server.sockets[0].getsockname()[1]
        channel = opened(settings(identity, port))
        async with asyncio.timeout(PATIENCE_S):
            outcome = await channel.send(message(), address("good-1"))
        await channel.close()
    assert outcome == Retry(f"localhost:{port} does not speak HTTP/2: is a proxy in between?")


async def test_a_cancelled_sending_does_not_end_the_connecting_of_others(
    fake: FakeApns, channel: Apns
) -> None:
    tasks = [asyncio.create_task(channel.send(message(), address(f"good-{n}"))) for n in range(10)]
    await asyncio.sleep(0)  # all of them wait for the connection
    tasks[0].cancel()
    async with asyncio.timeout(PATIENCE_S):
        assert await asyncio.gather(*tasks[1:]) == [Sent()] * 9
    report = await fake.report()
    assert (report["connections"], report["messages"]) == (1, 9)


async def test_connections_when_the_stream_numbers_are_used_up(fake: FakeApns, channel: Apns) -> None:
    """After 2^30 messages: the next goes over a new connection."""
    assert await channel.send(message(), address("good-1")) == Sent()
    pool = channel._pool(PRODUCTION)
    (await pool.acquire()).conn.highest_outbound_stream_id = 2**31 - 3
    done = await deliver(channel, [f"good-{n}" for n in range(2, 30)])
    assert done.retries == []
    report = await fake.report()
    assert (report["connections"], report["messages"], report["doubles"]) == (2, 29, 0)
