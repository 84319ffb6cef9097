"""The ways to a phone, a module each."""

from collections.abc import Awaitable, Callable

import structlog

from naryad.db.pool import Database
from naryad.domain.push_channel import ChannelName
from naryad.settings import Settings
from naryad_pusher.channels.apns import check_apns, open_apns
from naryad_pusher.channels.channel import Channel
from naryad_pusher.channels.fcm import check_fcm, open_fcm
from naryad_pusher.channels.recording import Recording
from naryad_pusher.channels.webpush import check_webpush, open_webpush

log = structlog.get_logger()


async def _apns(settings: Settings, _: Database) -> Channel | None:
    return open_apns(settings)


async def _fcm(settings: Settings, _: Database) -> Channel | None:
    return open_fcm(settings)


MAKERS: dict[ChannelName, Callable[[Settings, Database], Awaitable[Channel | None]]] = {
    ChannelName.APNS: _apns,
    ChannelName.FCM: _fcm,
    ChannelName.WEBPUSH: open_webpush,
}
"""Each gives its channel, or None without credentials; with half of them it raises SettingMissing."""


CHECKS: tuple[Callable[[Settings], object], ...] = (check_apns, check_fcm, check_webpush)


def check_settings(settings: Settings) -> None:
    """Before anything runs. Raises SettingMissing, in words, for credentials that cannot work."""
    for check in CHECKS:
        check(settings)


async def configured_channels(settings: Settings, database: Database) -> list[Channel]:
    """The channels that are set up here; the others say once that they are off. Raises SettingMissing."""
    found: list[Channel] = [Recording()]
    for name, make in MAKERS.items():
        channel = await make(settings, database)
        if channel is None:
            log.info("push channel is off: it has no credentials", channel=name)
        else:
            found.append(channel)
    return found
