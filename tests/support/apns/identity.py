"""A certificate for loopback, and a team's signing key as Apple would hand it out."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from support.loopback_tls import make_tls

KEY_ID, TEAM_ID, TOPIC = "KEY1234567", "TEAM123456", "example.naryad.field"


@dataclass(frozen=True)
class Identity:
    """Files: `certificate` and `key` of the server, `signing_key` (.p8) of the team and its `public_key`."""

    certificate: Path
    key: Path
    signing_key: Path
    public_key: Path


def make_identity(folder: Path) -> Identity:
    folder.mkdir(parents=True, exist_ok=True)
    tls = make_tls(folder)
    made = Identity(tls.certificate, tls.key, folder / "AuthKey.p8", folder / "AuthKey.pub")
    signing = ec.generate_private_key(ec.SECP256R1())
    made.signing_key.write_bytes(pem(signing))
    made.public_key.write_bytes(
        signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return made


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
