"""A certificate for loopback, and a signing key as Apple hands it out to a team."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Identity:
    """Files in PEM."""

    certificate: Path
    key: Path
    signing_key: Path

    def settings(self, port: int) -> dict[str, str]:
        """For a pusher whose Apple answers on this port."""
        return {
            "NARYAD_APNS_KEY_FILE": str(self.signing_key),
            "NARYAD_APNS_KEY_ID": "BENCH12345",
            "NARYAD_APNS_TEAM_ID": "BENCHTEAM1",
            "NARYAD_APNS_TOPIC": "example.naryad.field",
            "NARYAD_APNS_URL": f"https://127.0.0.1:{port}",
            "NARYAD_PUSH_CA_FILE": str(self.certificate),
        }


def make_identity(folder: Path) -> Identity:
    made = Identity(folder / "apns.crt", folder / "apns.key", folder / "AuthKey.p8")
    key = ec.generate_private_key(ec.SECP256R1())
    made.certificate.write_bytes(_certificate(key).public_bytes(Encoding.PEM))
    made.key.write_bytes(_pem(key))
    made.signing_key.write_bytes(_pem(ec.generate_private_key(ec.SECP256R1())))
    return made


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a push service for benchmarks")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
