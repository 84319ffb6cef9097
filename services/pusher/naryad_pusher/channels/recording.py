"""The channel of an installation without providers: the message is kept, and the console shows it."""

from naryad.db.deliveries import ChannelName
from naryad.domain.push_address import Address
from naryad_pusher.channels.channel import Outcome, Sent
from naryad_pusher.compose import Message


class Recording:
    name = ChannelName.RECORDING

    async def send(self, message: Message, address: Address) -> Outcome:
        """Nothing to do: what was sent is written down for every channel when it is settled."""
        return Sent()

    async def close(self) -> None:
        """It has no connections."""
