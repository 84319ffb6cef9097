"""The worker's day: "today" in the worker's own time zone if set, else the account's (R14)."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Whether it is an IANA name. Checked when saved: a wrong one would make every "today" wrong later."""
    return name in zone_names()


def zone_of(worker: str | None, account: str) -> ZoneInfo:
    """The zone in which a worker's day is judged; the device's zone only informs."""
    return ZoneInfo(worker or account)


def day_of(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From midnight to the next midnight, as instants: 23, 24 or 25 hours apart."""
    today = now.astimezone(zone).date()
    start = datetime.combine(today, time(), zone)
    end = datetime.combine(today + timedelta(days=1), time(), zone)
    return start, end


def is_today(scheduled_at: datetime | None, minutes: int, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the planned interval overlaps today.

    Half open: what ends at midnight is not the next day's. Of length 0: on the day of its start.
    """
    if scheduled_at is None:
        return False
    day_start, day_end = day_of(now, zone)
    if minutes == 0:
        return day_start <= scheduled_at < day_end
    return scheduled_at < day_end and scheduled_at + timedelta(minutes=minutes) > day_start
