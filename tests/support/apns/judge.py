"""What APNs checks of a request before it takes the message (Python's h2; node_fake.mjs has its own)."""

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

import jwt

Refusal = tuple[int, str] | None


@dataclass
class Judge:
    """Knows one team's key. `expired`: how many provider tokens to call expired, the first ones."""

    public_key: str
    key_id: str
    team_id: str
    topic: str
    expired: int = 0
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    def credentials(self, headers: dict[str, str]) -> Refusal:
        """Whose signature it is: ES256, by the key that the header names."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme != "bearer":
            return 403, "MissingProviderToken"
        if token not in self.tokens:
            try:
                assert jwt.get_unverified_header(token)["kid"] == self.key_id
                claims = jwt.decode(token, self.public_key, algorithms=["ES256"])
                assert claims["iss"] == self.team_id
            except (jwt.InvalidTokenError, AssertionError, KeyError):
                return 403, "InvalidProviderToken"
            self.tokens[token] = claims
        position = list(self.tokens).index(token)
        if position < self.expired or time.time() - self.tokens[token]["iat"] > 3600:
            return 403, "ExpiredProviderToken"
        return None

    def message(self, headers: dict[str, str], body: bytes) -> Refusal:
        background = headers.get("apns-push-type") == "background"
        rules = (
            (headers.get(":method") == "POST", 405, "MethodNotAllowed"),
            (re.fullmatch(r"/3/device/[^/]+", headers.get(":path", "")) is not None, 404, "BadPath"),
            (headers.get("apns-topic") == self.topic, 400, "TopicDisallowed"),
            (headers.get("apns-push-type") in ("alert", "background"), 400, "InvalidPushType"),
            (headers.get("apns-priority") == ("5" if background else "10"), 400, "BadPriority"),
            (re.fullmatch(r"[0-9a-f-]{36}", headers.get("apns-id", "")) is not None, 400, "BadMessageId"),
            (headers.get("apns-expiration", "").isdigit(), 400, "BadExpirationDate"),
            (0 < len(headers.get("apns-collapse-id", "").encode()) <= 64, 400, "BadCollapseId"),
            (len(body) <= 4096, 413, "PayloadTooLarge"),
            (is_payload(body), 400, "PayloadEmpty"),
        )
        return next(((status, reason) for kept, status, reason in rules if not kept), None)


def is_payload(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body)["aps"], dict)
    except (ValueError, KeyError, TypeError):
        return False
