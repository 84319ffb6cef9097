"""Whether a link carries files: `offline`, `slow` (2G: EDGE, GPRS) or `fast` (R7, R8).

No single source can be trusted. A browser's `effectiveType` follows round-trip time, not bandwidth:
48 kbit/s at 100 ms reads "4g", and some browsers report nothing. So what the platform says and what
transfers measured are judged together, and either can say slow.
The field app runs the same vectors, `tests/vectors/network_class.json`.
"""

from dataclasses import dataclass
from enum import StrEnum

FIRST_PACKET = 1400
"""Bytes that come with the answer's first packet, in no time."""

TELLING_BYTES = 3000
"""A shorter transfer ends before its time can be told from a hiccup of the phone."""

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
    measured_at: float = 0.0

    def at(self, now: float) -> float | None:
        """kbit/s while it is fresh, else None."""
        return self.kbit_s if now - self.measured_at <= FRESH_S else None


def measured(before: Throughput, size: int, seconds: float, now: float) -> Throughput:
    """The average with one more transfer: `size` bytes of one body as they travelled, `seconds` from its
    first byte to its last. The wait for the first byte does not count: it is the round trip and the
    server's time, and a long but wide link would read as slow.
    """
    if size < TELLING_BYTES:
        return before
    sample = (size - FIRST_PACKET) * 8 / 1000 / max(seconds, 0.001)
    last = before.at(now)
    return Throughput(sample if last is None else WEIGHT * sample + (1 - WEIGHT) * last, now)


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
