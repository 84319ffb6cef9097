"""The provider's limits: streams at a time, window, and its plea to come later."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from naryad_pusher.channels.apns.channel import Apns
from naryad_pusher.channels.channel import Retry, Sent
from support.apns.fake import FakeApns, StartFake
from support.apns.identity import Identity
from support.apns.sending import address, deliver, message, opened, sent, settings
from support.wait import PATIENCE_S

BUSY = {"status": 503, "reason": "ServiceUnavailable"}


async def test_one_stream_until_the_first_push_is_believed_then_a_thousand(
    fake: FakeApns, channel: Apns
) -> None:
    await fake.set(hold=True, streams=1)
    tasks = [asyncio.create_task(channel.send(message(), address(f"good-{n}"))) for n in range(600)]
    await fake.until(held=1)
    await fake.tell(do="streams", streams=1000)
    report = await fake.until(held=600)
    assert report["connections"] == 1
    await fake.tell(do="release")
    async with asyncio.timeout(PATIENCE_S):
        assert sent(await asyncio.gather(*tasks)) == 600
    assert (await fake.report())["doubles"] == 0


async def test_a_limit_that_falls_and_rises(fake: FakeApns, channel: Apns) -> None:
    await fake.set(streams=10)
    assert sent((await deliver(channel, [f"a-{n}" for n in range(100)])).outcomes.values()) == 100
    await fake.tell(do="streams", streams=3)
    await deliver(channel, ["b-0"])  # the new limit has arrived
    await fake.set(hold=True)
    tasks = [asyncio.create_task(channel.send(message(), address(f"c-{n}"))) for n in range(150)]
    await fake.until(held=3)
    await fake.tell(do="release")
    await fake.until(held=3, taken=107)
    await fake.tell(do="streams", streams=200)
    await fake.until(held=147)
    await fake.tell(do="release")
    async with asyncio.timeout(PATIENCE_S):
        assert sent(await asyncio.gather(*tasks)) == 150
    report = await fake.report()
    assert (report["taken"], report["doubles"], report["connections"]) == (251, 0, 1)


async def test_a_small_window_is_filled_piece_by_piece(start_fake: StartFake, identity: Identity) -> None:
    """A stream's window smaller than a message: the provider opens it as it reads."""
    async with start_fake(window=100) as fake:
        channel = opened(settings(identity, fake.port))
        done = await deliver(channel, [f"good-{n}" for n in range(50)])
        await channel.close()
        assert sent(done.outcomes.values()) == 50
        report = await fake.report()
        assert (report["connections"], report["messages"], report["doubles"]) == (1, 50, 0)


async def test_150_times_503_under_a_deadline(fake: FakeApns, channel: Apns) -> None:
    """None hangs, none is tried again by the channel itself, and the next message goes through."""
    await fake.set(answers={"busy": BUSY})
    async with asyncio.timeout(PATIENCE_S):
        outcomes = [await channel.send(message(), address(f"busy-{n}")) for n in range(150)]
    assert outcomes == [Retry("APNs 503 ServiceUnavailable: Apple's servers are busy")] * 150
    assert await channel.send(message(), address("good-1")) == Sent()
    report = await fake.report()
    assert (report["taken"], report["doubles"], report["connections"]) == (151, 0, 1)


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_in_seconds(fake: FakeApns, channel: Apns, status: int) -> None:
    reason = {429: "TooManyRequests", 503: "ServiceUnavailable"}[status]
    await fake.set(answers={"busy": {"status": status, "reason": reason, "retry_after": "120"}})
    outcome = await channel.send(message(), address("busy-1"))
    assert isinstance(outcome, Retry)
    assert outcome.after_s == 120


async def test_retry_after_as_a_date(fake: FakeApns, channel: Apns) -> None:
    until = datetime.now(UTC) + timedelta(hours=2)
    await fake.set(answers={"busy": BUSY | {"retry_after": format_datetime(until, usegmt=True)}})
    outcome = await channel.send(message(), address("busy-1"))
    assert isinstance(outcome, Retry)
    assert 7200 - PATIENCE_S < outcome.after_s <= 7200
