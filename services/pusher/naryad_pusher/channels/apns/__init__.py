"""Apple's push service, over HTTP/2."""

from naryad_pusher.channels.apns.channel import Apns, open_apns

__all__ = ["Apns", "open_apns"]
