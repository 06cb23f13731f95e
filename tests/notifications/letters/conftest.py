"""What tests of letters may ask for: a record whose area lets e-mail carry details, and one whose area does not."""

from collections.abc import Iterator

import pytest

from models.record import Record
from policy.book import compile_book
from tests.notifications.letters.reading import DETAILS
from tests.support.opened import opened


@pytest.fixture(params=[False, True], ids=["no details", "details"])
def told(request: pytest.FixtureRequest, sqlite_record: Record) -> Iterator[tuple[Record, bool]]:
    """Yield a record whose area does not, and one whose area does, let e-mail carry details."""
    if not request.param:
        yield sqlite_record, False
        return
    record = opened(sqlite_record.url, compile_book([("london.toml", DETAILS)]))
    yield record, True
    record.close()
