"""Deliveries made by hand, for what is decided without a database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from naryad.db.deliveries import Delivery, Phone
from naryad.domain.ids import AccountId, DeliveryId, DeviceId, JobId, UserId
from naryad.domain.job import Job
from naryad.domain.json import Json
from naryad.domain.push_address import NoAddress
from naryad.domain.push_channel import ChannelName
from naryad.domain.push_rules import Reason, Recipient
from naryad.domain.push_text import PushText

WORKER = UserId(UUID(int=1))
NOON_IN_MOSCOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def delivery(
    fields: Mapping[str, Json] | None = None, *, phone: Mapping[str, Any] | None = None, **members: Any
) -> Delivery:
    """At noon in Moscow, the first attempt to tell of a job of 10:00 to 11:30 that day."""
    job = Job(
        id=JobId(UUID(int=2)),
        number=42,
        version=7,
        created_at=NOON_IN_MOSCOW,
        updated_at=NOON_IN_MOSCOW,
        fields={
            "state": "published",
            "scheduled_at": "2026-11-24T07:00:00Z",
            "scheduled_duration": 90,
            "assignees": [{"worker_id": str(WORKER), "can_edit": True}],
            "client": {"name": "Петрова"},
            "contacts": [{"value": "+7 999 123-45-67"}],
            "address": {"formatted": "Ленина, 5"},
            **(fields or {}),
        },
    )
    made = Delivery(
        account_id=AccountId(UUID(int=3)),
        id=DeliveryId(UUID(int=4)),
        channel=ChannelName.RECORDING,
        fence=1,
        attempts=1,
        told_at=NOON_IN_MOSCOW,
        now=NOON_IN_MOSCOW,
        version=7,
        reason=Reason.ASSIGNED,
        silent=False,
        worker=Recipient(WORKER, ZoneInfo("Europe/Moscow")),
        worker_active=True,
        push_text=PushText.MINIMAL,
        phone=replace(
            Phone(DeviceId(UUID(int=5)), "android", "ru-RU", True, 6, NoAddress()), **(phone or {})
        ),
        job_id=job.id,
        job=job,
    )
    return replace(made, **members)
