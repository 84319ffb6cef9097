"""Where a subscription may lead: nowhere but to the push services that are listed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naryad.domain.push_hosts import BROWSERS, hosts_of, is_allowed

LOOPBACK = ("127.0.0.1", "localhost", "::1", "push.test")


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://FCM.googleapis.com/wp/x",
        "https://fcm.googleapis.com:443/wp/x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://eu.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2f",
        "https://a.b.notify.windows.com/w/?token=x",
        "https://web.push.apple.com/QGtd",
    ],
)
def test_the_browsers_push_services_are_allowed(url: str) -> None:
    assert is_allowed(url, BROWSERS)


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/wp/x",
        "https://example.com/x",
        "https://notify.windows.com/x",  # the name itself is not below itself
        "https://evilnotify.windows.com.example/x",
        "https://fcm.googleapis.com.example/x",
        "https://xfcm.googleapis.com/x",
        "https://fcm.googleapis.com@example.com/x",
        "https://user:word@fcm.googleapis.com/x",
        "https://example.com\\@fcm.googleapis.com/x",
        "https://example.com#@fcm.googleapis.com/x",
        "https://fcm.googleapis.com./x",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com?x",
        "https://fcm.googleapis.com:port/x",
        "https:///fcm.googleapis.com/x",
        "//fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x\n",
        " https://fcm.googleapis.com/x",
        "https://fcm.googleapis.com/ x",
        "https://fcm.googleapis.com/\\\\x",
        "https://ｆcm.googleapis.com/x",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/x",
        "http://127.0.0.1/x",
        "https://[::1]/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_nothing_else_is(url: str) -> None:
    assert not is_allowed(url, BROWSERS)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:8443/p/1", True),
        ("https://127.0.0.1:8443/p/1", True),
        ("http://localhost/p/1", True),
        ("http://[::1]:9/p/1", True),
        ("https://push.test/p/1", True),
        ("http://push.test/p/1", False),  # plain http only at loopback
        ("http://127.0.0.2/p/1", False),  # not named
        ("https://fcm.googleapis.com/p/1", False),  # the list is replaced
    ],
)
def test_a_list_of_ones_own_may_name_loopback(url: str, allowed: bool) -> None:
    assert is_allowed(url, LOOPBACK) is allowed


def test_the_setting_replaces_the_list() -> None:
    assert hosts_of(None) == BROWSERS
    assert hosts_of("push.test, LocalHost ,,") == ("push.test", "localhost")


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://fcm.googleapis.com"]))
def test_whatever_is_allowed_begins_with_a_listed_host(rest: str, start: str) -> None:
    url = start + rest
    if is_allowed(url, ("fcm.googleapis.com",)):
        after = url[len("https://") :].lower()
        assert url.isascii()
        assert after.startswith(("fcm.googleapis.com/", "fcm.googleapis.com:"))
        assert "@" not in after.split("/")[0]
