"""A store whose phone may die while it writes."""

import random
import shutil
from pathlib import Path

from naryad.device.state import DeviceState
from naryad.device.store import Store
from naryad.domain.ids import DeviceId


class Crashed(Exception):
    """The battery is dead, the app was killed: the phone ends wherever it is."""


class FragileStore(Store):
    """A store whose phone may die just before or just after a change is written."""

    def __init__(self, path: Path, device: DeviceId, chance: random.Random) -> None:
        super().__init__(path, device)
        self.path = path
        self.doomed = False
        self._chance = chance

    def save(self, before: DeviceState, after: DeviceState) -> None:
        if self.doomed and self._chance.random() < 0.5:
            raise Crashed
        super().save(before, after)
        if self.doomed:
            raise Crashed

    def leave_to(self, following: Path) -> None:
        """Copy what a crash leaves on the disk: closing in order would still write."""
        for suffix in ("", "-wal"):
            written = self.path.with_name(self.path.name + suffix)
            if written.exists():
                shutil.copy(written, following.with_name(following.name + suffix))
