"""When a provider wants to be asked again: the header Retry-After (RFC 9110 §10.2.3)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_S = 86_400.0
"""No push waits longer than its day."""


def seconds_to_wait(header: str | None, now: datetime) -> float:
    """Of a number of seconds or an HTTP date; 0 where there is none, or none that can be read."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_S)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return 0
    if at.tzinfo is None:  # "-0000" in place of GMT
        at = at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0), LONGEST_S)
