"""Whether a link carries files: `offline`, `slow` (2G: EDGE, GPRS) or `fast` (R7, R8).

No single source can be trusted. A browser's `effectiveType` follows round-trip time, not bandwidth:
48 kbit/s at 100 ms reads "4g", and some browsers report nothing. So what the platform says and what
transfers measured are judged together, and either can say slow.
The field app runs the same vectors, `tests/vectors/network_class.json`.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

TELLING_BYTES = 2048
"""A smaller transfer measures the round trip, not the bandwidth."""

WEIGHT = 0.4
"""Of the newest transfer in the moving average."""

FRESH_S = 600.0
"""An older measurement says nothing: the phone may have come into Wi-Fi without being told."""


class Network(StrEnum):
    OFFLINE = "offline"
    SLOW = "slow"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Throughput:
    """A moving average over transfers. Forget it (start anew) when the platform reports another network."""

    kbit_s: float | None = None
    round_trip_s: float | None = None
    measured_at: float = 0.0

    def at(self, now: float) -> float | None:
        """kbit/s while it is fresh, else None."""
        return self.kbit_s if now - self.measured_at <= FRESH_S else None


def measured(before: Throughput, bytes_moved: int, seconds: float, now: float) -> Throughput:
    """The average with one more transfer: all bytes of one exchange, both ways, and how long it took.

    The smallest round trip seen is taken off a large transfer's time (at most half of it), else a long
    but wide link would read as slow.
    """
    if bytes_moved < TELLING_BYTES:
        known = before.round_trip_s
        return replace(before, round_trip_s=seconds if known is None else min(known, seconds))
    moving = max(seconds - min(before.round_trip_s or 0.0, seconds / 2), 0.001)
    sample = bytes_moved * 8 / 1000 / moving
    last = before.at(now)
    average = sample if last is None else WEIGHT * sample + (1 - WEIGHT) * last
    return replace(before, kbit_s=average, measured_at=now)


def network_class(
    *,
    online: bool,
    effective_type: str | None,
    save_data: bool,
    kbit_s: float | None,
    slow_below_kbit_s: float,
) -> Network:
    """`effective_type` is the browser's ("slow-2g", "2g", "3g", "4g") or a native radio type in the same
    words; None when the platform does not say. `save_data`: the owner asked to spare the link.

    A link that nothing speaks against is fast; the first 64 KB of the first upload then measure it.
    """
    if not online:
        return Network.OFFLINE
    if save_data or effective_type in ("slow-2g", "2g"):
        return Network.SLOW
    if kbit_s is not None and kbit_s < slow_below_kbit_s:
        return Network.SLOW
    return Network.FAST
