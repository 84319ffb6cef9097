"""Instants as text: UTC, RFC 3339, `Z`, milliseconds only where there are any.

One form only, so that equal instants are equal text and a merge can compare them.
"""

from datetime import UTC, datetime


def to_text(instant: datetime) -> str:
    """`2026-11-24T07:02:03Z`. Raises ValueError for an instant without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    utc = instant.astimezone(UTC)
    spec = "milliseconds" if utc.microsecond >= 1000 else "seconds"
    return utc.replace(tzinfo=None).isoformat(timespec=spec) + "Z"


def from_text(text: str) -> datetime:
    """The inverse of `to_text`; any RFC 3339 offset is understood. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone: 2026-11-24T10:00:00+03:00")
    return instant.astimezone(UTC)
