"""What every channel does, and how a sending may end."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from naryad.db.deliveries import ChannelName
from naryad.domain.push_address import Address
from naryad_pusher.compose import Message


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The device is no longer to be reached under this token: the token is to be retired."""

    detail: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now. `after_s` is the provider's own wish, a floor."""

    detail: str
    after_s: float = 0


@dataclass(frozen=True, slots=True)
class Misconfigured:
    """Our credentials are at fault, not the message or the token: the whole channel pauses."""

    detail: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider will never take this message."""

    detail: str


Outcome: TypeAlias = Sent | Gone | Retry | Misconfigured | Rejected


class Channel(Protocol):
    @property
    def name(self) -> ChannelName: ...

    async def send(self, message: Message, address: Address) -> Outcome:
        """Hand one message to the provider. What the network may do is an outcome, not an exception.

        Cancelled after a time (attempt.SEND_S): the other sendings must not notice.
        """
        ...

    async def close(self) -> None:
        """End the connections to the provider."""
        ...
