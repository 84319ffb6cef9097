"""A certificate for loopback, and a team's signing key as Apple would hand it out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

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
    made = Identity(folder / "tls.crt", folder / "tls.key", folder / "AuthKey.p8", folder / "AuthKey.pub")
    tls = ec.generate_private_key(ec.SECP256R1())
    made.certificate.write_bytes(_certificate(tls).public_bytes(Encoding.PEM))
    made.key.write_bytes(pem(tls))
    signing = ec.generate_private_key(ec.SECP256R1())
    made.signing_key.write_bytes(pem(signing))
    made.public_key.write_bytes(
        signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return made


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a push service of the tests")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
