"""A push provider to test against: it notes what it is sent, and answers as it is told."""

from collections.abc import Callable, Iterable

from naryad.domain.push_address import Address
from naryad.domain.push_channel import ChannelName
from naryad_pusher.channels.channel import Outcome, Sent
from naryad_pusher.compose import Message

Answer = Callable[[Message, Address], Outcome]


class Provider:
    """Answers with `outcomes` in their order (an exception is raised), then as `answer` says."""

    def __init__(
        self,
        outcomes: Iterable[Outcome | Exception] = (),
        name: ChannelName = ChannelName.RECORDING,
        answer: Answer = lambda message, address: Sent(),
    ) -> None:
        self.name = name
        self._outcomes = iter(outcomes)
        self._answer = answer
        self.messages: list[Message] = []
        self.addresses: list[Address] = []
        self.closed = False

    async def send(self, message: Message, address: Address) -> Outcome:
        self.messages.append(message)
        self.addresses.append(address)
        outcome = next(self._outcomes, None)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome or self._answer(message, address)

    async def close(self) -> None:
        self.closed = True
