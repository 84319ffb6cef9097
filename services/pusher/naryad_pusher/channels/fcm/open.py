"""From the settings to the channel. Refuses in words what cannot work."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from naryad.settings import Settings, SettingWrong

if TYPE_CHECKING:
    from naryad_pusher.channels.fcm.fcm import Fcm

NEEDED = ("project_id", "private_key_id", "private_key", "client_email", "token_uri")


def open_fcm(settings: Settings) -> "Fcm | None":
    """None without credentials: the channel is off. Raises SettingWrong, never with the key in its words."""
    path = settings.fcm_credentials_file
    if path is None:
        return None
    account = _read(path)
    try:  # not before it is needed: firebase-admin takes a second and an optional extra to import
        from naryad_pusher.channels.fcm import fcm
    except ImportError as error:
        raise SettingWrong(
            "NARYAD_FCM_CREDENTIALS_FILE is set, but FCM's libraries are missing: pip install 'naryad[push]'"
        ) from error
    return fcm.connect(account, path, settings.fcm_url, settings.push_ca_file)


def _read(path: Path) -> dict[str, Any]:
    """The key file of a service account, as Firebase's console gives it."""
    try:
        account = json.loads(path.read_bytes())
    except OSError as error:
        raise SettingWrong(f"NARYAD_FCM_CREDENTIALS_FILE: {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingWrong(f"NARYAD_FCM_CREDENTIALS_FILE: {path} is not JSON") from error
    if not isinstance(account, dict) or account.get("type") != "service_account":
        raise SettingWrong(
            f"NARYAD_FCM_CREDENTIALS_FILE: {path} is not the key of a service account: in Firebase's console "
            "see Project settings, Service accounts, Generate new private key"
        )
    missing = [name for name in NEEDED if not isinstance(account.get(name), str) or not account[name]]
    if missing:
        raise SettingWrong(f"NARYAD_FCM_CREDENTIALS_FILE: {path} lacks {', '.join(missing)}")
    if not _is_address(account["token_uri"]):
        raise SettingWrong(f"NARYAD_FCM_CREDENTIALS_FILE: the token_uri of {path} is no http address")
    return account


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
