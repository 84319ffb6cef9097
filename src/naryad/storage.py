"""The object store that the settings name."""

from naryad.blobs.open import open_blobs
from naryad.blobs.store import Blobs
from naryad.settings import Settings


def open_storage(settings: Settings) -> Blobs:
    """Raises BadStorageUrl, and StorageUnavailable for a folder that cannot be made."""
    return open_blobs(
        settings.storage,
        endpoint=settings.s3_endpoint,
        key_id=settings.s3_key_id,
        secret=settings.s3_secret.get_secret_value() if settings.s3_secret else None,
        region=settings.s3_region,
    )
