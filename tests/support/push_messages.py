"""Messages as the pusher composes them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from naryad.domain.ids import DeliveryId, JobId
from naryad.domain.push_rules import Reason
from naryad_pusher.compose import Alert, Message

JOB = JobId(UUID("0192f3a0-0000-7000-8000-000000000001"))


def message(**members: Any) -> Message:
    """Of one job, good for the next hour."""
    made = Message(
        notification_id=DeliveryId(UUID("0192f3a1-0000-7000-8000-000000000002")),
        job_id=JOB,
        version=7,
        reason=Reason.ASSIGNED,
        alert=Alert("Новый наряд № 42", "Сегодня, 10:00–11:30"),
        url=f"naryad://jobs/{JOB}",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )
    return replace(made, **members)


def retry_after(words: str) -> str:
    """The header; `in two hours` and `two hours ago` as the date that it is by then."""
    hours = {"in two hours": 2, "two hours ago": -2}.get(words)
    return format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True) if hours else words
