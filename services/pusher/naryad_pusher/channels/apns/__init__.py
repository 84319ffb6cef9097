"""Apple's push service, over HTTP/2."""

from naryad_pusher.channels.apns.open import check_apns, open_apns

__all__ = ["check_apns", "open_apns"]
