"""What FCM receives."""

from datetime import UTC, datetime, timedelta

import pytest

from naryad.domain.push_address import NoAddress
from naryad.settings import Settings
from naryad_pusher.channels.channel import Rejected, Sent
from naryad_pusher.channels.fcm.fcm import Fcm
from push_fcm.opened import opened, phone
from support.fcm_service import FakeFcm
from support.push_messages import JOB, message


async def test_a_message_shows_itself_and_carries_what_the_app_needs_as_text(
    fcm: Fcm, service: FakeFcm
) -> None:
    assert await fcm.send(message(), phone("of-ivan")) == Sent()
    [taken] = service.messages
    lifetime = taken["android"].pop("ttl")
    assert taken == {
        "token": "of-ivan",
        "data": {
            "job_id": str(JOB),
            "version": "7",
            "reason": "assigned",
            "notification_id": "0192f3a1-0000-7000-8000-000000000002",
            "url": f"naryad://jobs/{JOB}",
        },
        "notification": {"title": "Новый наряд № 42", "body": "Сегодня, 10:00–11:30"},
        "android": {
            "priority": "high",
            "collapse_key": "naryad",
            "notification": {"tag": str(JOB)},
        },
    }
    assert 3300 < int(lifetime.removesuffix("s")) <= 3600


async def test_a_silent_message_is_data_only(fcm: Fcm, service: FakeFcm) -> None:
    assert await fcm.send(message(alert=None), phone()) == Sent()
    [taken] = service.messages
    assert "notification" not in taken
    assert "notification" not in taken["android"]
    assert taken["data"]["job_id"] == str(JOB)


@pytest.mark.parametrize(("hours", "lifetime"), [(-1, "0s"), (24 * 365, f"{28 * 86_400}s")])
async def test_its_lifetime_stays_within_what_fcm_takes(
    fcm: Fcm, service: FakeFcm, hours: int, lifetime: str
) -> None:
    expires = datetime.now(UTC) + timedelta(hours=hours)
    assert await fcm.send(message(expires_at=expires), phone()) == Sent()
    assert service.messages[0]["android"]["ttl"] == lifetime


async def test_all_jobs_share_one_collapse_key_and_each_has_its_tag(fcm: Fcm, service: FakeFcm) -> None:
    other = message().notification_id
    await fcm.send(message(), phone())
    await fcm.send(message(job_id=other), phone())
    assert len({one["android"]["collapse_key"] for one in service.messages}) == 1
    assert len({one["android"]["notification"]["tag"] for one in service.messages}) == 2


async def test_a_phone_without_a_token_and_an_unspeakable_message_are_rejected_unsent(
    fcm: Fcm, service: FakeFcm
) -> None:
    assert isinstance(await fcm.send(message(), NoAddress()), Rejected)
    assert isinstance(await fcm.send(message(), phone("")), Rejected)
    assert isinstance(await fcm.send(message(url="\ud800"), phone()), Rejected)
    assert not service.requests


async def test_a_stranger_with_another_certificate_is_not_trusted(
    settings: Settings, service: FakeFcm
) -> None:
    async with opened(settings.model_copy(update={"push_ca_file": None})) as fcm:
        outcome = await fcm.send(message(), phone())
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.detail  # type: ignore[union-attr]
    assert not service.requests
