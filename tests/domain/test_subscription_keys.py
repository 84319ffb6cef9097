"""The keys of a subscription are usable, or refused when they are registered."""

import pytest

from naryad.domain.subscription_keys import is_auth, is_p256dh
from support.subscriptions import subscription, text


def test_a_browsers_keys_are_taken() -> None:
    for _ in range(20):
        keys = subscription()["keys"]
        assert is_p256dh(keys["p256dh"])
        assert is_p256dh(keys["p256dh"] + "=")
        assert is_auth(keys["auth"])


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "нет",
        "abc+/=",
        "a",
        text(b"\x04" + bytes(64)),  # no point of the curve
        text(b"\x04" + b"\xff" * 64),
        text(b"\x02" + bytes(32)),  # compressed
        text(bytes(16)),
    ],
)
def test_what_is_no_point_is_refused(wrong: str) -> None:
    assert not is_p256dh(wrong)


@pytest.mark.parametrize("wrong", ["", "====", text(bytes(15)), text(bytes(17)), "*" * 22, "A" * 21])
def test_what_is_no_secret_is_refused(wrong: str) -> None:
    assert not is_auth(wrong)


def test_a_point_beside_the_curve_is_refused() -> None:
    from base64 import urlsafe_b64decode

    raw = bytearray(urlsafe_b64decode(subscription()["keys"]["p256dh"] + "="))
    raw[-1] ^= 1
    assert not is_p256dh(text(bytes(raw)))
