"""A device without files."""

from naryad.domain.ids import FileId


class NoFiles:
    """The lane of a device that takes no photos and fetches no attachments."""

    def __init__(self, host: object) -> None:
        """There is nothing to ask of the phone."""

    def keep(self, id: FileId, content: bytes) -> None:
        raise RuntimeError("this phone was made without a lane for files: Phone(files=…)")

    def unsent(self) -> tuple[int, int]:
        return 0, 0

    def allow(self, open: bool) -> None:
        """There is nothing to move."""

    def retry(self) -> None:
        """Nothing waits."""

    def settled(self) -> None:
        """There is nothing to forget."""
