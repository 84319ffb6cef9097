"""Who we are, said to each push service (VAPID, RFC 8292)."""

from collections import OrderedDict
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02, VapidException

from naryad.db.vapid import VapidKey

VALID = timedelta(hours=12)
"""RFC 8292 §2 allows a day."""
REUSED = timedelta(hours=6)
MOST = 256
"""Origins to remember: Windows has a host for each of its regions."""


class Signer:
    """Signs once for an origin and a few hours: it need not be done for each message."""

    def __init__(self, key: VapidKey, subject: str) -> None:
        self.key_made_at = key.made_at
        self._subject = subject
        private = ec.derive_private_key(int.from_bytes(key.private, "big"), ec.SECP256R1())
        self._vapid = _vapid(private, subject)
        self._signed: OrderedDict[str, tuple[datetime, str]] = OrderedDict()

    def authorization(self, origin: str, now: datetime) -> str:
        """The header Authorization for a push service. Raises VapidException for an origin without a name."""
        held = self._signed.get(origin)
        if held is None or now >= held[0] + REUSED:
            held = (now, self._sign(origin, now))
            self._signed[origin] = held
            while len(self._signed) > MOST:
                self._signed.popitem(last=False)
        return held[1]

    def _sign(self, origin: str, now: datetime) -> str:
        claims = {"sub": self._subject, "aud": origin, "exp": int((now + VALID).timestamp())}
        header: str = self._vapid.sign(claims)["Authorization"]  # claims of its own: it may add to them
        return header


def is_subject(subject: str) -> bool:
    """Whether push services would take it."""
    try:
        _vapid(ec.generate_private_key(ec.SECP256R1()), subject).sign(
            {"sub": subject, "aud": "https://push.example"}
        )
    except VapidException:
        return False
    return True


def _vapid(private: ec.EllipticCurvePrivateKey, subject: str) -> Vapid02:
    """It knows good mail addresses, but takes no https address with a path."""
    return Vapid02(private, conf={"no-strict": subject.startswith("https://")})
