"""The header Retry-After (RFC 9110 §10.2.3)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds_to_wait(header: str | None, now: datetime) -> float:
    """Given as seconds or as an HTTP date; 0 when there is none, it is past, or it makes no sense."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0
    if until.tzinfo is None:  # "-0000": UTC, with no zone told
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
