"""The worker's day: what "today" means for a job (R14, and the decisions in DESIGN 1).

Days are local, so one may have 23, 24.5 or 25 hours. Bounds are instants in UTC: Python compares
two instants of one zone by their wall clocks, which is wrong in the hour that comes twice.
"""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

NO_PLACE = frozenset({"Factory", "localtime"})
"""Names that the zone files hold and that say nothing of where a worker is."""


@cache
def zone_names() -> frozenset[str]:
    """The IANA names that a user or an account may have."""
    return frozenset(available_timezones()) - NO_PLACE


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone. To be asked when it is saved: a wrong one makes every "today" wrong."""
    return name in zone_names()


def zone_of(worker_zone: str | None, account_zone: str) -> ZoneInfo:
    """The worker's own zone if set, else the account's. The device's zone only informs."""
    return ZoneInfo(worker_zone or account_zone)


def is_today(scheduled_at: datetime, minutes: int, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the planned interval overlaps the day that `now` falls on in `zone`.

    Half open: what ends at midnight is not the next day's. Of length 0 it is on the day of its start.
    """
    day_start, day_end = _day(zone, now)
    if scheduled_at >= day_end:
        return False
    return scheduled_at >= day_start or day_start - scheduled_at < timedelta(minutes=minutes)


def end_of_day(zone: ZoneInfo, now: datetime) -> datetime:
    """The instant, in UTC, at which the day that `now` falls on in `zone` is over."""
    return _day(zone, now)[1]


def _day(zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    date = now.astimezone(zone).date()
    first, second = (
        datetime.combine(one, time.min, zone).astimezone(UTC) for one in (date, date + timedelta(days=1))
    )
    return first, second
