"""The pass over a file's rows that every kind of file shares: check, count, and send bad rows back."""

from collections.abc import Callable, Iterator
from typing import Any

from casework.loading.lines import Row
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.loading.table import Table, read_rows

Check = Callable[[Row], tuple[dict[str, Any], list[Reject]]]
Against = Callable[[Row, dict[str, Any]], list[Reject]]
"""The reasons why a row that is good by itself cannot go in: what other rows, or the record, say against it."""


def beside_others(alone: Check, against: Against) -> Check:
    """Return a check of a row by itself, and then beside the others."""

    def check(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        values, reasons = alone(row)
        return values, reasons or against(row, values)

    return check


def good_rows(
    table: Table,
    check: Check,
    report: LoadReport,
    rejects_file: RejectsFile,
    progress: Progress | None,
) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield each row that passes its check with its values; the others go to the report and the rejects file."""
    report.warnings.extend(table.lines.warnings)
    for item in read_rows(table):
        report.read += 1
        if progress is not None:
            progress(report.read)
        if isinstance(item, Row):
            row = item
            values, reasons = check(row)
        else:
            row, reason = item
            values, reasons = {}, [reason]
        if reasons:
            reasons = table.in_their_words(reasons)
            report.reject(reasons)
            rejects_file.write(row.cells, reasons)
        else:
            yield row, values
    if report.read == 0:
        report.warnings.append(f"{table.path.name} has a header and no rows")


def first_reading(table: Table, check: Check) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield each row that passes its check by itself: what speaks against another is seen before anything goes in.

    Raises ``FileRefusedError`` where the file cannot be read whole.
    """
    for item in read_rows(table):
        if isinstance(item, Row):
            values, reasons = check(item)
            if not reasons:
                yield item, values


def read_through(table: Table) -> None:
    """Read a file to its end: raises ``FileRefusedError`` where it cannot be read whole."""
    for _ in read_rows(table):
        pass
