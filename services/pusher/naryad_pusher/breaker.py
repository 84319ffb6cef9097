"""When a failing provider rests, and how it is tried again (DESIGN 5). Pure: the caller says what time it is.

Closed, everything is sent. After FAILURES failures in a row it opens: nothing is sent, for a pause that
doubles from FIRST_S to LONGEST_S. Then one message is sent, alone: it closes the breaker, or opens it again.
"""

FAILURES = 5
FIRST_S = 2.0
LONGEST_S = 60.0


class Breaker:
    """All times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._failures = 0
        self._pauses = 0  # without a success between them
        self._tried_again_at: float | None = None

    def is_resting(self, now: float) -> bool:
        return self._tried_again_at is not None and now < self._tried_again_at

    def admits(self, wanted: int, in_flight: int, now: float) -> int:
        """How many of `wanted` messages may be sent now."""
        if self._tried_again_at is None:
            return wanted
        if self.is_resting(now) or in_flight:
            return 0
        return min(1, wanted)

    def succeeded(self) -> None:
        """The provider answered as it should: whatever it was, it is over."""
        self._failures = self._pauses = 0
        self._tried_again_at = None

    def failed(self, now: float, at_least_s: float = 0) -> bool:
        """Whether it has opened by this failure. `at_least_s`: the provider's wish, kept up to LONGEST_S."""
        if self.is_resting(now):
            return False  # sent before it opened: says nothing new
        self._failures += 1
        if self._tried_again_at is None and self._failures < FAILURES:
            return False
        pause = min(FIRST_S * 2.0 ** min(self._pauses, 30), LONGEST_S)
        return self.trip(now, max(pause, min(at_least_s, LONGEST_S)))

    def trip(self, now: float, pause_s: float = LONGEST_S) -> bool:
        """Open at once: what is wrong will not pass by itself. Whether it was not open already."""
        if self.is_resting(now):
            return False
        self._pauses += 1
        self._tried_again_at = now + min(pause_s, LONGEST_S)
        return True
