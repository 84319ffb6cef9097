"""What may go wrong with the object store, in the three kinds that call for different answers."""

from naryad.domain.refusals import Refusal, Slug


class BlobMissing(Exception):
    """There is no such object."""


class StorageUnavailable(Exception):
    """The object store does not answer, or refuses us. Nothing was written."""

    def refusal(self) -> Refusal:
        return Refusal(
            Slug.UNAVAILABLE,
            "The storage of files does not answer; what was acknowledged is kept. Try again.",
        )


class StorageFull(StorageUnavailable):
    """The object store has no room left. Nothing was written."""

    def refusal(self) -> Refusal:
        return Refusal(
            Slug.STORAGE_FULL, "The storage of files is full; what was acknowledged is kept. Try again later."
        )


FULL = (
    "No space left on device",
    "StorageFull",
    "Disk quota exceeded",
    "QuotaExceeded",
    "507 ",
    "InsufficientStorage",
)


def storage_error(error: Exception) -> StorageUnavailable:
    """What an error of the store means. obstore tells kinds apart only in its text."""
    text = str(error)
    first_line = text.partition("\n")[0]
    return (StorageFull if any(word in text for word in FULL) else StorageUnavailable)(first_line)
