"""What to simulate."""

import random
from dataclasses import dataclass, field

from naryad.domain.sync_policy import DEFAULT

SPREAD = 1.1
"""A phone stretches its timer by up to 10 %."""

LEAST_SETTLING_S = 30.0
"""However short the periods are made: the machine needs time to compute."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of the simulated clock."""

    action: tuple[float, float] = (5, 20)
    """Between two actions of a worker."""
    desk: tuple[float, float] = (5, 30)
    """Between two actions of a dispatcher."""
    up: tuple[float, float] = (60, 600)
    """From one mishap of a phone (crash, no network) to the next."""
    down: tuple[float, float] = (5, 120)
    """How long a crashed phone is off, or one without a network offline."""


@dataclass(frozen=True, slots=True)
class Plan:
    url: str
    login: str
    """An admin's of the account to work in."""
    password: str = field(repr=False)
    seed: int
    devices: int = 10
    dispatchers: int = 2
    operations: int | None = None
    """Operations that workers make in all; None: as many as there is time for."""
    speed: float = 60.0
    """Simulated seconds in a real one."""
    network: str = "good"
    faults: bool = False
    """Phones crash and come back from their stores, and lose their network for a while."""
    pace: Pace = Pace()
    timeout_s: float = 60.0
    """Real seconds until a phone gives a request up. Not shortened by `speed`: phones that hang up before
    the server could answer only add to its load."""

    def chance(self, whose: str) -> random.Random:
        """Each actor's own, so that one more draw of one does not change the others."""
        return random.Random(f"{self.seed}/{whose}")

    @property
    def settling_s(self) -> float:
        """Real seconds that the phones get, after all faults: two sync periods."""
        return max(LEAST_SETTLING_S, 2 * SPREAD * DEFAULT.interval_s / self.speed)
