"""Which processes a fleet has, and their variables: as deploy/compose.yaml has them, on one machine."""

import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from deploy.processes.keeper import Part
from deploy.processes.stores import OF_PREFECT, RECORD, Redis, url_of

ROOT = Path(__file__).parents[2]
POOL = "mappa"
MAPPA = (sys.executable, "-c", "from cli.app import main; main()")
HERE = "127.0.0.1"


@dataclass(frozen=True)
class Wanted:
    """How large a fleet is to be. ``prefect_python``: the Python of the servers, which has ``prefect-redis``."""

    servers: int = 2
    workers: int = 3
    clocks: int = 2
    desk: bool = True
    prefect_python: Path = Path(sys.executable)


@dataclass(frozen=True, slots=True)
class Stores:
    """What stands behind a fleet. ``trigrams``: PostgreSQL has what Prefect's own database needs."""

    postgresql: URL
    trigrams: bool
    redis: Redis | None


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the fleet listens: Prefect's one address, each of its servers, and the desk."""

    prefect: int
    servers: tuple[int, ...]
    desk: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A fleet on its way: all that its processes are told."""

    wanted: Wanted
    stores: Stores
    ports: Ports
    folder: Path
    secret: str

    @property
    def several(self) -> bool:
        """Tell whether several servers stand behind one address."""
        return len(self.ports.servers) > 1

    @property
    def api_url(self) -> str:
        """The address of Prefect for all."""
        return f"http://{HERE}:{self.ports.prefect}/api"

    def quiet(self) -> dict[str, str]:
        """Return what every process has: nothing about it leaves the machine."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DO_NOT_TRACK": "1",
            "PREFECT_HOME": str(self.folder / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
            "PREFECT_API_URL": self.api_url,
            "PREFECT_API_AUTH_STRING": self.secret,
        }

    def of_mappa(self) -> dict[str, str]:
        """Return the variables of clocks, workers, desk and commands; what somebody has set for mappa himself stays."""
        own = {
            "MAPPA_STATE_DIR": str(self.folder / "state"),
            "MAPPA_MAIL_FOLDER": str(self.folder / "mail"),
            "MAPPA_REPORTS_DIR": str(self.folder / "reports"),
            "MAPPA_AUDIT_KEY_FILE": str(self.folder / "audit.key"),
            "MAPPA_DESK_PORT": str(self.ports.desk),
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        }
        return {
            **own,
            **self.quiet(),
            "MAPPA_DATABASE_URL": url_of(self.stores.postgresql, RECORD, "postgresql"),
        }

    def of_prefect(self) -> dict[str, str]:
        """Return the variables of Prefect's servers: a fleet's of several, or one that keeps all in a file."""
        given = {name: value for name, value in self.quiet().items() if not name.startswith("MAPPA_")}
        given |= {
            "PREFECT_SERVER_API_AUTH_STRING": self.secret,
            # Servers that register them together in a fresh database hit each other, and one ends.
            "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
            "PREFECT_UI_API_URL": self.api_url,
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": self.api_url.removesuffix("/api"),
        }
        if self.stores.trigrams:
            url = url_of(self.stores.postgresql, OF_PREFECT, "postgresql+asyncpg")
            given |= {"PREFECT_API_DATABASE_CONNECTION_URL": url, "PREFECT_API_DATABASE_MIGRATE_ON_START": "false"}
        return given | (through_redis(self.stores.redis) if self.several and self.stores.redis else {})

    def command(self, *words: str) -> list[str]:
        """Return the words of a command of mappa's."""
        return [*MAPPA, *words]

    def prefect(self, *words: str, served: bool = False) -> list[str]:
        """Return the words of a command of Prefect's: by the Python that serves, or by mappa's own."""
        return [str(self.wanted.prefect_python) if served else sys.executable, "-m", "prefect", *words]

    def servers(self) -> Iterator[Part]:
        """Yield Prefect's processes: one that does all, or the servers, their services, and their one address."""
        environment = self.of_prefect()
        apart = ["--no-services"] if self.several else []
        for number, port in enumerate(self.ports.servers, start=1):
            words = self.prefect("server", "start", "--host", HERE, "--port", str(port), *apart, served=True)
            yield Part(f"prefect-api-{number}", words, environment)
        if self.several:
            yield Part("prefect-services", self.prefect("server", "services", "start", served=True), environment)
            ports = [str(port) for port in (self.ports.prefect, *self.ports.servers)]
            yield Part("proxy", [sys.executable, "-m", "deploy.processes.proxy", *ports], environment)

    def workers(self) -> Iterator[Part]:
        """Yield workers, clocks and the desk."""
        environment = self.of_mappa()
        for number in range(1, self.wanted.workers + 1):
            yield self.worker(f"worker-{number}", environment)
        for number in range(1, self.wanted.clocks + 1):
            yield Part(f"clock-{number}", self.command("clock", "--through-workers"), environment)
        if self.wanted.desk:
            yield Part("desk", self.command("desk"), environment)

    def worker(self, name: str, environment: Mapping[str, str]) -> Part:
        """Return a worker, that may have variables of its own."""
        start = ("worker", "start", "--pool", POOL, "--type", "process", "--limit", "4", "--name", name)
        return Part(name, self.prefect(*start), environment)


def through_redis(redis: Redis) -> dict[str, str]:
    """Return the variables by which several servers share a Redis."""
    return {
        "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
        "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
        "PREFECT_REDIS_MESSAGING_HOST": redis.host,
        "PREFECT_REDIS_MESSAGING_PORT": str(redis.port),
        "PREFECT_REDIS_MESSAGING_PASSWORD": redis.password,
        "PREFECT_SERVER_DOCKET_URL": redis.url,
    }


def made_secret() -> str:
    """Return a secret for Prefect's servers: a user and a password."""
    return f"mappa:{secrets.token_urlsafe(24)}"
