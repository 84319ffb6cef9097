"""All settings: `NARYAD_*` environment variables in one typed object."""

from functools import cached_property

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The members' descriptions are the operator's documentation (`docs/settings.md`)."""

    model_config = SettingsConfigDict(env_prefix="NARYAD_", extra="ignore", frozen=True)

    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL 15 or newer, as `postgresql://…`; may lead through a transaction pooler.",
    )
    listen_database_url: SecretStr | None = Field(
        None, description="The same database for LISTEN and NOTIFY, never through a transaction pooler."
    )
    public_url: str | None = Field(
        None, description="The origin that browsers see, as `https://naryad.example`."
    )
    pool_size: int = Field(10, ge=1, le=200, description="Database connections of one process.")
    log_level: str = Field("info", description="debug, info, warning or error.")

    @cached_property
    def database_dsn(self) -> str:
        """Raises ValueError when none is set."""
        if self.database_url is None:
            raise ValueError(
                "set NARYAD_DATABASE_URL, or use `naryad up`, which brings a database of its own"
            )
        return self.database_url.get_secret_value()

    @cached_property
    def listen_dsn(self) -> str:
        return self.listen_database_url.get_secret_value() if self.listen_database_url else self.database_dsn
