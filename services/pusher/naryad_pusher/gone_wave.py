"""A wave of refused tokens is rarely a wave of removed apps: a wrong topic, the other environment of APNs, a
key of another project or a fault of the provider refuse all tokens alike, and must not wipe them out.

Pure: counts phones, not answers, for one removed app may be refused once for each job of its day.
"""

from naryad.domain.ids import DeviceId

WINDOW = 100
"""How many phones, those that answered last, are looked at."""
MOST = 20
"""How many of them may have been removed; and so many are lost at most before a wave is seen."""
IN_A_ROW = 10
"""So many without a single message taken are a wave too: a small company has no hundred phones."""


class GoneWave:
    """What one provider answered of late."""

    def __init__(self) -> None:
        self._gone: dict[DeviceId, bool] = {}  # the latest answer last

    def note(self, phone: DeviceId, *, gone: bool) -> None:
        self._gone.pop(phone, None)
        self._gone[phone] = gone
        if len(self._gone) > WINDOW:
            del self._gone[next(iter(self._gone))]

    @property
    def refused(self) -> int:
        return sum(self._gone.values())

    @property
    def is_rolling(self) -> bool:
        """Whether so many were refused that none should be retired for it."""
        last = list(self._gone.values())[-IN_A_ROW:]
        return self.refused > MOST or (len(last) == IN_A_ROW and all(last))
