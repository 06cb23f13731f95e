"""The command line in this process, on a record of each test's own."""

from tests.support.command_line import database, empty_record, mappa, record

__all__ = ["database", "empty_record", "mappa", "record"]
