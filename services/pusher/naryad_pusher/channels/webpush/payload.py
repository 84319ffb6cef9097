"""A message as the service worker gets it, and how it travels."""

import json
from base64 import urlsafe_b64encode
from datetime import datetime

from naryad_pusher.compose import Alert, Message

MOST_BYTES = 3993
"""What is left of the 4096 that push services take, after salt, key and padding (RFC 8291 §4)."""
LONGEST_TTL_S = 28 * 86_400


def payload(message: Message, alert: Alert) -> bytes:
    """Before encryption. Raises ValueError for a text that is none."""
    told = {"title": alert.title, "body": alert.body, **message.data()}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def delivery_headers(message: Message, now: datetime) -> dict[str, str]:
    """RFC 8030 §5. The Topic makes the newest message of a job take the place of the one that still waits
    at the push service; at most 32 characters of base64url.
    """
    ttl = min(max(int((message.expires_at - now).total_seconds()), 0), LONGEST_TTL_S)
    return {
        "TTL": str(ttl),
        "Urgency": "high",
        "Topic": urlsafe_b64encode(message.job_id.bytes).rstrip(b"=").decode(),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
    }
