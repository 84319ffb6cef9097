"""Retry-After (RFC 9110 §10.2.3): seconds or a date."""

from email.utils import parsedate_to_datetime


def retry_after_s(header: str | None, date: str | None) -> float | None:
    """Seconds to wait; None when nothing usable is said. A date is read against the answer's own Date,
    so that a phone with a wrong clock waits no longer than it was asked to."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
        since = parsedate_to_datetime(date or "")
        return max(0.0, (until - since).total_seconds())
    except (ValueError, TypeError):
        return None
