"""Where a phone is reached: what it registered with `PUT /v1/devices/current/push` (DESIGN 4.6)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class ApnsEnvironment(StrEnum):
    PRODUCTION = "production"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class ApnsAddress:
    """`registered_at`: Apple's 410 retires a token only if it is older than the answer's timestamp."""

    token: str
    environment: ApnsEnvironment
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class FcmAddress:
    token: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class WebPushAddress:
    """A PushSubscription (RFC 8030, RFC 8291); `p256dh` and `auth` are base64url text."""

    endpoint: str
    p256dh: str
    auth: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class NoAddress:
    """The phone registered nowhere: its messages are recorded, for the console to show."""


Address: TypeAlias = ApnsAddress | FcmAddress | WebPushAddress | NoAddress
