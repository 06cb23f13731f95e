"""The command line in this process, on a record of each test's own."""

from tests.support.command_line import database, mappa, record

__all__ = ["database", "mappa", "record"]
