"""Each answer of FCM, off the wire, and what it means for the delivery and the token."""

import json
from typing import Any

import pytest

from naryad_pusher.channels.channel import Gone, Misconfigured, Rejected, Retry, Sent
from naryad_pusher.channels.fcm.fcm import Fcm
from push_fcm.opened import phone
from support.fcm_service import FakeFcm, always
from support.misbehaving import Handler, plain
from support.push_messages import message, retry_after

CASES: dict[str, tuple[Handler, type]] = {
    "unregistered": (always(404, "NOT_FOUND", "UNREGISTERED"), Gone),
    "a wrong token": (
        always(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", violation="message.token"),
        Gone,
    ),
    "a wrong message": (
        always(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", violation="message.data[0].value"),
        Rejected,
    ),
    "a wrong something": (always(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"), Rejected),
    "a token violation that is no INVALID_ARGUMENT": (
        always(400, "FAILED_PRECONDITION", violation="message.token"),
        Rejected,
    ),
    "another project's token": (always(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"), Misconfigured),
    "a key is missing": (always(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), Misconfigured),
    "not authenticated": (always(401, "UNAUTHENTICATED"), Misconfigured),
    "not allowed": (always(403, "PERMISSION_DENIED"), Misconfigured),
    "a gate's 403": (plain(403, b"<html>no"), Misconfigured),
    "quota": (always(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), Retry),
    "unavailable": (always(503, "UNAVAILABLE", "UNAVAILABLE"), Retry),
    "internal": (always(500, "INTERNAL", "INTERNAL"), Retry),
    "bad gateway": (plain(502, b"<html>bad gateway"), Retry),
    "a 404 that is not FCM's": (plain(404, b"<html>not here"), Retry),
    "a 404 that names no token": (always(404, "NOT_FOUND"), Retry),
    "UNREGISTERED with another status": (always(503, "UNAVAILABLE", "UNREGISTERED"), Retry),
    "too large": (plain(413, b""), Rejected),
    "a redirect": (plain(307, b"", location="https://127.0.0.1:9/elsewhere"), Retry),
    "no body": (plain(200, b""), Retry),
    "an empty object": (plain(200, b"{}"), Retry),
    "broken JSON": (plain(200, b'{"name": "proj'), Retry),
    "JSON that is no object": (plain(200, b'["name"]'), Retry),
    "no text": (plain(200, b"\xff\xfe\x00"), Retry),
    "an error of another shape": (plain(503, b'{"error": "oops"}'), Retry),
    "details of another shape": (plain(503, b'{"error": {"details": {"a": 1}, "status": 5}}'), Retry),
    "nested without end": (plain(503, b"[" * 50_000), Retry),
    "an error that is no text": (plain(500, b"\xff\xfe\x00"), Retry),
}


@pytest.mark.parametrize("case", CASES)
async def test_the_table(fcm: Fcm, service: FakeFcm, case: str) -> None:
    handler, meaning = CASES[case]
    service.answers["phone"] = handler
    outcome = await fcm.send(message(), phone())
    assert type(outcome) is meaning, outcome
    assert service.requests["phone"] == 1  # nothing is tried again behind our back
    assert service.requests.total() == 1  # and no redirect followed
    assert "phone" not in outcome.detail


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("37", 37, 37),
        ("in two hours", 6_000, 7_200),
        ("two hours ago", 0, 0),
        ("soon", 0, 0),
        ("-5", 0, 0),
        ("²", 0, 0),
        ("9" * 5_000, 86_400, 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400, 86_400),
        ("Wed, 99 Foo 2026 99:99:99 GMT", 0, 0),
    ],
)
async def test_retry_after_is_a_floor_in_seconds_or_by_date(
    fcm: Fcm, service: FakeFcm, header: str, least: float, most: float
) -> None:
    service.answers["phone"] = always(503, "UNAVAILABLE", "UNAVAILABLE", retry_after=retry_after(header))
    outcome = await fcm.send(message(), phone())
    assert isinstance(outcome, Retry)
    assert least <= outcome.after_s <= most


async def test_a_quota_without_a_time_waits_the_minute_that_fcm_asks_for(fcm: Fcm, service: FakeFcm) -> None:
    service.answers["phone"] = always(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED")
    outcome = await fcm.send(message(), phone())
    assert isinstance(outcome, Retry)
    assert outcome.after_s == 60


async def test_a_phone_of_another_project_does_not_stop_the_others(fcm: Fcm, service: FakeFcm) -> None:
    """Once FCM has taken a message with our credentials, a foreign token says nothing against them."""
    service.answers["foreign"] = always(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH")
    assert isinstance(await fcm.send(message(), phone("foreign")), Misconfigured)
    assert await fcm.send(message(), phone()) == Sent()
    later = await fcm.send(message(), phone("foreign"))
    assert isinstance(later, Retry)
    assert later.after_s == 60
    assert "SENDER_ID_MISMATCH" in later.detail


async def test_what_fcm_says_is_kept_without_the_token(fcm: Fcm, service: FakeFcm) -> None:
    told: dict[str, Any] = {"error": {"status": "INVALID_ARGUMENT", "message": "token s3cret is wrong" * 50}}
    service.answers["s3cret"] = plain(400, json.dumps(told).encode())
    outcome = await fcm.send(message(), phone("s3cret"))
    assert isinstance(outcome, Rejected)
    assert outcome.detail.startswith("FCM 400 INVALID_ARGUMENT token … is wrong")
    assert "s3cret" not in outcome.detail
    assert len(outcome.detail) < 300
