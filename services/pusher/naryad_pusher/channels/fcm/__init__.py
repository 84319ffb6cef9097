"""Firebase Cloud Messaging: the way to Android phones."""

from naryad_pusher.channels.fcm.open import check_fcm, open_fcm

__all__ = ["check_fcm", "open_fcm"]
