"""Who is asking: the token of a request, and whether a browser's request comes from our own pages.

The console and the field app share one origin, and may be open in one browser as two people:
each has a cookie of its own, and says in `Naryad-App` (or `?app=`, where no header can be set)
which it is. Native apps and integrations send `Authorization: Bearer`.
"""

import hashlib
from enum import StrEnum
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit


class App(StrEnum):
    CONSOLE = "console"
    FIELD = "field"


COOKIES = {App.CONSOLE: "naryad_desk", App.FIELD: "naryad_phone"}


def find_token(authorization: str | None, cookie: str | None, app: str | None) -> tuple[str | None, bool]:
    """The token of a request, and whether a cookie carried it.

    Without `app`, the console's cookie counts before the field app's.
    """
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        return (token.strip() or None if scheme.lower() == "bearer" else None), False
    if cookie is None:
        return None, False
    try:
        jar = SimpleCookie(cookie)
    except CookieError:
        return None, False
    names = [COOKIES[App(app)]] if app in set(App) else list(COOKIES.values())
    found = next((jar[name].value for name in names if name in jar), None)
    return found or None, True


def hash_token(token: str) -> bytes:
    """What is stored of a token. Tokens are random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).digest()


def is_own_origin(origin: str, host: str | None, public_url: str | None) -> bool:
    """Whether an Origin header names the place this request was sent to. `null` never does."""
    split = urlsplit(origin)
    if split.scheme not in ("http", "https") or not split.netloc:
        return False
    if public_url is not None and origin.rstrip("/") == "{0.scheme}://{0.netloc}".format(
        urlsplit(public_url)
    ):
        return True
    return split.netloc == host
