"""From the settings to the channel. Refuses in words what cannot work."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from naryad.settings import Settings, SettingWrong
from naryad_pusher.channels.trust import trust

if TYPE_CHECKING:
    from naryad_pusher.channels.fcm.fcm import Fcm

SETTING = "NARYAD_FCM_CREDENTIALS_FILE"
NEEDED = ("project_id", "private_key_id", "private_key", "client_email", "token_uri")


def open_fcm(settings: Settings) -> "Fcm | None":
    """None without credentials: the channel is off. Raises SettingWrong, as `check_fcm` does."""
    account = check_fcm(settings)
    if account is None:
        return None
    from naryad_pusher.channels.fcm import fcm  # firebase-admin takes a second to import

    return fcm.connect(account, settings.fcm_url, trust(settings.push_ca_file))


def check_fcm(settings: Settings) -> dict[str, Any] | None:
    """The service account, None when none is set. Raises SettingWrong, never with the key in its words."""
    path = settings.fcm_credentials_file
    if path is None:
        return None
    if find_spec("firebase_admin") is None:
        raise SettingWrong(f"{SETTING} is set, but FCM's libraries are missing: pip install 'naryad[push]'")
    trust(settings.push_ca_file)
    return _read(path)


def _read(path: Path) -> dict[str, Any]:
    """The key file of a service account, as Firebase's console gives it."""
    try:
        account = json.loads(path.read_bytes())
    except OSError as error:
        raise SettingWrong(f"{SETTING}: {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingWrong(f"{SETTING}: {path} is not JSON") from error
    if not isinstance(account, dict) or account.get("type") != "service_account":
        raise SettingWrong(
            f"{SETTING}: {path} is not the key of a service account: in Firebase's console "
            "see Project settings, Service accounts, Generate new private key"
        )
    missing = [name for name in NEEDED if not isinstance(account.get(name), str) or not account[name]]
    if missing:
        raise SettingWrong(f"{SETTING}: {path} lacks {', '.join(missing)}")
    if not _is_key(account["private_key"]):
        raise SettingWrong(f"{SETTING}: the private_key in {path} cannot be used: is it whole?")
    if not _is_address(account["token_uri"]):
        raise SettingWrong(f"{SETTING}: the token_uri in {path} is no http address")
    return account


def _is_key(text: str) -> bool:
    try:
        return isinstance(load_pem_private_key(text.encode(), password=None), RSAPrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # torn, encrypted, or of an odd kind
        return False


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
