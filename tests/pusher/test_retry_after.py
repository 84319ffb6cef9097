from datetime import UTC, datetime

import pytest

from naryad_pusher.channels.retry_after import seconds_to_wait

NOW = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("0", 0),
        ("30", 30),
        (" 30 ", 30),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("٣٠", 0),
        ("Tue, 24 Nov 2026 09:02:00 GMT", 120),
        ("Tue, 24 Nov 2026 12:02:00 +0300", 120),
        ("Tue, 24 Nov 2026 09:02:00 -0000", 120),
        ("Tuesday, 24-Nov-26 09:02:00 GMT", 120),
        ("Tue Nov 24 09:02:00 2026", 120),
        ("Tue, 24 Nov 2026 08:00:00 GMT", 0),
        ("Tue, 99 Nov 2026 08:00:00 GMT", 0),
    ],
)
def test_seconds_to_wait(header: str | None, seconds: float) -> None:
    """Seconds, the three forms of a date, and what makes no sense."""
    assert seconds_to_wait(header, NOW) == seconds
