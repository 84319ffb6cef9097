"""What we lean on in aioapns and h2, and what aioapns does without our changes.

The second half is the control of the other tests here: on the library as it comes, the fakes show its faults.
One that goes red after an update says: look whether our replacement is still needed.
"""

import asyncio
import inspect
import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aioapns import NotificationRequest, PushType
from aioapns.connection import APNsBaseConnectionPool, APNsKeyConnectionPool, APNsTLSClientProtocol
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, ResponseReceived
from hyperframe.frame import GoAwayFrame

from naryad_pusher.channels.apns.connection import Connection
from naryad_pusher.channels.apns.http2 import Http2, PlainEncoder
from naryad_pusher.channels.apns.pool import Pool
from support.apns.fake import FakeApns, StartFake
from support.apns.identity import KEY_ID, TEAM_ID, TOPIC, Identity
from support.apns.sending import message
from support.wait import PATIENCE_S


@pytest.mark.parametrize("name", ["connection_made", "flush", "refresh_inactivity_timer", "close"])
def test_the_protocol_has_what_we_use_or_replace(name: str) -> None:
    assert inspect.isfunction(getattr(APNsTLSClientProtocol, name))


@pytest.mark.parametrize("name", ["acquire", "create_connection", "discard_connection"])
def test_the_pool_has_what_we_use_or_replace(name: str) -> None:
    assert inspect.isfunction(getattr(APNsBaseConnectionPool, name))


async def test_the_protocols_own_attributes() -> None:
    """The base must set each of them: ours would otherwise be a new name that nobody reads."""
    plain = APNsTLSClientProtocol(TOPIC)
    for name in ("conn", "transport", "loop", "inactivity_timer"):
        assert name in vars(plain), name
    assert "self.conn.initiate_connection()" in inspect.getsource(APNsTLSClientProtocol.__mro__[2])
    assert isinstance(Connection(TOPIC, lambda _: None).conn, Http2)


async def test_the_pools_own_attributes() -> None:
    plain = APNsBaseConnectionPool(TOPIC)
    for name in ("connections", "loop"):
        assert name in vars(plain), name
    assert issubclass(Pool, APNsBaseConnectionPool)


def test_h2_has_what_we_replace() -> None:
    assert inspect.isfunction(H2Connection._receive_goaway_frame)
    assert "encoder" in vars(H2Connection())
    assert "self.encoder" in inspect.getsource(H2Connection.send_headers)
    parameters = inspect.signature(PlainEncoder.__mro__[1].encode).parameters
    assert list(parameters) == ["self", "headers", "huffman"]
    assert "highest_outbound_stream_id" in vars(H2Connection())


@pytest.mark.parametrize(("made", "survives"), [(Http2, True), (H2Connection, False)])
def test_answers_after_a_goodbye(made: type[H2Connection], survives: bool) -> None:
    """h2 as it comes refuses them: our replacement is called, and still needed."""
    client, server = made(), H2Connection(H2Configuration(client_side=False))
    client.initiate_connection()
    client.send_headers(1, [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/")])
    server.receive_data(client.data_to_send())
    goaway = GoAwayFrame(0)
    goaway.last_stream_id = 1
    farewell = client.receive_data(goaway.serialize())
    assert any(isinstance(event, ConnectionTerminated) and event.last_stream_id == 1 for event in farewell)
    server.send_headers(1, [(":status", "200")], end_stream=True)
    if survives:
        assert any(
            isinstance(event, ResponseReceived) for event in client.receive_data(server.data_to_send())
        )
    else:
        with pytest.raises(Exception, match="CLOSED"):
            client.receive_data(server.data_to_send())


# The library as it comes.


class Plain(APNsTLSClientProtocol):
    """Nothing changed but the address."""

    APNS_SERVER = "localhost"


@pytest.fixture
async def fake(start_fake: StartFake) -> AsyncIterator[FakeApns]:
    """With APNs's one stream in the beginning the library falls over before it shows its other faults."""
    async with start_fake(first_streams=1000) as running:
        yield running


@pytest.fixture
def plain(fake: FakeApns, identity: Identity, monkeypatch: pytest.MonkeyPatch) -> APNsKeyConnectionPool:
    tls = ssl.create_default_context(cafile=str(identity.certificate))
    tls.set_alpn_protocols(["h2"])
    pool = APNsKeyConnectionPool(
        key=identity.signing_key.read_text(),
        key_id=KEY_ID,
        team_id=TEAM_ID,
        topic=TOPIC,
        max_connections=1,
        max_connection_attempts=1,
        ssl_context=tls,
    )
    monkeypatch.setattr(Plain, "APNS_PORT", fake.port)
    pool.protocol_class = Plain
    return pool


def request(token: str) -> NotificationRequest:
    one = message()
    return NotificationRequest(
        token,
        {"aps": {"content-available": 1}},
        notification_id=str(one.notification_id),
        time_to_live=3600,
        priority=10,
        collapse_key=str(one.job_id),
        push_type=PushType.ALERT,
    )


async def end(pool: APNsKeyConnectionPool, tasks: list["asyncio.Task[Any]"]) -> None:
    for task in tasks:
        task.cancel()
    pool.close()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_plain_does_not_survive_3000_bad_tokens(fake: FakeApns, plain: APNsKeyConnectionPool) -> None:
    """After 2,427 the window is used up: h2 waits for ever, nghttp2 sends half a body, which ends all."""
    await fake.set(answers={"bad": {"status": 400, "reason": "BadDeviceToken"}})
    requests = iter([request(f"bad-{n}") for n in range(3000)])
    answered = 0

    async def lane() -> None:
        nonlocal answered
        for one in requests:
            await plain.send_notification(one)
            answered += 1

    tasks = [asyncio.create_task(lane()) for _ in range(100)]
    async with asyncio.timeout(PATIENCE_S):
        report = await fake.report()
        while not report["connections"] or (report["window"] or 0) > 30:
            await asyncio.sleep(0.02)
            report = await fake.report()
    await end(plain, tasks)
    assert answered < 3000, "it survives: is our replacement still needed?"


async def test_plain_ends_the_connection_for_one_cancelled(
    fake: FakeApns, plain: APNsKeyConnectionPool
) -> None:
    await plain.send_notification(request("good-0"))
    await fake.set(hold=True)
    tasks = [asyncio.create_task(plain.send_notification(request(f"good-{n}"))) for n in range(50)]
    await fake.until(held=50)
    tasks[20].cancel()
    await asyncio.sleep(0)
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)  # it falls over, loudly
    await fake.tell(do="release")
    await fake.until(live=0)
    await end(plain, tasks)
    done = [task for task in tasks if not task.cancelled() and task.exception() is None]
    assert len(done) < 49


async def test_plain_closes_an_idle_connection(
    fake: FakeApns, plain: APNsKeyConnectionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await plain.send_notification(request("good-1"))
    monkeypatch.setattr(Plain, "INACTIVITY_TIME", 0.01)
    plain.connections[0].flush()  # it counts from here
    await fake.until(live=0)
