"""PostgreSQL and Redis of a fleet: those that somebody names, else started here, in the folder of the fleet."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from contextlib import closing, suppress
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from deploy.processes.found import postgresql_programs, redis_program
from deploy.processes.keeper import Keeper, Part
from policy.errors import UnavailableError

RECORD, OF_PREFECT = "mappa", "prefect"
OWNER = "postgres"
"""Who PostgreSQL runs as where the fleet is started by root, whom it refuses."""
READY_SECONDS = 60
TRIGRAMS = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")


class StoreError(UnavailableError):
    """PostgreSQL or Redis can neither be found nor started."""


@dataclass(frozen=True, slots=True)
class Redis:
    """Where Redis is."""

    host: str
    port: int
    password: str = ""

    @property
    def url(self) -> str:
        """The URL of its database for Prefect's services."""
        return f"redis://:{self.password}@{self.host}:{self.port}/1" if self.password else (
            f"redis://{self.host}:{self.port}/1"
        )  # fmt: skip


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def named_redis(place: str) -> Redis:
    """Return the Redis at ``HOST:PORT``."""
    host, _, port = place.rpartition(":")
    if not host or not port.isdecimal():
        raise StoreError(f"{place!r} is no place of Redis", to_do="write it as HOST:PORT")
    return Redis(host, int(port))


def own_redis(keeper: Keeper) -> Redis | None:
    """Start Redis with a password of its own, keeping nothing; ``None`` where this machine has none."""
    program = redis_program()
    if program is None:
        return None
    its = Redis("127.0.0.1", free_port(), secrets.token_urlsafe(24))
    settings = keeper.folder / "redis.conf"
    settings.touch(mode=0o600)
    settings.write_text(f'bind {its.host}\nport {its.port}\nrequirepass {its.password}\nsave ""\nappendonly no\n')
    keeper.start(Part("redis", (str(program), str(settings)), os.environ))
    return its


def own_postgresql(keeper: Keeper) -> URL:
    """Start PostgreSQL in the folder of the fleet, reached by a socket there alone; return its URL."""
    programs = postgresql_programs()
    if programs is None:
        raise StoreError("no PostgreSQL is found on this machine", to_do="install one, or name one: --postgresql URL")
    owner = OWNER if os.geteuid() == 0 else None
    place = keeper.folder / "postgresql"
    place.mkdir(mode=0o700, exist_ok=True)
    if owner is not None:
        shutil.chown(place, owner)
    data = place / "data"
    if not data.exists():
        initdb = (programs / "initdb", "--pgdata", data, "--username", RECORD, "--auth", "trust", "--encoding", "UTF8")
        made = subprocess.run(initdb, user=owner, cwd="/", capture_output=True, text=True, check=False)
        if made.returncode:
            raise StoreError(f"PostgreSQL cannot be set up in {place}: {made.stderr.strip()}")
    home = {**os.environ, "HOME": pwd.getpwnam(owner).pw_dir} if owner else os.environ
    words = (programs / "postgres", "-D", data, "-k", place, "-c", "listen_addresses=", "-c", "max_connections=200")
    keeper.start(Part("postgresql", [str(word) for word in words], home, owner))
    return URL.create("postgresql+psycopg", RECORD, database="postgres", query={"host": str(place)})


def databases(server: URL) -> bool:
    """Make the databases of the record and of Prefect where they are not; tell whether Prefect can use its own."""
    with closing(connected(server)) as connection:
        there = set(connection.execute(text("SELECT datname FROM pg_database")).scalars())
        for name in (RECORD, OF_PREFECT):
            if name not in there:
                connection.execute(text(f"CREATE DATABASE {name}"))
        return bool(connection.scalar(TRIGRAMS))


def connected(server: URL) -> Connection:
    """Return a connection to a server that may only just be starting."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    end = time.monotonic() + READY_SECONDS
    while True:
        try:
            return engine.connect()
        except OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def url_of(server: URL, database: str, driver: str) -> str:
    """Return the URL of a database of a server for a driver."""
    return server.set(drivername=driver, database=database).render_as_string(hide_password=False)


def server_at(url: str) -> URL:
    """Return the server that a URL names, whichever of its databases that is."""
    with suppress(ValueError):
        return make_url(url).set(drivername="postgresql+psycopg", database="postgres")
    raise StoreError("--postgresql is no URL of a server", to_do="write it as postgresql://USER@HOST:5432")
