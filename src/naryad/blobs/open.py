"""Opening the object store that a URL names."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from obstore.store import LocalStore, S3Store, from_url

from naryad.blobs.errors import StorageUnavailable
from naryad.blobs.store import Blobs

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

CONNECT = timedelta(seconds=3)
REQUEST = timedelta(seconds=20)
RETRIES = 2  # the default, 10 in 3 minutes, would hold a phone's request for as long


class BadStorageUrl(ValueError):
    """The setting cannot be understood."""


def open_blobs(
    url: str,
    *,
    endpoint: str | None = None,
    key_id: str | None = None,
    secret: str | None = None,
    region: str = "us-east-1",
) -> Blobs:
    """`file:///folder`, `s3://bucket/prefix`, `gs://…` or `az://…`; the latter two take their own variables.

    Raises BadStorageUrl, and StorageUnavailable for a folder that cannot be made.
    """
    scheme = urlsplit(url).scheme
    if scheme == "file":
        return _folder(Path(unquote(urlsplit(url).path)))
    if scheme not in ("s3", "gs", "az"):
        raise BadStorageUrl("NARYAD_STORAGE_URL is file:///folder, s3://bucket/prefix, gs://… or az://…")
    client: ClientConfig = {"timeout": REQUEST, "connect_timeout": CONNECT, "allow_http": True}
    retries: RetryConfig = {"max_retries": RETRIES, "retry_timeout": REQUEST}
    if scheme != "s3":
        return Blobs(from_url(url, client_options=client, retry_config=retries), None)
    config: S3Config = {"region": region}
    if endpoint is not None:
        config["endpoint"] = endpoint
    if key_id is not None and secret is not None:
        config["access_key_id"], config["secret_access_key"] = key_id, secret
    return Blobs(S3Store.from_url(url, config=config, client_options=client, retry_config=retries), None)


def _folder(path: Path) -> Blobs:
    if not path.is_absolute() or path == Path("/"):
        raise BadStorageUrl(
            "NARYAD_STORAGE_URL names a folder by its whole path: file:///var/lib/naryad/files"
        )
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(f"cannot make the folder {path}: {error.strerror}") from error
    return Blobs(LocalStore(path), path)
