"""The ways to a phone, a module each."""

from naryad_pusher.channels.channel import Channel
from naryad_pusher.channels.recording import Recording


def configured_channels() -> list[Channel]:
    """The channels that are set up here."""
    return [Recording()]
