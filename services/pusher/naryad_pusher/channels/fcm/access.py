"""The access token of a service account (RFC 7523), fetched ahead of time and off everyone's way.

Google's own library fetches it with a blocking request in the midst of a sending, for as long as two
minutes: all other sendings of the process would stand still.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic, time

import httpx
import structlog
from firebase_admin.credentials import Certificate
from google.auth import jwt

from naryad_pusher.channels.channel import Misconfigured, Retry
from naryad_pusher.channels.retry_after import seconds_to_wait

log = structlog.get_logger()

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
AUDIENCE = "https://oauth2.googleapis.com/token"
"""Google's, also where a `token_uri` leads through something in between."""
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_S = 3600
RENEW_AT = 5 / 6
"""Of its life: tokens of an hour are renewed after 50 minutes."""
ANSWER_S = 8.0
AGAIN_S = 5.0
"""After a failure; until then all who ask get the same answer."""


@dataclass(frozen=True, slots=True)
class Access:
    """A token and until when, by the monotonic clock."""

    token: str = field(repr=False)
    renew_at: float
    expires_at: float


Failure = Retry | Misconfigured


class AccessTokens:
    """One token for all sendings; at most one request for it at a time."""

    def __init__(
        self,
        certificate: Certificate,
        token_uri: str,
        http: httpx.AsyncClient,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._certificate = certificate
        self._token_uri = token_uri
        self._http = http
        self._clock = clock
        self._held: Access | None = None
        self._failed: tuple[float, Failure] | None = None
        self._asking: asyncio.Task[str | Failure] | None = None

    async def current(self) -> str | Failure:
        """A token that holds. Only without one does the caller wait."""
        now, held = self._clock(), self._held
        if held is not None and now < held.renew_at:
            return held.token
        resting = self._failed is not None and now < self._failed[0]
        if held is not None and now < held.expires_at:
            if not resting:
                self._ask()
            return held.token
        if resting:
            assert self._failed is not None
            return self._failed[1]
        return await asyncio.shield(self._ask())  # one who is cancelled takes it from no other

    def forget(self, token: str) -> None:
        """FCM refused it: the next sending asks for another."""
        if self._held is not None and self._held.token == token:
            self._held = None

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def _ask(self) -> "asyncio.Task[str | Failure]":
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._fetch(), name="FCM access token")
        return self._asking

    async def _fetch(self) -> str | Failure:
        began = self._clock()
        try:
            async with asyncio.timeout(ANSWER_S):
                response = await self._http.post(
                    self._token_uri, data={"grant_type": GRANT, "assertion": self._assertion()}
                )
        except TimeoutError:
            return self._fail(Retry(f"no access token within {ANSWER_S:g} s", AGAIN_S))
        except httpx.HTTPError as error:
            return self._fail(Retry(f"no access token: {type(error).__name__}: {error}", AGAIN_S))
        answer = _access(response, began)
        if not isinstance(answer, Access):
            return self._fail(answer)
        self._held, self._failed = answer, None
        return answer.token

    def _fail(self, failure: Failure) -> Failure:
        log.warning("FCM gives no access token", detail=failure.detail)
        self._failed = (self._clock() + AGAIN_S, failure)
        return failure

    def _assertion(self) -> str:
        """Signed with RS256: a millisecond."""
        now = int(time())
        claims = {
            "iss": self._certificate.service_account_email,
            "scope": SCOPE,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + ASSERTION_S,
        }
        signed: bytes = jwt.encode(self._certificate.signer, claims)  # type: ignore[no-untyped-call]
        return signed.decode()


def _access(response: httpx.Response, began: float) -> Access | Failure:
    status = response.status_code
    try:
        body = response.json()
    except ValueError:
        body = None
    told = body if isinstance(body, dict) else {}
    token, life_s = told.get("access_token"), told.get("expires_in", ASSERTION_S)
    if status == 200 and isinstance(token, str) and token.isascii() and token.isprintable() and token:
        life_s = min(max(float(life_s), 0), 86_400) if isinstance(life_s, int | float) else ASSERTION_S
        return Access(token, began + life_s * RENEW_AT, began + life_s)
    detail = f"access token: {status} {_words(told.get('error'))} {_words(told.get('error_description'))}"
    if status in (400, 401, 403):  # invalid_grant: the key was withdrawn, or our clock is wrong
        return Misconfigured(detail.strip())
    wait_s = seconds_to_wait(response.headers.get("retry-after"), datetime.now(UTC))
    return Retry(detail.strip(), max(wait_s, AGAIN_S))


def _words(told: object) -> str:
    return told[:200] if isinstance(told, str) else ""
