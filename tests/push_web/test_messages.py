"""What the push service verifies and the browser reads."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from naryad.db.pool import open_database
from naryad.domain.push_address import NoAddress
from naryad.settings import Settings
from naryad.vapid import vapid_key
from naryad_pusher.channels.channel import Rejected, Sent
from naryad_pusher.channels.webpush import signer
from naryad_pusher.channels.webpush.payload import MOST_BYTES
from naryad_pusher.channels.webpush.webpush import WebPush
from naryad_pusher.compose import Alert
from push_web.opened import opened
from support.push_messages import JOB, message
from support.push_service import FakePushService, running_push_service


async def test_the_browser_reads_what_was_sent_and_the_service_learns_how_urgent_it_is(
    webpush: WebPush, service: FakePushService, settings: Settings
) -> None:
    assert await webpush.send(message(url=f"/app/jobs/{JOB}"), service.subscribe()) == Sent()
    [push] = service.pushes
    assert push.message == {
        "title": "Новый наряд № 42",
        "body": "Сегодня, 10:00–11:30",
        "job_id": str(JOB),
        "version": 7,
        "reason": "assigned",
        "notification_id": "0192f3a1-0000-7000-8000-000000000002",
        "url": f"/app/jobs/{JOB}",
    }
    assert push.headers["urgency"] == "high"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", push.headers["topic"])
    assert 3300 < int(push.headers["ttl"]) <= 3600
    assert "cookie" not in push.headers
    async with open_database(settings.database_dsn, name="test") as database:
        assert push.key == (await vapid_key(database)).public  # what browsers subscribe for


async def test_each_job_has_its_topic(webpush: WebPush, service: FakePushService) -> None:
    address = service.subscribe()
    for job_id in (JOB, JOB, message().notification_id):
        assert await webpush.send(message(job_id=job_id), address) == Sent()
    one, again, other = (push.headers["topic"] for push in service.pushes)
    assert one == again != other


@pytest.mark.parametrize(("hours", "ttl"), [(-1, 0), (24 * 365, 28 * 86_400)])
async def test_its_lifetime_stays_within_bounds(
    webpush: WebPush, service: FakePushService, hours: int, ttl: int
) -> None:
    expires = datetime.now(UTC) + timedelta(hours=hours)
    assert await webpush.send(message(expires_at=expires), service.subscribe()) == Sent()
    assert int(service.pushes[0].headers["ttl"]) == ttl


async def test_claims_are_signed_for_each_service_and_not_for_each_message(
    webpush: WebPush, service: FakePushService, tls: object
) -> None:
    async with running_push_service(tls) as other:  # type: ignore[arg-type]
        for one in (service, service, other, service):
            assert await webpush.send(message(), one.subscribe()) == Sent()
        claims = [push.claims for push in (*service.pushes, *other.pushes)]
    assert [one["aud"] for one in claims] == [service.url] * 3 + [other.url]
    assert {one["sub"] for one in claims} == {"mailto:ops@naryad.example"}
    signed = {push.headers["authorization"] for push in service.pushes}
    assert len(signed) == 1


async def test_a_signature_is_renewed_long_before_it_ends(webpush: WebPush) -> None:
    now = datetime.now(UTC)
    first = webpush._signer.authorization("https://push.example", now)
    assert webpush._signer.authorization("https://push.example", now + timedelta(hours=5)) == first
    later = webpush._signer.authorization("https://push.example", now + timedelta(hours=7))
    assert later != first
    assert timedelta() < signer.REUSED < signer.VALID < timedelta(hours=24)


async def test_signatures_of_many_services_are_not_kept_without_bound(webpush: WebPush) -> None:
    now = datetime.now(UTC)
    for number in range(signer.MOST + 50):
        webpush._signer.authorization(f"https://{number}.push.example", now)
    assert len(webpush._signer._signed) == signer.MOST


async def test_what_cannot_be_pushed_is_rejected_unsent(webpush: WebPush, service: FakePushService) -> None:
    address = service.subscribe()
    for unsent in (
        await webpush.send(message(alert=None), address),
        await webpush.send(message(), NoAddress()),
        await webpush.send(message(alert=Alert("\ud800", "")), address),
        await webpush.send(message(alert=Alert("Н", "x" * MOST_BYTES)), address),
    ):
        assert isinstance(unsent, Rejected)
    assert not service.requests


async def test_the_largest_message_is_one_record(webpush: WebPush, service: FakePushService) -> None:
    room = MOST_BYTES - len(str(message().as_json()).encode())
    assert await webpush.send(message(alert=Alert("Н", "x" * room)), service.subscribe()) == Sent()
    assert int(service.pushes[0].headers["content-length"]) <= 4096


async def test_http_only_where_the_loopback_name_is_listed(settings: Settings) -> None:
    async with running_push_service(None) as service:
        async with opened(settings) as webpush:
            assert await webpush.send(message(), service.subscribe()) == Sent()
        elsewhere = settings.model_copy(update={"webpush_hosts": "localhost"})
        async with opened(elsewhere) as webpush:
            assert isinstance(await webpush.send(message(), service.subscribe()), Rejected)
        assert service.requests.total() == 1


async def test_a_stranger_with_another_certificate_is_not_trusted(
    settings: Settings, service: FakePushService
) -> None:
    async with opened(settings.model_copy(update={"push_ca_file": None})) as webpush:
        outcome = await webpush.send(message(), service.subscribe())
    assert "certificate" in outcome.detail  # type: ignore[union-attr]
    assert not service.requests
