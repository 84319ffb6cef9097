"""From the settings to the channel. Refuses in words what cannot work."""

from typing import TYPE_CHECKING

import structlog

from naryad.db.pool import Database
from naryad.domain.push_hosts import hosts_of
from naryad.settings import Settings, SettingWrong
from naryad.vapid import vapid_key
from naryad_pusher.channels.trust import trust

if TYPE_CHECKING:
    from naryad_pusher.channels.webpush.webpush import WebPush

log = structlog.get_logger()


async def open_webpush(settings: Settings, database: Database) -> "WebPush | None":
    """None without a subject: the channel is off. The first start makes the installation's key pair.

    Raises SettingWrong, and what `Unavailable` names.
    """
    if settings.webpush_subject is None:
        if settings.webpush_hosts is not None:
            log.warning("Web Push is off: NARYAD_WEBPUSH_HOSTS is set, NARYAD_WEBPUSH_SUBJECT is not")
        return None
    try:
        from naryad_pusher.channels.webpush.connections import open_connections
        from naryad_pusher.channels.webpush.signer import Signer
        from naryad_pusher.channels.webpush.webpush import WebPush
    except ImportError as error:
        raise SettingWrong(
            "NARYAD_WEBPUSH_SUBJECT is set, but Web Push's libraries are missing: pip install 'naryad[push]'"
        ) from error
    hosts = hosts_of(settings.webpush_hosts)
    trusted = trust(settings.push_ca_file)
    key = await vapid_key(database)
    signer = Signer(key, settings.webpush_subject)
    return WebPush(signer, hosts, open_connections(hosts, trusted))
