"""What Apple knows us by, from the settings: a signing key, its id, the team, and the app's bundle id."""

import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from naryad.settings import PREFIX, SettingMissing, Settings, SettingWrong


@dataclass(frozen=True, slots=True)
class Credentials:
    key: EllipticCurvePrivateKey
    key_id: str
    team_id: str
    topic: str


def read_credentials(settings: Settings) -> Credentials | None:
    """None when APNs is not set up.

    Raises SettingMissing when it is set up by half, SettingWrong when the key cannot be used.
    """
    values = {
        name: getattr(settings, name)
        for name in ("apns_key_file", "apns_key_id", "apns_team_id", "apns_topic")
    }
    missing = [f"{PREFIX}{name.upper()}" for name, value in values.items() if value is None]
    if len(missing) == len(values):
        return None
    if missing:
        raise SettingMissing(
            f"APNs is set up by half: set {' and '.join(missing)} too, or none of its four settings"
        )
    for name in ("apns_key_id", "apns_team_id", "apns_topic"):
        if not re.fullmatch(r"[!-~]+", values[name]):
            raise SettingWrong(f"{PREFIX}{name.upper()} holds a space, or a letter that is not ASCII")
    return Credentials(
        key=_read_key(values["apns_key_file"]),
        key_id=values["apns_key_id"],
        team_id=values["apns_team_id"],
        topic=values["apns_topic"],
    )


def _read_key(path: Path) -> EllipticCurvePrivateKey:
    where = f"{PREFIX}APNS_KEY_FILE={path}"
    try:
        text = path.read_bytes()
    except OSError as error:
        raise SettingWrong(f"{where} cannot be read: {error.strerror or error}") from None
    try:
        key = load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SettingWrong(
            f"{where} holds no private key: it must be the .p8 file as downloaded from Apple, not encrypted"
        ) from None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise SettingWrong(f"{where} is another kind of key: Apple's .p8 files hold a P-256 key")
    return key
