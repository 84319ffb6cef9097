"""From the settings to the channel. Refuses in words what cannot work."""

from importlib.util import find_spec
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

    Raises SettingWrong, as `check_webpush` does, and what `Unavailable` names.
    """
    subject = check_webpush(settings)
    if subject is None:
        if settings.webpush_hosts is not None:
            log.warning("Web Push is off: NARYAD_WEBPUSH_HOSTS is set, NARYAD_WEBPUSH_SUBJECT is not")
        return None
    from naryad_pusher.channels.webpush.connections import open_connections
    from naryad_pusher.channels.webpush.signer import Signer
    from naryad_pusher.channels.webpush.webpush import WebPush

    hosts = hosts_of(settings.webpush_hosts)
    signer = Signer(await vapid_key(database), subject)
    return WebPush(signer, hosts, open_connections(hosts, trust(settings.push_ca_file)))


def check_webpush(settings: Settings) -> str | None:
    """The subject, None when none is set. Raises SettingWrong."""
    subject = settings.webpush_subject
    if subject is None:
        return None
    if find_spec("pywebpush") is None:
        raise SettingWrong(
            "NARYAD_WEBPUSH_SUBJECT is set, but Web Push's libraries are missing: pip install 'naryad[push]'"
        )
    from naryad_pusher.channels.webpush.signer import is_subject

    if not is_subject(subject):
        raise SettingWrong(
            f"NARYAD_WEBPUSH_SUBJECT: {subject} is no address that a push service could write to; "
            "as mailto:admin@example.com"
        )
    trust(settings.push_ca_file)
    return subject
