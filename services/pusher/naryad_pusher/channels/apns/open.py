"""From the settings to the channel. Refuses in words what cannot work."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from naryad.settings import Settings, SettingWrong
from naryad_pusher.channels.apns.credentials import Credentials, read_credentials
from naryad_pusher.channels.apns.trust import trusted

if TYPE_CHECKING:
    from naryad_pusher.channels.apns.channel import Apns


def open_apns(settings: Settings) -> "Apns | None":
    """None without credentials: the channel is off. Raises SettingMissing, as `check_apns` does."""
    credentials = check_apns(settings)
    if credentials is None:
        return None
    from naryad_pusher.channels.apns import channel  # aioapns is in the extra `push`

    return channel.connect(settings, credentials)


def check_apns(settings: Settings) -> Credentials | None:
    """The credentials, None when none is set. Raises SettingMissing, in words."""
    if settings.apns_key_file is not None and find_spec("aioapns") is None:
        raise SettingWrong(
            "NARYAD_APNS_KEY_FILE is set, but APNs' libraries are missing: pip install 'naryad[push]'"
        )
    credentials = read_credentials(settings)
    if credentials is not None:
        trusted(settings)
    return credentials
