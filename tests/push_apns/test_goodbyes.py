"""Connections that the provider ends: every message arrives, doubles only where nobody can know."""

import asyncio

import pytest

from naryad_pusher.channels.apns.channel import Apns
from naryad_pusher.channels.channel import Retry, Sent
from support.apns.fake import FakeApns
from support.apns.sending import address, deliver, message, sent
from support.wait import PATIENCE_S

MESSAGES = 1500


@pytest.mark.parametrize("kind", ["graceful", "notice"])
async def test_a_polite_goodbye_costs_nothing(fake: FakeApns, channel: Apns, kind: str) -> None:
    """GOAWAY every 150 messages, in one step or two: what was taken is answered, the rest goes elsewhere."""
    await fake.set(goaway={"after": 150, "kind": kind})
    done = await deliver(channel, [f"good-{n}" for n in range(MESSAGES)])
    assert sent(done.outcomes.values()) == MESSAGES
    assert done.retries == []
    report = await fake.report()
    assert (report["messages"], report["doubles"], report["broken"]) == (MESSAGES, 0, 0)
    assert report["connections"] > 1


@pytest.mark.parametrize("kind", ["graceful", "notice"])
async def test_what_was_taken_is_answered_after_the_goodbye(fake: FakeApns, channel: Apns, kind: str) -> None:
    """On the connection that ends, while new messages go over the next one."""
    await channel.send(message(), address("good-0"))
    await fake.set(hold=True)
    tasks = [asyncio.create_task(channel.send(message(), address(f"good-{n}"))) for n in range(20)]
    await fake.until(held=20)
    await fake.set(hold=False)
    await fake.tell(do="goaway", kind=kind)
    async with asyncio.timeout(PATIENCE_S):
        while (await fake.report())["connections"] < 2:  # until it has heard of the goodbye
            assert await channel.send(message(), address("good-20")) == Sent()
    assert (await fake.report())["held"] == 20
    await fake.tell(do="release")
    async with asyncio.timeout(PATIENCE_S):
        assert await asyncio.gather(*tasks) == [Sent()] * 20
    assert (await fake.until(live=1))["doubles"] == 0


async def test_an_abrupt_goodbye(fake: FakeApns, channel: Apns) -> None:
    """GOAWAY and gone, every 150 messages. Only what was taken and not answered may come twice."""
    await fake.set(goaway={"after": 150, "kind": "abrupt"})
    done = await deliver(channel, [f"good-{n}" for n in range(MESSAGES)])
    assert sent(done.outcomes.values()) == MESSAGES
    report = await fake.report()
    print(f"doubles: {report['doubles']}, retries: {len(done.retries)}, connections: {report['connections']}")
    assert report["messages"] == MESSAGES
    assert 0 < report["doubles"] <= len(done.retries) < MESSAGES
    assert report["connections"] > 1


async def test_a_connection_that_breaks_off(fake: FakeApns, channel: Apns) -> None:
    """Without a word, with 20 messages taken and not answered, and a new one after it."""
    await channel.send(message(), address("good-0"))
    await fake.set(hold=True)
    tasks = [asyncio.create_task(channel.send(message(), address(f"good-{n}"))) for n in range(20)]
    await fake.until(held=20)
    await fake.tell(do="drop")
    async with asyncio.timeout(PATIENCE_S):
        outcomes = await asyncio.gather(*tasks)
    assert all(isinstance(outcome, Retry) for outcome in outcomes)
    await fake.set(hold=False)
    assert (await deliver(channel, ["good-21"])).outcomes == {"good-21": Sent()}
    report = await fake.report()
    assert (report["connections"], report["doubles"]) == (2, 0)


async def test_an_idle_connection_that_the_provider_ends(fake: FakeApns, channel: Apns) -> None:
    await channel.send(message(), address("good-1"))
    await fake.tell(do="goaway", kind="graceful")
    await fake.until(live=0)
    assert await channel.send(message(), address("good-2")) == Sent()
    report = await fake.report()
    assert (report["connections"], report["taken"]) == (2, 2)


async def test_a_provider_that_ends_every_connection_at_once(fake: FakeApns, channel: Apns) -> None:
    """It is not tried for ever."""
    await fake.set(answers={"drop": {"instead": "drop"}})
    async with asyncio.timeout(PATIENCE_S):
        outcome = await channel.send(message(), address("drop-1"))
    assert isinstance(outcome, Retry)
    assert (await fake.report())["connections"] == 1
