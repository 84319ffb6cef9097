"""A push provider to test against: it notes what it is sent, and answers as it is told."""

from collections.abc import Iterable

from naryad.db.deliveries import ChannelName
from naryad.domain.push_address import Address
from naryad_pusher.channels.channel import Outcome, Sent
from naryad_pusher.compose import Message


class Provider:
    """Answers with `outcomes` in their order (an exception is raised), then takes everything."""

    name = ChannelName.RECORDING

    def __init__(self, outcomes: Iterable[Outcome | Exception] = ()) -> None:
        self._outcomes = iter(outcomes)
        self.messages: list[Message] = []

    async def send(self, message: Message, address: Address) -> Outcome:
        self.messages.append(message)
        outcome = next(self._outcomes, Sent())
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def close(self) -> None:
        """It has no connections."""
