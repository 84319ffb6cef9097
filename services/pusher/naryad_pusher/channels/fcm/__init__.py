"""Firebase Cloud Messaging: the way to Android phones."""

from naryad_pusher.channels.fcm.open import open_fcm

__all__ = ["open_fcm"]
