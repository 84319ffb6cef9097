"""A message as APNs takes it: the headers of the request and its JSON body."""

import json
import unicodedata
from typing import TypeAlias
from urllib.parse import quote

from hpack import NeverIndexedHeaderTuple

from naryad.domain.json import Json
from naryad_pusher.compose import Alert, Message

MAX_BYTES = 4096  # Apple answers more with 413

Headers: TypeAlias = list[tuple[str, str] | NeverIndexedHeaderTuple]


def request_headers(message: Message, token: str, *, host: str, topic: str, authorization: str) -> Headers:
    """What differs from message to message stays out of HPACK's table, as Apple asks: the table is small."""
    silent = message.alert is None
    return [
        (":method", "POST"),
        (":scheme", "https"),
        (":authority", host),
        NeverIndexedHeaderTuple(":path", f"/3/device/{quote(token, safe='')}"),
        NeverIndexedHeaderTuple("authorization", authorization),
        ("apns-topic", topic),
        ("apns-push-type", "background" if silent else "alert"),
        ("apns-priority", "5" if silent else "10"),
        ("apns-expiration", str(int(message.expires_at.timestamp()))),
        NeverIndexedHeaderTuple("apns-id", str(message.notification_id)),
        NeverIndexedHeaderTuple("apns-collapse-id", collapse_id(message)),
    ]


def collapse_id(message: Message) -> str:
    """At most 64 bytes. A newer alert of a job takes the older one's place on the phone and at Apple.

    A silent message has an id of its own: it must not take the place of an alert that still waits there.
    """
    return f"{message.job_id}" if message.alert else f"{message.job_id}.silent"


def request_body(message: Message) -> bytes:
    """JSON of at most 4,096 bytes: the text of the notification is shortened if it must be."""
    alert = message.alert
    body = _encoded(message, alert)
    while alert is not None and len(body) > MAX_BYTES and (alert.body or alert.title):
        alert = _shorter(alert, by=len(body) - MAX_BYTES)
        body = _encoded(message, alert)
    return body


def _encoded(message: Message, alert: Alert | None) -> bytes:
    aps: dict[str, Json] = {"content-available": 1}
    if alert is not None:
        aps |= {"alert": {"title": alert.title, "body": alert.body}, "sound": "default"}
    return json.dumps({"aps": aps, **message.data()}, ensure_ascii=False, separators=(",", ":")).encode()


def _shorter(alert: Alert, by: int) -> Alert:
    """`by` bytes of JSON less, or a little more; the title only when the body is used up."""
    if alert.body:
        return Alert(alert.title, _cut(alert.body, by))
    return Alert(_cut(alert.title, by), "")


def _cut(text: str, by: int) -> str:
    """The text with an ellipsis for its end, no character broken, nor one separated from its accents."""
    kept = len(text.removesuffix("…"))
    freed = len(text[kept:].encode()) - len("…".encode())
    while kept and (freed < by or _belongs_to_the_one_before(text, kept)):
        kept -= 1
        freed += (
            len(json.dumps(text[kept], ensure_ascii=False).encode()) - 2
        )  # `\n` and `"` take more than one
    return f"{text[:kept].rstrip()}…" if kept else ""


def _belongs_to_the_one_before(text: str, position: int) -> bool:
    """Accents and variation selectors, and what a zero-width joiner binds, as in 👩‍🔧."""
    if position == len(text):
        return False
    joined = "\u200d" in text[position - 1 : position + 1]
    return joined or unicodedata.category(text[position]).startswith("M")
