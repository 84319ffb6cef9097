"""The pusher's side of the outbox: intents become deliveries, deliveries are claimed and settled.

Each step is one statement across all accounts (`across_push.sql`): no transaction is open while
a message is sent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never

from naryad.db.pool import Connection, Row
from naryad.db.push_registrations import address_of
from naryad.domain.ids import AccountId, DeliveryId, DeviceId, JobId, UserId
from naryad.domain.job import Job
from naryad.domain.json import Json, JsonObject
from naryad.domain.push_address import Address, ApnsAddress, FcmAddress, NoAddress, WebPushAddress
from naryad.domain.push_channel import ChannelName as ChannelName
from naryad.domain.push_rules import Reason, Recipient
from naryad.domain.push_text import PushText
from naryad.domain.workday import zone_of

LEASE = timedelta(seconds=30)


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
    channel: ChannelName
    fence: int
    attempts: int  # this one included
    told_at: datetime  # when the change committed that is the reason
    now: datetime  # by the database
    version: int
    reason: Reason
    silent: bool  # wakes the app and shows nothing: a change of the worker's own, on another phone
    worker: Recipient
    worker_active: bool
    push_text: PushText  # what the account lets a lock screen show
    phone: Phone
    job_id: JobId
    job: Job | None  # None: deleted


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed delivery; `pending` comes due again after `delay`.

    `gone`: its phone is not reached any more under the address that the delivery had. If it has registered
    anew meanwhile, the message is sent again, there; else, with `retires`, the registration is turned off.
    """

    delivery: Delivery
    state: Literal["pending", "sent", "dead", "skipped"]
    detail: str | None = None
    payload: JsonObject | None = None
    delay: timedelta = timedelta()
    gone: bool = False
    retires: bool = False


async def expand_intents(
    connection: Connection, limit: int, channels: Collection[ChannelName] = frozenset()
) -> tuple[int, int]:
    """Due intents become deliveries, one for each phone of their worker; how many of both.

    A phone that is not registered for one of `channels` gets its message recorded.
    """
    row = await connection.fetchrow(
        "select intents, deliveries from expand_intents($1, $2)", limit, sorted(channels)
    )
    assert row is not None
    return row["intents"], row["deliveries"]


async def claim(
    connection: Connection, channel: ChannelName, limit: int, lease: timedelta = LEASE
) -> list[Delivery]:
    """Due deliveries, the oldest first; nobody else gets them until the lease is over."""
    rows = await connection.fetch("select * from claim_deliveries($1, $2, $3)", channel, limit, lease)
    return [_delivery(channel, row) for row in rows]


async def settle(connection: Connection, settlements: Sequence[Settlement]) -> int:
    """Write down what became of deliveries; how many were still ours to settle."""
    settled = await connection.fetchval(
        "select settle_deliveries($1)",
        [_settlement_json(one) for one in settlements],
    )
    assert isinstance(settled, int)
    return settled


def _settlement_json(one: Settlement) -> JsonObject:
    body: dict[str, Json] = {
        "account_id": str(one.delivery.account_id),
        "id": str(one.delivery.id),
        "fence": one.delivery.fence,
        "state": one.state,
        "detail": one.detail,
        "payload": one.payload,
        "delay_s": one.delay.total_seconds(),
    }
    return body | {"gone": _gone_json(one)} if one.gone else body


def _gone_json(one: Settlement) -> JsonObject | None:
    address = one.delivery.phone.address
    match address:
        case ApnsAddress() | FcmAddress():
            token = address.token
        case WebPushAddress():
            token = address.endpoint
        case NoAddress():
            return None
        case _:
            assert_never(address)
    return {"token": token, "registered_at": address.registered_at.isoformat(), "retire": one.retires}


def _delivery(channel: ChannelName, row: Row) -> Delivery:
    return Delivery(
        account_id=AccountId(row["account_id"]),
        id=DeliveryId(row["id"]),
        channel=channel,
        fence=row["fence"],
        attempts=row["attempts"],
        told_at=row["told_at"],
        now=row["now"],
        version=row["version"],
        reason=Reason(row["reason"]),
        silent=row["silent"],
        worker=Recipient(UserId(row["worker_id"]), zone_of(row["worker_zone"], row["account_zone"])),
        worker_active=row["worker_active"],
        push_text=PushText(row["push_text"]),
        phone=Phone(
            DeviceId(row["device_id"]),
            row["platform"],
            row["locale"],
            row["signed_in"],
            row["synced_version"],
            address_of(channel, row),
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
