"""Notes of an account's phones: only the latest of each is kept, for readers that are behind."""

from collections.abc import Hashable
from itertools import takewhile

from naryad_gateway.frames import Event


class Notes:
    """Numbered in the order of their coming; `count` is the number of the last."""

    def __init__(self) -> None:
        self._latest: dict[Hashable, tuple[int, Event]] = {}
        self.count = 0

    def add(self, about: Hashable, event: Event) -> None:
        self.count += 1
        self._latest.pop(about, None)  # or it would keep its old place
        self._latest[about] = (self.count, event)

    def after(self, number: int, most_bytes: int) -> tuple[int, list[Event]]:
        """The next notes, and the number of the last of them."""
        fresh = list(takewhile(lambda note: note[0] > number, reversed(self._latest.values())))
        told: list[Event] = []
        size = 0
        while fresh and size < most_bytes:
            number, event = fresh.pop()
            told.append(event)
            size += len(event.chunk)
        return number, told

    def forget(self, up_to: int) -> None:
        """Every reader has been told so far."""
        if up_to == self.count:
            self._latest.clear()
