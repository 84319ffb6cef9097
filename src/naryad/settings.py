"""All settings: environment variables that begin with NARYAD_, in one typed object.

The table in docs/settings.md is made from the descriptions here (`naryad settings`).
"""

from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "NARYAD_"


class SettingMissing(ValueError):
    """A setting that this process cannot do without is not set."""


class SettingWrong(SettingMissing):
    """It is set, but to what is of no use: an unreadable file, half of a key."""


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    JSON = "json"
    TEXT = "text"


class Settings(BaseSettings):
    """Read once at the start of a process, and handed down."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL 15 or newer for the services, as `postgresql://user:password@host/database`; "
        "may lead through a transaction pooler. Best a role that owns nothing; an owner or superuser steps "
        "down to `naryad_service`. Without it, `naryad up` runs its own PostgreSQL in the data folder.",
    )
    listen_database_url: SecretStr | None = Field(
        None,
        description="The same database for LISTEN and NOTIFY, never through a transaction pooler. "
        "Without it, `NARYAD_DATABASE_URL`.",
    )
    owner_database_url: SecretStr | None = Field(
        None,
        description="The same database as its owner, for `naryad migrate`, directly. "
        "Without it, `NARYAD_DATABASE_URL`.",
    )
    pool_size: int = Field(10, ge=1, le=200, description="Database connections of one service.")
    data_dir: Path = Field(
        Path(".naryad"), description="Folder of what Naryad keeps itself, its own PostgreSQL among it."
    )
    storage_url: str | None = Field(
        None,
        description="Where files are kept: `file:///folder`, `s3://bucket/prefix`, `gs://bucket/prefix` or "
        "`az://account/container`. Without it, the folder `files` in the data folder. "
        "All replicas of the API share it.",
    )
    s3_endpoint: str | None = Field(
        None, description="Address of an S3-compatible store, as `https://s3.example`; AWS without it."
    )
    s3_region: str = Field("us-east-1", description="Region of the bucket.")
    s3_key_id: str | None = Field(
        None, description="Access key of the bucket. Without it, what the machine's role or `AWS_*` gives."
    )
    s3_secret: SecretStr | None = Field(None, description="Secret of that access key.")
    file_max_bytes: int = Field(
        100 * 1024**2, ge=1, description="The largest photo or attachment. An account may set less."
    )
    quota_bytes: int = Field(
        50 * 1024**3, ge=1, description="All files of one account together. An account may set less."
    )
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/]+$",
        description="The origin that browsers see, as `https://naryad.example`. "
        "Without it, the Host of each request decides.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on; loopback only unless told otherwise.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    drain_seconds: float = Field(
        5, ge=0, le=600, description="How long open requests and streams may go on after SIGTERM."
    )
    gateway_per_account: int = Field(2_000, ge=1, description="Live streams of one account on one gateway.")
    gateway_per_user: int = Field(500, ge=1, description="Live streams of one user on one gateway.")
    apns_key_file: Path | None = Field(
        None, description="Apple's signing key (`.p8`). APNs is on when this and the next three are set."
    )
    apns_key_id: str | None = Field(None, description="The key's id, ten characters.")
    apns_team_id: str | None = Field(None, description="The team's id, ten characters.")
    apns_topic: str | None = Field(None, description="The app's bundle id.")
    apns_url: str | None = Field(
        None,
        pattern=r"^https://[^/]+$",
        description="Replaces the address of both of Apple's environments.",
    )
    fcm_credentials_file: Path | None = Field(
        None, description="Key file of a Firebase service account. FCM is on when this is set."
    )
    fcm_url: str | None = Field(
        None, pattern=r"^https?://[^/]+$", description="Replaces `https://fcm.googleapis.com`."
    )
    webpush_subject: str | None = Field(
        None,
        pattern=r"^(mailto:.+@.+|https://.+)$",
        description="Whom a push service may write to, as `mailto:admin@example.com` (RFC 8292). "
        "Web Push is on when this is set; its keys are made at the first start and kept in the database.",
    )
    webpush_hosts: str | None = Field(
        None,
        description="Host names, with commas between them, that a subscription may lead to; `*.` in front "
        "admits all below. Replaces the list of the browsers' push services. A name may lead to an internal "
        "address only when that address is listed too; `localhost` may to loopback.",
    )
    push_ca_file: Path | None = Field(
        None, description="Certificates trusted beside the system's, for all push providers."
    )
    log_level: LogLevel = Field(LogLevel.INFO, description="`debug`, `info`, `warning` or `error`.")
    log_format: LogFormat = Field(
        LogFormat.JSON, description="`json`: an object a line; `text`: for reading."
    )

    @property
    def database_dsn(self) -> str:
        """Raises SettingMissing when none is set."""
        if self.database_url is None:
            raise SettingMissing(
                "set NARYAD_DATABASE_URL, or use `naryad up`, which brings a database of its own"
            )
        return self.database_url.get_secret_value()

    @property
    def listen_dsn(self) -> str:
        """Raises SettingMissing when none is set."""
        return self.listen_database_url.get_secret_value() if self.listen_database_url else self.database_dsn

    @property
    def storage(self) -> str:
        """The URL of the object store."""
        return self.storage_url or f"file://{quote(str((self.data_dir / 'files').absolute()))}"

    @property
    def owner_dsn(self) -> str:
        """Raises SettingMissing when none is set."""
        return self.owner_database_url.get_secret_value() if self.owner_database_url else self.database_dsn
