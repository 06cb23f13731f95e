"""What a load did, and the rejects file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from policy.texts import csv_line

KEPT = 1000
OWN_COLUMNS = ("rejected_line", "rejected_because")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Reject:
    """One reason why a row did not go in: its line in the file, the column, and what is wanted."""

    line: int
    column: str
    reason: str


@dataclass(slots=True)
class LoadReport:
    """Counts of rows; the first thousand rejects and changes in words; warnings that need a person."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    in_question: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def reject(self, reasons: Sequence[Reject]) -> None:
        """Count one row as rejected and keep its reasons."""
        self.rejected += 1
        self.rejects.extend(reasons[: max(0, KEPT - len(self.rejects))])

    def put_in_question(self, text: str, *, known: bool) -> None:
        """Warn of a row that tells something else than a person recorded; ``known``: it was counted as unchanged."""
        if known:
            self.unchanged -= 1
            self.in_question += 1
        if len(self.warnings) < KEPT:
            self.warnings.append(text)

    def change(self, text: str) -> None:
        """Count one row as changed and keep what changed."""
        self.changed += 1
        if len(self.changes) < KEPT:
            self.changes.append(text)


class RejectsFile:
    """The rows that did not go in, as they were, with line and reason: mend it and load it again.

    The file is made at the first reject. The two columns in front are ignored when it is loaded. A cell that a
    spreadsheet would take for a formula has an apostrophe in front, which is taken away when it is loaded.
    """

    def __init__(self, path: Path | None, header: Sequence[str]) -> None:
        """Take the path (None: write nothing) and the header of the file that is loaded."""
        self.path = path
        # A rejects file that is loaded has its own two columns already: they give way to the new ones.
        self.kept = [index for index, name in enumerate(header) if name and name not in OWN_COLUMNS]
        self.named = {index for index, name in enumerate(header) if name}
        self.header = [header[index] for index in self.kept]
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        """Return the file; nothing is opened yet."""
        return self

    def write(self, cells: Sequence[str], reasons: Sequence[Reject]) -> None:
        """Add one row with its reasons."""
        if self.path is None:
            return
        if self._file is None:
            # Without a byte order mark a spreadsheet would read it in the encoding of Windows, and save that.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._file.write(csv_line([*OWN_COLUMNS, *self.header]))
        because = "; ".join(f"{r.column}: {r.reason}" for r in reasons)
        own = [cells[index] for index in self.kept] if len(cells) > max(self.kept) else cells
        # What stands under no name comes back behind the rest: where it belongs is for a person to say.
        stray = [cell for index, cell in enumerate(cells) if index not in self.named and cell.strip()]
        self._file.write(csv_line([reasons[0].line, because, *own, *(stray if own is not cells else ())]))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
