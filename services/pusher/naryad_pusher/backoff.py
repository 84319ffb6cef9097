"""How long to wait before the next attempt: exponential, with full jitter."""

import random
from datetime import timedelta

BASE_S = 1.0
CAP_S = 300.0


def pause_before(attempt: int, floor_s: float = 0) -> timedelta:
    """Anything up to 1, 2, 4 … 300 seconds before attempt 2, 3, 4 …; never below the provider's floor."""
    ceiling = min(CAP_S, BASE_S * 2.0 ** min(attempt - 2, 30))
    return timedelta(seconds=max(floor_s, random.uniform(0, ceiling)))
