"""When the signed token is made anew: Apple refuses one older than an hour, and changes within 20 minutes."""

from dataclasses import dataclass

import jwt
import pytest

from naryad_pusher.channels.apns.credentials import Credentials, read_credentials
from naryad_pusher.channels.apns.provider_token import ProviderToken
from support.apns.identity import KEY_ID, TEAM_ID, Identity
from support.apns.sending import settings

MINUTE = 60


@dataclass
class Clock:
    now: float = 1_800_000_000

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def credentials(identity: Identity) -> Credentials:
    read = read_credentials(settings(identity, 1))
    assert read is not None
    return read


def test_what_it_says(identity: Identity, credentials: Credentials, clock: Clock) -> None:
    scheme, token = ProviderToken(credentials, clock).header().split()
    assert scheme == "bearer"
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "kid": KEY_ID, "typ": "JWT"}
    claims = jwt.decode(
        token, identity.public_key.read_text(), algorithms=["ES256"], options={"verify_iat": False}
    )
    assert claims == {"iss": TEAM_ID, "iat": 1_800_000_000}


def test_renewed_after_40_to_50_minutes(credentials: Credentials, clock: Clock) -> None:
    token = ProviderToken(credentials, clock)
    first = token.header()
    clock.now += 40 * MINUTE
    assert token.header() == first
    clock.now += 10 * MINUTE
    second = token.header()
    assert second != first
    assert token.header() == second


def test_renewed_when_the_clock_was_set_back(credentials: Credentials, clock: Clock) -> None:
    """Else its time of issue lies in Apple's future."""
    token = ProviderToken(credentials, clock)
    first = token.header()
    clock.now -= 5 * MINUTE
    assert token.header() != first


def test_a_refusal_renews_once_in_20_minutes(credentials: Credentials, clock: Clock) -> None:
    token = ProviderToken(credentials, clock)
    first = token.header()
    assert token.renew(refused=first)
    second = token.header()
    assert second != first
    assert token.renew(refused=first), "another sending renewed it: try that one"
    assert token.header() == second
    assert not token.renew(refused=second)
    clock.now += 20 * MINUTE
    assert token.renew(refused=second)
    assert token.header() != second
