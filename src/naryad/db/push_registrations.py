"""Where devices are reached: written by the device, turned off when a provider no longer knows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from naryad.db.pool import Connection, Row
from naryad.domain.ids import AccountId, DeviceId
from naryad.domain.push_address import (
    Address,
    ApnsAddress,
    ApnsEnvironment,
    FcmAddress,
    NoAddress,
    WebPushAddress,
)
from naryad.domain.push_channel import ChannelName


@dataclass(frozen=True, slots=True)
class Registration:
    """What a device registers: its token with the provider; with Web Push that is the endpoint."""

    channel: ChannelName
    token: str
    environment: ApnsEnvironment | None = None  # of APNs
    p256dh: str | None = None  # of Web Push
    auth: str | None = None


@dataclass(frozen=True, slots=True)
class PushState:
    """Whether a device can be told, as the desk sees it."""

    channel: ChannelName
    state: Literal["on", "off"]
    reason: str | None  # why it is off: `moved`, or a provider's words
    since: datetime


async def state_of(connection: Connection, account_id: AccountId, device_id: DeviceId) -> PushState | None:
    """None when the device never registered, or took it back."""
    row = await connection.fetchrow(
        """select channel, state, reason, since from push_registration
           where account_id = $1 and device_id = $2""",
        account_id,
        device_id,
    )
    if row is None:
        return None
    return PushState(ChannelName(row["channel"]), row["state"], row["reason"], row["since"])


async def register(
    connection: Connection, account_id: AccountId, device_id: DeviceId, registration: Registration
) -> None:
    """The device is reached there from now on, and whoever had the token before is not."""
    await connection.execute(
        "select register_push($1, $2, $3, $4, $5, $6, $7)",
        account_id,
        device_id,
        registration.channel,
        registration.token,
        registration.environment,
        registration.p256dh,
        registration.auth,
    )


async def forget(connection: Connection, account_id: AccountId, device_id: DeviceId) -> None:
    """The device is reached nowhere."""
    await connection.execute(
        "delete from push_registration where account_id = $1 and device_id = $2", account_id, device_id
    )


def address_of(channel: ChannelName, row: Row) -> Address:
    """From the columns of a registration; NoAddress when there is none."""
    if row["token"] is None:
        return NoAddress()
    match channel:
        case ChannelName.APNS:
            return ApnsAddress(row["token"], ApnsEnvironment(row["environment"]), row["registered_at"])
        case ChannelName.FCM:
            return FcmAddress(row["token"], row["registered_at"])
        case ChannelName.WEBPUSH:
            return WebPushAddress(row["token"], row["p256dh"], row["auth"], row["registered_at"])
        case ChannelName.RECORDING:
            return NoAddress()
