"""The pusher's side of the outbox: intents become deliveries, deliveries are claimed and settled.

Each step is one statement across all accounts (`across_push.sql`): no transaction is open while
a message is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from naryad.db.pool import Connection, Row
from naryad.domain.ids import AccountId, DeliveryId, DeviceId, JobId, UserId
from naryad.domain.job import Job
from naryad.domain.json import JsonObject
from naryad.domain.push_address import Address, NoAddress
from naryad.domain.push_rules import Reason, Recipient
from naryad.domain.workday import zone_of

LEASE = timedelta(seconds=30)


class ChannelName(StrEnum):
    APNS = "apns"
    FCM = "fcm"
    WEBPUSH = "webpush"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class Phone:
    """The device a delivery goes to. `synced_version`: it has proved to hold everything up to there."""

    id: DeviceId
    platform: Literal["ios", "android", "web", "other"]
    locale: str
    signed_in: bool
    synced_version: int
    address: Address


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to one phone, leased to us until `now` + LEASE, with the job as it is now."""

    account_id: AccountId
    id: DeliveryId
    fence: int
    attempts: int  # this one included
    told_at: datetime  # when the change committed that is the reason
    now: datetime  # by the database
    version: int
    reason: Reason
    worker: Recipient
    worker_active: bool
    phone: Phone
    job_id: JobId
    job: Job | None  # None: deleted


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed delivery; `pending` comes due again after `delay`."""

    delivery: Delivery
    state: Literal["pending", "sent", "dead", "skipped"]
    detail: str | None = None
    payload: JsonObject | None = None
    delay: timedelta = timedelta()


async def expand_intents(connection: Connection, limit: int) -> tuple[int, int]:
    """Due intents become deliveries, one for each phone of their worker; how many of both."""
    row = await connection.fetchrow("select intents, deliveries from expand_intents($1)", limit)
    assert row is not None
    return row["intents"], row["deliveries"]


async def claim(
    connection: Connection, channel: ChannelName, limit: int, lease: timedelta = LEASE
) -> list[Delivery]:
    """Due deliveries, the oldest first; nobody else gets them until the lease is over."""
    rows = await connection.fetch("select * from claim_deliveries($1, $2, $3)", channel, limit, lease)
    return [_delivery(row) for row in rows]


async def settle(connection: Connection, settlements: Sequence[Settlement]) -> int:
    """Write down what became of deliveries; how many were still ours to settle."""
    settled = await connection.fetchval(
        "select settle_deliveries($1)",
        [
            {
                "account_id": str(one.delivery.account_id),
                "id": str(one.delivery.id),
                "fence": one.delivery.fence,
                "state": one.state,
                "detail": one.detail,
                "payload": one.payload,
                "delay_s": one.delay.total_seconds(),
            }
            for one in settlements
        ],
    )
    assert isinstance(settled, int)
    return settled


def _delivery(row: Row) -> Delivery:
    return Delivery(
        account_id=AccountId(row["account_id"]),
        id=DeliveryId(row["id"]),
        fence=row["fence"],
        attempts=row["attempts"],
        told_at=row["told_at"],
        now=row["now"],
        version=row["version"],
        reason=Reason(row["reason"]),
        worker=Recipient(UserId(row["worker_id"]), zone_of(row["worker_zone"], row["account_zone"])),
        worker_active=row["worker_active"],
        phone=Phone(
            DeviceId(row["device_id"]),
            row["platform"],
            row["locale"],
            row["signed_in"],
            row["synced_version"],
            NoAddress(),
        ),
        job_id=JobId(row["job_id"]),
        job=_job(row) if row["number"] is not None else None,
    )


def _job(row: Row) -> Job:
    return Job(
        id=JobId(row["job_id"]),
        number=row["number"],
        version=row["job_version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        fields=row["fields"],
    )
