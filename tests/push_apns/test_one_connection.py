"""What one connection must live through (each a fault of the library as it comes)."""

import asyncio

import pytest

from naryad_pusher.channels.apns.channel import Apns
from naryad_pusher.channels.channel import Gone, Misconfigured, Outcome, Rejected, Retry, Sent
from support.apns.fake import FakeApns
from support.apns.identity import Identity
from support.apns.sending import address, deliver, impatient, message, sent, settings
from support.wait import PATIENCE_S

BAD = {"bad": {"status": 400, "reason": "BadDeviceToken"}}


async def test_3000_bad_tokens(fake: FakeApns, channel: Apns) -> None:
    """Their answers have bodies: 81,000 bytes, more than the window that a connection begins with."""
    await fake.set(answers=BAD)
    done = await deliver(channel, [f"bad-{n}" for n in range(3000)])
    assert all(isinstance(outcome, Gone) for outcome in done.outcomes.values())
    report = await fake.report()
    assert (report["connections"], report["messages"], report["doubles"]) == (1, 3000, 0)
    assert report["window"] > 30_000, "the provider's window was not renewed"


async def test_one_cancelled_among_50(fake: FakeApns, channel: Apns) -> None:
    await channel.send(message(), address("good-0"))
    await fake.set(hold=True)
    tasks = [asyncio.create_task(channel.send(message(), address(f"good-{n}"))) for n in range(50)]
    await fake.until(held=50)
    tasks[20].cancel()
    await fake.until(cancelled=1)  # its stream is free again
    await fake.tell(do="release")
    async with asyncio.timeout(PATIENCE_S):
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(outcomes[20], asyncio.CancelledError)
    assert sent(outcomes[:20] + outcomes[21:]) == 49  # type: ignore[arg-type]
    report = await fake.report()
    assert (report["connections"], report["taken"], report["doubles"]) == (1, 51, 0)


async def test_a_cancelled_one_that_waits_for_its_turn_is_never_sent(fake: FakeApns, channel: Apns) -> None:
    await fake.set(hold=True, streams=1)
    tasks = [asyncio.create_task(channel.send(message(), address(f"good-{n}"))) for n in range(3)]
    await fake.until(held=1)
    tasks[1].cancel()
    await fake.set(hold=False)
    await fake.tell(do="release")
    async with asyncio.timeout(PATIENCE_S):
        assert sent(await asyncio.gather(tasks[0], tasks[2])) == 2
    assert (await fake.report())["taken"] == 2


async def test_a_stream_that_is_reset(fake: FakeApns, channel: Apns) -> None:
    """Tried once, not five times, and the others go on."""
    await fake.set(answers={"reset": {"instead": "reset"}})
    async with asyncio.timeout(PATIENCE_S):
        outcomes = await asyncio.gather(
            channel.send(message(), address("reset-1")),
            *(channel.send(message(), address(f"good-{n}")) for n in range(20)),
        )
    assert isinstance(outcomes[0], Retry)
    assert "reset" in outcomes[0].detail
    assert sent(outcomes[1:]) == 20
    report = await fake.report()
    assert (report["connections"], report["taken"], report["doubles"]) == (1, 21, 0)


async def test_a_message_that_is_never_answered_costs_its_stream_only(fake: FakeApns, channel: Apns) -> None:
    await fake.set(answers={"never": {"instead": "silence"}})
    silent = asyncio.create_task(channel.send(message(), address("never-1")))
    await fake.until(messages=1)
    done = await deliver(channel, [f"good-{n}" for n in range(100)])
    assert sent(done.outcomes.values()) == 100
    silent.cancel()  # as the pusher does after 10 s
    report = await fake.until(cancelled=1)
    assert (report["connections"], report["doubles"]) == (1, 0)


async def test_a_connection_that_is_dead_silent(fake: FakeApns, identity: Identity) -> None:
    """It is given up and the next message goes over a new one, although TCP reports nothing."""
    channel = impatient(settings(identity, fake.port), fake.port)
    assert await channel.send(message(), address("good-1")) == Sent()
    fake.freeze()
    async with asyncio.timeout(PATIENCE_S):
        outcome = await channel.send(message(), address("good-2"))
    fake.thaw()
    assert outcome == Retry("APNs no longer answers, not even a PING")
    assert (await deliver(channel, ["good-3"])).outcomes == {"good-3": Sent()}
    assert (await fake.report())["connections"] == 2
    await channel.close()


async def test_silence_is_no_death_while_pings_are_answered(fake: FakeApns, identity: Identity) -> None:
    channel = impatient(settings(identity, fake.port), fake.port)
    await fake.set(answers={"never": {"instead": "silence"}})
    silent = asyncio.create_task(channel.send(message(), address("never-1")))
    async with asyncio.timeout(PATIENCE_S):
        while (await fake.report())["pings"] < 2:
            await asyncio.sleep(0.05)
    assert not silent.done()
    assert (await fake.report())["live"] == 1
    silent.cancel()
    await channel.close()


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"status": 200}, Sent()),
        ({"status": 500}, Retry("APNs 500 without a reason")),
        ({"status": 400}, Rejected("APNs 400 without a reason")),
        ({"status": 400, "body": "<html>no JSON"}, Rejected("APNs 400 without a reason")),
        ({"status": 400, "body": '["a list"]'}, Rejected("APNs 400 without a reason")),
        ({"status": 403, "body": '{"reason": 5}'}, Misconfigured("APNs 403 without a reason")),
        (
            {"status": 400, "reason": "BadDeviceToken", "split": True},
            Gone("APNs 400 BadDeviceToken: the token is not one of this environment"),
        ),
        ({"status": 500, "body": "x" * 300_000}, Retry("APNs 500 without a reason")),
    ],
    ids=["empty-200", "empty-500", "empty-400", "html", "list", "number", "byte-by-byte", "endless"],
)
async def test_bodies(fake: FakeApns, channel: Apns, spec: dict[str, object], expected: Outcome) -> None:
    await fake.set(answers={"odd": spec})
    async with asyncio.timeout(PATIENCE_S):
        assert await channel.send(message(), address("odd-1")) == expected
        assert await channel.send(message(), address("good-1")) == Sent()
    report = await fake.report()
    assert (report["connections"], report["taken"], report["doubles"]) == (1, 2, 0)
