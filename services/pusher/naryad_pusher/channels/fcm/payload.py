"""A message as FCM takes it."""

import json
from datetime import datetime

from firebase_admin import messaging

from naryad_pusher.compose import Message

COLLAPSE_KEY = "naryad"
"""One for all: FCM keeps messages of four keys for a phone that is away, and drops the others."""
LONGEST_TTL_S = 28 * 86_400


def encode(message: Message, token: str, now: datetime) -> bytes:
    """The body of `messages:send`. Raises ValueError for what FCM could never take."""
    alert = message.alert
    made = messaging.Message(
        data={name: str(value) for name, value in message.data().items()},
        notification=messaging.Notification(alert.title, alert.body) if alert else None,
        android=messaging.AndroidConfig(
            collapse_key=COLLAPSE_KEY,
            # Android demotes the app whose urgent messages show nothing: a silent one may wait for a moment.
            priority="high" if alert else "normal",
            ttl=min(max(int((message.expires_at - now).total_seconds()), 0), LONGEST_TTL_S),
            # The newest message of a job takes the place of the one before.
            notification=messaging.AndroidNotification(tag=str(message.job_id)) if alert else None,
        ),
    )
    made.token = token  # as an argument it warns each time of `fid`, which our apps do not have
    encoded = messaging._MessagingService.encode_message(made)
    return json.dumps({"message": encoded}, ensure_ascii=False, separators=(",", ":")).encode()
