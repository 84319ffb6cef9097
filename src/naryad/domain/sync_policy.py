"""When a device syncs, and what may travel (R4 to R8, R10, R12, R21).

Pure: time is a number of seconds on any clock that does not run backwards, chance is a number
in [0, 1) given by the caller. The field app runs the same vectors, `tests/vectors/sync_policy.json`,
and compiles in the same defaults, `default_policy.json`.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal, assert_never, cast

from naryad.domain.json import JsonObject
from naryad.domain.network import Network
from naryad.domain.policy import DEFAULT_POLICY

SPREAD = 0.1
"""Timers differ by up to ±10 %, so that phones which started together do not stay together."""

FIRST_RETRY_S = 5.0


class Trigger(StrEnum):
    """Why a sync runs. All but the timer ask for one at once."""

    TIMER = "timer"  # R4
    OPEN = "open"  # R5
    STATE_CHANGE = "state_change"  # R6, and any other work the worker saves
    MANUAL = "manual"  # R10
    PUSH = "push"  # R12
    RECONNECT = "reconnect"  # R21
    DATE_ROLL = "date_roll"  # tomorrow's jobs became today's


@dataclass(frozen=True, slots=True)
class SyncPolicy:
    """What the account tells its devices. The server sends it whole when it changed."""

    version: int
    interval_s: float
    files_on: Literal["fast", "any"]
    slow_below_kbit_s: float
    photo_max_px: int
    photo_quality: float
    """As the canvas takes it, 0 to 1."""
    retention_days: int
    """How long a closed job stays on the phone."""


def policy_from_json(sent: JsonObject) -> SyncPolicy:
    """A policy as sent. A member that is missing or unknown falls back to the default, so that
    an older device understands a newer server."""

    def number(name: str, fallback: float, least: float) -> float:
        value = sent.get(name)
        usable = isinstance(value, int | float) and not isinstance(value, bool) and value >= least
        return value if usable and isinstance(value, int | float) else fallback

    return SyncPolicy(
        version=int(number("version", DEFAULT.version, 0)),
        interval_s=number("interval_s", DEFAULT.interval_s, 1),
        files_on="any" if sent.get("files_on") == "any" else "fast",
        slow_below_kbit_s=number("slow_below_kbit_s", DEFAULT.slow_below_kbit_s, 0),
        photo_max_px=int(number("photo_max_px", DEFAULT.photo_max_px, 16)),
        photo_quality=number("photo_quality", DEFAULT.photo_quality, 0),
        retention_days=int(number("retention_days", DEFAULT.retention_days, 0)),
    )


DEFAULT = SyncPolicy(**cast("dict[str, Any]", DEFAULT_POLICY))


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the next sync is due, and the moment before which there must be none (Retry-After)."""

    due_at: float = 0.0
    not_before: float = 0.0
    failures: int = 0

    @property
    def next_at(self) -> float:
        return max(self.due_at, self.not_before)


def asked(schedule: Schedule, trigger: Trigger, now: float) -> Schedule:
    """Something happened that wants a sync at once. It ends a backoff, but never a Retry-After:
    a server in trouble is not asked again by a thousand impatient thumbs."""
    match trigger:
        case Trigger.TIMER:
            return schedule
        case (
            Trigger.OPEN
            | Trigger.STATE_CHANGE
            | Trigger.MANUAL
            | Trigger.PUSH
            | Trigger.RECONNECT
            | Trigger.DATE_ROLL
        ):
            return replace(schedule, due_at=min(schedule.due_at, now))
        case _:
            assert_never(trigger)


def succeeded(policy: SyncPolicy, now: float, chance: float) -> Schedule:
    """The next timer after a sync that worked: the interval ±10 %."""
    return Schedule(due_at=now + policy.interval_s * (1 + SPREAD * (2 * chance - 1)))


def failed(
    schedule: Schedule, policy: SyncPolicy, now: float, chance: float, retry_after_s: float | None = None
) -> Schedule:
    """The next attempt after a failure: 5, 10, 20 … seconds, jittered down by up to half, never longer
    than the interval. Retry-After is a floor, stretched by up to 10 % so that not all come back at once."""
    failures = schedule.failures + 1
    ceiling = min(policy.interval_s, FIRST_RETRY_S * 2.0 ** min(failures - 1, 16))
    floor = now + (retry_after_s or 0.0) * (1 + SPREAD * chance)
    return Schedule(due_at=now + ceiling * (1 - chance / 2), not_before=floor, failures=failures)


@dataclass(frozen=True, slots=True)
class Lanes:
    """What may travel now. Operations go first and never wait for a file."""

    operations: bool
    files: bool


def open_lanes(policy: SyncPolicy, network: Network, *, files_now: bool = False) -> Lanes:
    """R7, R8: on a slow network no file moves, in either direction, unless the worker says so
    (`files_now`, "Send photos now")."""
    match network:
        case Network.OFFLINE:
            return Lanes(operations=False, files=False)
        case Network.SLOW:
            return Lanes(operations=True, files=files_now or policy.files_on == "any")
        case Network.FAST:
            return Lanes(operations=True, files=True)
        case _:
            assert_never(network)
