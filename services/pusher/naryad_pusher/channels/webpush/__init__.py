"""Web Push (RFC 8030): the way to browsers, through the push service of each browser's maker."""

from naryad_pusher.channels.webpush.open import check_webpush, open_webpush

__all__ = ["check_webpush", "open_webpush"]
