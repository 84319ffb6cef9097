"""The channel as the pusher opens it, and phones to send to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from naryad.domain.push_address import FcmAddress
from naryad.settings import Settings
from naryad_pusher.channels.fcm import open_fcm
from naryad_pusher.channels.fcm.fcm import Fcm


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Fcm]:
    fcm = open_fcm(settings)
    assert fcm is not None
    try:
        yield fcm
    finally:
        await fcm.close()


def phone(token: str = "phone") -> FcmAddress:
    return FcmAddress(token, datetime.now(UTC))
