"""What each of Apple's answers does, over the wire."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from naryad.domain.push_address import ApnsAddress, ApnsEnvironment
from naryad_pusher.channels.apns.channel import Apns
from naryad_pusher.channels.channel import Gone, Misconfigured, Rejected, Retry, Sent
from support.apns.fake import FakeApns
from support.apns.sending import address, message
from support.wait import PATIENCE_S

# Apple's table ("Handling notification responses from APNs"), whole.
APPLES = [
    (400, "BadCollapseId", Rejected),
    (400, "BadDeviceToken", Gone),
    (400, "BadExpirationDate", Rejected),
    (400, "BadMessageId", Rejected),
    (400, "BadPriority", Rejected),
    (400, "BadTopic", Misconfigured),
    (400, "DeviceTokenNotForTopic", Gone),
    (400, "DuplicateHeaders", Rejected),
    (400, "IdleTimeout", Retry),
    (400, "InvalidPushType", Rejected),
    (400, "MissingDeviceToken", Rejected),
    (400, "MissingTopic", Misconfigured),
    (400, "PayloadEmpty", Rejected),
    (400, "TopicDisallowed", Misconfigured),
    (400, "SomethingNew", Rejected),
    (403, "BadCertificate", Misconfigured),
    (403, "BadCertificateEnvironment", Misconfigured),
    (403, "Forbidden", Misconfigured),
    (403, "InvalidProviderToken", Misconfigured),
    (403, "MissingProviderToken", Misconfigured),
    (403, "UnrelatedKeyIdInToken", Misconfigured),
    (403, "BadEnvironmentKeyIdInToken", Misconfigured),
    (403, "SomethingNew", Misconfigured),
    (404, "BadPath", Rejected),
    (405, "MethodNotAllowed", Rejected),
    (410, "ExpiredToken", Gone),
    (410, "Unregistered", Gone),
    (413, "PayloadTooLarge", Rejected),
    (429, "TooManyProviderTokenUpdates", Retry),
    (429, "TooManyRequests", Retry),
    (500, "InternalServerError", Retry),
    (502, "SomethingNew", Retry),
    (503, "ServiceUnavailable", Retry),
    (503, "Shutdown", Retry),
]


async def test_every_reason(fake: FakeApns, channel: Apns) -> None:
    specs = [{"status": status, "reason": reason} for status, reason, _ in APPLES]
    await fake.set(answers={f"r{n}": spec for n, spec in enumerate(specs)})
    async with asyncio.timeout(PATIENCE_S):
        outcomes = await asyncio.gather(
            *(channel.send(message(), address(f"r{n}-1")) for n in range(len(APPLES)))
        )
    for (status, reason, expected), outcome in zip(APPLES, outcomes, strict=True):
        assert type(outcome) is expected, (status, reason, outcome)
        assert f"APNs {status} {reason}" in outcome.detail  # type: ignore[union-attr]
    report = await fake.report()
    assert (report["taken"], report["doubles"], report["connections"]) == (len(APPLES), 0, 1)


@pytest.mark.parametrize("reason", ["Unregistered", "ExpiredToken"])
async def test_410_retires_only_a_registration_older_than_its_timestamp(
    fake: FakeApns, channel: Apns, reason: str
) -> None:
    """Apple may tell of a time before the phone registered the same token anew."""
    then = datetime(2026, 11, 24, 9, tzinfo=UTC)
    spec = {"status": 410, "reason": reason, "timestamp": int(then.timestamp() * 1000)}
    await fake.set(answers={"gone": spec})

    async def registered(at: datetime) -> object:
        return await channel.send(message(), ApnsAddress("gone-1", ApnsEnvironment.PRODUCTION, at))

    assert isinstance(await registered(then - timedelta(milliseconds=1)), Gone)
    assert isinstance(await registered(then), Retry)
    assert isinstance(await registered(then + timedelta(hours=1)), Retry)


async def test_an_expired_provider_token_is_renewed_once_for_all(fake: FakeApns, channel: Apns) -> None:
    assert await channel.send(message(), address("good-0")) == Sent()
    await fake.set(expired=1)
    async with asyncio.timeout(PATIENCE_S):
        outcomes = await asyncio.gather(*(channel.send(message(), address(f"good-{n}")) for n in range(30)))
    assert outcomes == [Sent()] * 30
    report = await fake.report()
    assert (report["provider_tokens"], report["doubles"], report["connections"]) == (2, 0, 1)


async def test_a_provider_token_that_stays_expired_is_not_renewed_again_and_again(
    fake: FakeApns, channel: Apns
) -> None:
    await fake.set(expired=1000)
    for n in range(5):
        outcome = await channel.send(message(), address(f"good-{n}"))
        assert outcome == Misconfigured("APNs 403 ExpiredProviderToken: check this machine's clock")
    assert (await fake.report())["provider_tokens"] == 2
