"""Settings of ``mappa serve``, with the prefix ``MAPPA_``."""

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.settings import PREFIX


class ServeSettings(BaseSettings):
    """Where the running program listens, what it keeps, and how often its clock looks and where it is looked at."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    prefect_host: str = Field(
        default="127.0.0.1", description="Address the Prefect server listens on: this machine alone."
    )
    prefect_port: int = Field(default=4200, ge=1, le=65535, description="Port of the Prefect server.")
    prefect_names: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Further names of the Prefect server, such as that of a proxy, with commas between.",
    )
    state_dir: Path = Field(default=Path("var"), description="Folder of Prefect's own state and of the logs.")
    clock_seconds: float = Field(
        default=10, ge=1, le=3600, description="Seconds from one beat of the clock to the next."
    )
    prefect_history_days: int = Field(
        default=90, ge=1, le=3650, description="Days after which Prefect forgets a run; the record keeps what it did."
    )
    worker_patience_seconds: float = Field(
        default=120,
        ge=10,
        le=86400,
        description="Seconds after which the clock of a fleet does itself what no worker has done.",
    )
    metrics_host: str = Field(
        default="127.0.0.1", description="Address the metrics are served at: for this machine alone."
    )
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="Port of the metrics for Prometheus; 0: they are not served."
    )

    @field_validator("prefect_names", mode="before")
    @classmethod
    def split_names(cls, given: Any) -> Any:
        """Read a list written with commas."""
        parts = given.split(",") if isinstance(given, str) else given
        return tuple(name for part in parts if (name := str(part).strip().lower()))

    @model_validator(mode="after")
    def ports_differ(self) -> Self:
        """Refuse one port for two servers."""
        if self.metrics_port == self.prefect_port:
            raise ValueError(f"MAPPA_METRICS_PORT: {self.metrics_port} is the port of the Prefect server")
        return self

    @property
    def api_url(self) -> str:
        """Return the address of the Prefect server's API, as this machine reaches it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.prefect_host, self.prefect_host)  # noqa: S104
        return f"http://{host}:{self.prefect_port}/api"

    @property
    def ui_url(self) -> str:
        """Return the address of the Prefect UI."""
        return self.api_url.removesuffix("/api")

    @property
    def metrics_url(self) -> str | None:
        """Return the address of the metrics; ``None`` where they are not served."""
        return f"http://{self.metrics_host}:{self.metrics_port}/metrics" if self.metrics_port else None

    @property
    def prefect_home(self) -> Path:
        """Return the folder in which Prefect keeps its own state; it may be lost, and nothing is missed."""
        return (self.state_dir / "prefect").absolute()

    @property
    def server_log(self) -> Path:
        """Return the file the Prefect server logs to."""
        return (self.state_dir / "log" / "prefect-server.log").absolute()
