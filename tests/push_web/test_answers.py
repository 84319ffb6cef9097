"""Each answer of a push service, off the wire, and what it means for the delivery and the subscription."""

from dataclasses import replace
from datetime import timedelta

import pytest

from naryad_pusher.channels.channel import Gone, Misconfigured, Rejected, Retry, Sent
from naryad_pusher.channels.webpush.webpush import WebPush
from support.misbehaving import plain
from support.push_messages import message, retry_after
from support.push_service import FakePushService

MEANINGS: dict[int, type] = {
    200: Sent,
    201: Sent,
    202: Sent,
    204: Retry,
    301: Retry,
    302: Retry,
    307: Retry,
    400: Rejected,
    401: Retry,
    403: Retry,
    404: Gone,
    408: Retry,
    410: Gone,
    413: Rejected,
    429: Retry,
    500: Retry,
    502: Retry,
    503: Retry,
    599: Retry,
}


@pytest.mark.parametrize("status", MEANINGS)
async def test_the_table(webpush: WebPush, service: FakePushService, status: int) -> None:
    address = service.subscribe()
    elsewhere = service.subscribe("elsewhere").endpoint
    service.answers["s3cret-of-ivan"] = plain(status, b"", location=elsewhere)
    outcome = await webpush.send(message(), address)
    assert type(outcome) is MEANINGS[status], outcome
    assert service.requests == {"s3cret-of-ivan": 1}  # once, and no redirect followed


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("120", 120, 120),
        ("in two hours", 6_000, 7_200),
        ("soon", 0, 0),
    ],
)
async def test_retry_after_is_a_floor_in_seconds_or_by_date(
    webpush: WebPush, service: FakePushService, status: int, header: str, least: float, most: float
) -> None:
    address = service.subscribe()
    service.answers["s3cret-of-ivan"] = plain(status, b"", **{"retry-after": retry_after(header)})
    outcome = await webpush.send(message(), address)
    assert isinstance(outcome, Retry)
    assert least <= outcome.after_s <= most


@pytest.mark.parametrize("status", [401, 403])
async def test_one_service_that_refuses_our_signature_stops_no_other(
    webpush: WebPush, service: FakePushService, status: int
) -> None:
    """Misconfigured would pause the channel. A subscription for an earlier key will never be served."""
    address, other = service.subscribe(), service.subscribe("other")
    service.answers["s3cret-of-ivan"] = plain(status, b"VAPID credentials mismatch")
    refused = await webpush.send(message(), address)
    assert not isinstance(refused, Misconfigured)
    assert refused == Retry(f"127.0.0.1 {status} VAPID credentials mismatch", 60)
    assert await webpush.send(message(), other) == Sent()
    older = replace(address, registered_at=address.registered_at - timedelta(days=1))
    gone = await webpush.send(message(), older)
    assert isinstance(gone, Gone)
    assert "earlier key" in gone.detail


async def test_what_the_service_says_is_kept_without_the_subscription(
    webpush: WebPush, service: FakePushService
) -> None:
    address = service.subscribe()
    said = f"no\n such {address.endpoint} nor /push/s3cret-of-ivan \x00" + "!" * 5_000
    service.answers["s3cret-of-ivan"] = plain(400, said.encode())
    outcome = await webpush.send(message(), address)
    assert isinstance(outcome, Rejected)
    assert outcome.detail.startswith("127.0.0.1 400 no such … nor … !!!")
    assert len(outcome.detail) < 300


async def test_keys_that_nothing_can_be_encrypted_for_are_given_up(
    webpush: WebPush, service: FakePushService
) -> None:
    address = service.subscribe()
    for broken in (
        replace(address, p256dh=""),
        replace(address, p256dh="BA" + "E" * 85),
        replace(address, p256dh=address.p256dh[:-3]),
        replace(address, auth="AAAA"),
    ):
        assert isinstance(await webpush.send(message(), broken), Gone)
    assert not service.requests
