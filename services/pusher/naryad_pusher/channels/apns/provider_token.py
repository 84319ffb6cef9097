"""The signed token that says who we are: one for the process, on all connections."""

import time
from collections.abc import Callable

import jwt

from naryad_pusher.channels.apns.credentials import Credentials

LIFETIME_S = 45 * 60  # Apple refuses one older than an hour, and a change within 20 minutes
RENEWED_AT_MOST_EVERY_S = 20 * 60


class ProviderToken:
    """RFC 7519, signed with ES256. `now` is a clock in seconds since the epoch."""

    def __init__(self, credentials: Credentials, now: Callable[[], float] = time.time) -> None:
        self._credentials = credentials
        self._now = now
        self._issued_at = 0.0
        self._renewed_at: float | None = None
        self._header = ""

    def header(self) -> str:
        """The value of `authorization`, renewed every 45 minutes, and when the clock was set back."""
        if not self._header or not 0 <= self._now() - self._issued_at < LIFETIME_S:
            self._sign()
        return self._header

    def renew(self, refused: str) -> bool:
        """Whether there is another token to try in place of the one that Apple calls expired.

        So it is after the clock was corrected. A clock that is still wrong makes no more of them:
        Apple answers frequent changes with 429.
        """
        if refused != self._header:
            return True  # another sending was refused too, and renewed it
        now = self._now()
        if self._renewed_at is not None and 0 <= now - self._renewed_at < RENEWED_AT_MOST_EVERY_S:
            return False
        self._renewed_at = now
        self._sign()
        return True

    def _sign(self) -> None:
        one = self._credentials
        self._issued_at = self._now()
        token = jwt.encode(
            {"iss": one.team_id, "iat": int(self._issued_at)},
            one.key,
            algorithm="ES256",
            headers={"kid": one.key_id},
        )
        self._header = f"bearer {token}"
