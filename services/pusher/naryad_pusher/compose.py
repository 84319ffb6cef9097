"""A delivery as the message a phone shows: what happened to which job, and when it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from naryad.db.deliveries import Delivery
from naryad.domain.ids import DeliveryId, JobId
from naryad.domain.job import Job
from naryad.domain.json import JsonObject
from naryad.domain.push_rules import Reason
from naryad.domain.workday import end_of_day
from naryad_pusher.discretion import of_customer
from naryad_pusher.shorten import shorten
from naryad_pusher.texts import Texts, texts_for

TITLE_MOST, BODY_MOST = 300, 1_000
"""Bytes of JSON in ASCII: 50 and 166 Cyrillic letters. Even told twice in one payload they leave room for all
else in the 4,096 bytes of APNs and FCM, and told once in the 3,000 of Web Push.
"""


@dataclass(frozen=True, slots=True)
class Alert:
    """What the lock screen shows."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Message:
    """`notification_id` is the same however often the message is sent.

    Without an `alert` it is a silent wake-up: the phone syncs and shows nothing.
    """

    notification_id: DeliveryId
    job_id: JobId
    version: int
    reason: Reason
    alert: Alert | None
    url: str
    expires_at: datetime

    def data(self) -> JsonObject:
        """What every payload carries for the app."""
        return {
            "notification_id": str(self.notification_id),
            "job_id": str(self.job_id),
            "version": self.version,
            "reason": self.reason,
            "url": self.url,
        }

    def as_json(self) -> JsonObject:
        """As it is kept, for the console to show."""
        shown = {"title": self.alert.title, "body": self.alert.body} if self.alert else {}
        return {**self.data(), **shown}


def compose(delivery: Delivery, job: Job) -> Message:
    """In the phone's language, with as much of the customer as the account allows."""
    path = f"/app/jobs/{job.id}" if delivery.phone.platform == "web" else f"naryad://jobs/{job.id}"
    return Message(
        notification_id=delivery.id,
        job_id=job.id,
        version=delivery.version,
        reason=delivery.reason,
        alert=None if delivery.silent else _alert(delivery, job),
        url=path,
        expires_at=end_of_day(delivery.worker.zone, delivery.now),
    )


def _alert(delivery: Delivery, job: Job) -> Alert:
    texts = texts_for(delivery.phone.locale)
    title = texts.titles[delivery.reason].format(number=job.number, state=texts.states[job.state])
    when = _when(texts, job, delivery.worker.zone, delivery.now)
    body = " · ".join([when, *of_customer(job, delivery.push_text)])
    return Alert(shorten(title, TITLE_MOST), shorten(body, BODY_MOST))


def _when(texts: Texts, job: Job, zone: ZoneInfo, now: datetime) -> str:
    """A job of today: `Today, 10:00–11:30`, by the worker's clock."""
    assert job.scheduled_at is not None
    today = now.astimezone(zone).date()
    start = job.scheduled_at.astimezone(zone)
    end = (job.scheduled_at + timedelta(minutes=job.scheduled_minutes)).astimezone(zone)
    if start.date() == today:
        span = f"{start:%H:%M}–{end:%H:%M}" if end != start and end.date() == today else f"{start:%H:%M}"
        return texts.today.format(time=span)
    return texts.until.format(time=f"{end:%H:%M}") if end.date() == today else texts.all_day
