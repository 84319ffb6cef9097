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
        ("authorization", authorization),
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
    kept = text.removesuffix("…")
    goal = len(text.encode()) - by - len("…".encode())
    while kept and (len(kept.encode()) > goal or kept[-1] == "\u200d"):
        last, kept = kept[-1], kept[:-1]
        while kept and (unicodedata.category(last).startswith("M") or last == "\u200d"):
            last, kept = kept[-1], kept[:-1]
    return f"{kept.rstrip()}…" if kept else ""
