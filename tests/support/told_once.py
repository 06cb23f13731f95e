"""A story that many tests begin with is told once a process and kind of database; the others get a copy of its record.

``@told_once`` stands on a function that tells a story to an empty record (``build(record, folder, ...)``) or goes on
with a story (``build(story, ...)``). Where it was called before with the same, on the same kind of database, the
record becomes a copy of what it was then: the rows, ids and policies are those that telling it again would give.
A test gets a record of its own as ever. What a story leaves outside the record (mail, settings) is not copied.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.engine import make_url

from models.directory import DirectoryEntry
from models.people import Person
from models.record import Record
from policy.book import PolicyBook
from tests.support.postgresql import copy_database, drop_database
from tests.support.story import Story

Build = TypeVar("Build", bound=Callable[..., Story])
_numbers: Iterator[int] = count(1)


@dataclass(frozen=True)
class Kept:
    """What a record was when a story had been told to it: a file's bytes, or the name of a PostgreSQL template."""

    content: bytes | str
    policies: PolicyBook


_kept: dict[str, Kept] = {}


def told_once(build: Build) -> Build:
    """Return the function, which tells its story once and copies it after that."""
    names = inspect.signature(build)

    @functools.wraps(build)
    def tell(*given: Any, **more: Any) -> Story:
        told = names.bind(*given, **more).arguments
        of, *rest = told.values()
        if isinstance(of, Record):
            record, folder, before, words = of, rest[0], begin_of(of), rest[1:]
        else:
            record, folder, before, words = of.record, of.folder, of.told, rest
        assert before is not None, "the story went on by other means since it was told"
        key = f"{before} {build.__module__}.{build.__qualname__}{words!r}"
        if key in _kept:
            restore(record, _kept[key])
            story = Story(record, folder, [])
        else:
            story = build(*given, **more)
            _kept[key] = keep(record)
        story.told = key
        return story

    return cast(Build, tell)


def begin_of(record: Record) -> str:
    """Return what every story of a kind of database begins with, after a look that the record is empty."""
    with record.reading() as session:
        anything = session.scalar(select(Person.id).limit(1)) or session.scalar(select(DirectoryEntry.id).limit(1))
    assert anything is None, "a story is told to an empty record"
    return record.engine.dialect.name


def keep(record: Record) -> Kept:
    """Return the record as it stands; nobody else has it open."""
    record.engine.dispose()
    if record.engine.dialect.name == "sqlite":
        return Kept(sqlite_file(record).read_bytes(), record.policies)
    name = f"told_{next(_numbers)}"
    copy_database(record.url, name, template=database_of(record))
    return Kept(name, record.policies)


def restore(record: Record, kept: Kept) -> None:
    """Make the record what it was."""
    record.engine.dispose()
    record.policies = kept.policies
    if isinstance(kept.content, bytes):
        path = sqlite_file(record)
        for left in path.parent.glob(f"{path.name}-*"):
            left.unlink()
        path.write_bytes(kept.content)
        return
    name = database_of(record)
    drop_database(record.url, name)
    copy_database(record.url, name, template=kept.content)


def sqlite_file(record: Record) -> Path:
    """Return the file of a record on SQLite, which holds all of it: closing the last connection empties the log."""
    path = Path(database_of(record))
    assert not path.with_name(f"{path.name}-wal").exists(), "somebody has the record open"
    return path


def database_of(record: Record) -> str:
    """Return the name of the database: on SQLite its path."""
    name = make_url(record.url).database
    assert name is not None
    return name
