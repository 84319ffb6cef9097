"""Where a Web Push subscription may lead. The endpoint is a URL that a browser chose and that we then call:
without a list of hosts anyone who signs in could have us call anything (SSRF).
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address

BROWSERS = (
    "fcm.googleapis.com",  # Chrome, Edge on Android, Opera, Samsung Internet
    "android.googleapis.com",  # the same, old subscriptions
    "updates.push.services.mozilla.com",  # Firefox
    "*.push.services.mozilla.com",
    "*.notify.windows.com",  # Edge on Windows
    "web.push.apple.com",  # Safari
    "*.push.apple.com",
)
"""The push services of the browsers, as their makers document them for firewalls."""

# Stricter than RFC 3986, so that no client can read another host out of it: no user, no backslash,
# nothing but printable ASCII.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?/[!-\[\]-~]*", re.IGNORECASE
)


def hosts_of(setting: str | None) -> tuple[str, ...]:
    """The hosts of NARYAD_WEBPUSH_HOSTS, names with commas between them; else the browsers' services."""
    if setting is None:
        return BROWSERS
    return tuple(name for one in setting.split(",") if (name := one.strip().lower()))


def is_allowed(endpoint_url: str, hosts: Iterable[str]) -> bool:
    """Whether the endpoint is https at one of `hosts`; `*.` in front admits all names below, not itself.

    Plain http only at a loopback host that is named.
    """
    match = _URL.fullmatch(endpoint_url)
    if match is None:
        return False
    host = match["host"].lower().strip("[]")
    named = {one.lower().strip("[]") for one in hosts}
    if match["scheme"].lower() == "http":
        return host in named and _is_loopback(host)
    below = {f"*.{parent}" for parent in _parents(host)}
    return host in named or not named.isdisjoint(below)


def _parents(host: str) -> Iterable[str]:
    labels = host.split(".")
    return (".".join(labels[cut:]) for cut in range(1, len(labels)))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
