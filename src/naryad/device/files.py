"""The second lane: bytes of photos and attachments. An operation never waits for a file.

The driver opens or shuts this lane after every sync; the lane moves files by itself while it is open
and stops in the middle of one when it is shut.
"""

from typing import Protocol


class FileLane(Protocol):
    def unsent(self) -> tuple[int, int]:
        """(files, bytes) that are still on the phone."""

    def allow(self, open: bool) -> None:
        """R7, R8: whether files may move now."""


class NoFiles:
    """A device without files."""

    def unsent(self) -> tuple[int, int]:
        return 0, 0

    def allow(self, open: bool) -> None:
        """There is nothing to move."""
