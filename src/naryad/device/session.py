"""Who is signed in on this phone. The token is a secret: a native app keeps it in the system's keystore."""

from dataclasses import asdict, dataclass, field
from typing import Literal

from naryad.domain.json import Json


@dataclass(frozen=True, slots=True)
class Credentials:
    login: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    token: str = field(repr=False)
    worker_id: str
    worker_name: str
    time_zone: str
    """IANA name; "today" is judged in it."""
    last_seq: int = 0
    """What the server had of this device at sign-in."""

    def as_json(self) -> dict[str, Json]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the device says of itself at sign-in."""

    name: str
    platform: Literal["ios", "android", "web", "other"] = "other"
    app_version: str = "1.0.0"
    locale: str = "en"
    time_zone: str = "UTC"
