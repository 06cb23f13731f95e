"""A mapping file: how the files of one source are read, whatever the source calls its columns (TOML).

It says which column of theirs is which of ours, how they write dates, what their codes mean, and what is the same in
every row. What the file has besides must be named too, to be passed over: nothing is left out unseen.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from casework.errors import FileRefusedError
from casework.loading.columns import Columns
from casework.loading.date_forms import DateForm, date_form, day_in
from policy.characters import WINDOWS, folded, tidied, unwritten

ENCODINGS = {"utf-8": "utf-8-sig", "windows-1252": WINDOWS}
EVERY = "every"
"""Under ``[dates]``: of every column of dates that has no form of its own."""
KEYS = ("kind", "encoding", "sheet", "header_line", "ignore", "columns", "dates", "values", "constants")
HIGHEST_LINE = 1000
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class FileMapping:
    """How the files of one source are read. ``columns``: theirs by ours; ``values``: ours by their folded text."""

    where: str
    kind: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header_line: int = 1
    ignore: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, DateForm] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def meant(self, name: str, text: str) -> str | None:
        """Return what a text of theirs means in a column of ours, by the table of its codes; None where it has none."""
        return codes.get(folded(text)) if (codes := self.values.get(name)) is not None else None

    def day(self, name: str, text: str) -> str:
        """Return a date of theirs as 2027-03-12; ``ValueError`` where it is none in the form that is told."""
        form = self.dates.get(name) or self.dates.get(EVERY)
        return text if form is None else day_in(text, form)

    def refuse_what_does_not_fit(self, kind: str, columns: Columns) -> None:
        """Raise ``FileRefusedError`` with everything that names no column of a kind of file, or contradicts itself."""
        wrong = list(unfitting(self, kind, columns))
        if wrong:
            raise FileRefusedError("; ".join(wrong), where=self.where)


NO_MAPPING = FileMapping("")
"""The file names the columns as they are named here."""


def read_mapping(path: Path) -> FileMapping:
    """Return what a mapping file says; ``FileRefusedError`` with everything that is wrong with it."""
    try:
        if path.stat().st_size > LARGEST:
            raise FileRefusedError(f"a mapping file has at most {LARGEST:,} bytes", where=str(path))
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileRefusedError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            "this is not UTF-8", where=str(path), to_do="save the mapping file with the encoding UTF-8"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileRefusedError(
            f"this is not a mapping file: {error}",
            where=str(path),
            to_do="'mappa load map FILE' proposes one",
        ) from error
    return mapping_of(told, str(path))


def mapping_of(told: Mapping[str, Any], where: str) -> FileMapping:
    """Return what a mapping says; ``FileRefusedError`` with everything in it that is not of its shape."""
    wrong = [f"{key!r} is not a key of a mapping file{nearest(key, KEYS)}" for key in told if key not in KEYS]
    texts = {key: told.get(key) for key in ("kind", "encoding", "sheet")}
    wrong += [f"{key} must be a text" for key, value in texts.items() if value is not None and not is_text(value)]
    if texts["encoding"] is not None and texts["encoding"] not in ENCODINGS:
        wrong.append(f"encoding must be one of {', '.join(ENCODINGS)}; a mark at the beginning of a file counts more")
    line = told.get("header_line", 1)
    if type(line) is not int or not 1 <= line <= HIGHEST_LINE:
        wrong.append(f"header_line must be a line number from 1 to {HIGHEST_LINE:,}")
    ignore = told.get("ignore", [])
    if not isinstance(ignore, list) or not all(map(is_text, ignore)):
        wrong.append("ignore must be a list of column names")
    tables = {key: table_of(key, told.get(key, {}), wrong) for key in ("columns", "dates", "constants")}
    forms = dict(forms_of(tables["dates"], wrong))
    values = values_of(told.get("values", {}), wrong)
    if wrong:
        raise FileRefusedError("; ".join(wrong), where=where)
    columns = {ours: tidied(theirs) for ours, theirs in tables["columns"].items()}
    return FileMapping(where, **texts, header_line=line, ignore=tuple(map(tidied, ignore)), columns=columns,
                       dates=forms, values=values, constants=tables["constants"])  # fmt: skip


def is_text(value: Any) -> bool:
    """Tell whether a value of a mapping file is a text of one line that somebody may write."""
    return isinstance(value, str) and not unwritten(value, lines=False)


def table_of(key: str, told: Any, wrong: list[str]) -> dict[str, str]:
    """Return a table of texts; what is none goes to what is wrong."""
    if not isinstance(told, dict):
        wrong.append(f"{key} must be a table, [{key}]")
        return {}
    wrong += [f"[{key}] {name}: must be a text" for name, value in told.items() if not is_text(value)]
    return {name: value for name, value in told.items() if is_text(value)}


def forms_of(told: Mapping[str, str], wrong: list[str]) -> Iterator[tuple[str, DateForm]]:
    """Yield the forms of dates."""
    for name, text in told.items():
        try:
            yield name, date_form(text)
        except ValueError as error:
            wrong.append(f"[dates] {name}: {error}")


def values_of(told: Any, wrong: list[str]) -> dict[str, dict[str, str]]:
    """Return the tables of codes, each with its codes in their normal form; "" means no value."""
    if not isinstance(told, dict):
        wrong.append("values must be tables, such as [values.disposal]")
        return {}
    found: dict[str, dict[str, str]] = {}
    for name, table in told.items():
        found[name] = {}
        for theirs, ours in table_of(f"values.{name}", table, wrong).items():
            if found[name].setdefault(folded(tidied(theirs)), ours) != ours:
                wrong.append(f"[values.{name}] {theirs!r} is there twice, in other letters, and means two things")
    return found


def unfitting(mapping: FileMapping, kind: str, columns: Columns) -> Iterator[str]:
    """Yield everything of a mapping that names no column of a kind of file, or contradicts the rest."""
    if mapping.kind is not None and mapping.kind != kind:
        yield f"this mapping is for files of {mapping.kind}, and you load {kind}"
        return
    tables = {"columns": mapping.columns, "dates": [one for one in mapping.dates if one != EVERY],
              "values": mapping.values, "constants": mapping.constants}  # fmt: skip
    for table, names in tables.items():
        for name in names:
            if name not in columns.all:
                yield f"[{table}] {name!r} is not a column of {kind}{nearest(name, columns.all)}"
    for name in mapping.constants:
        if name in mapping.columns:
            yield f"{name} is under [columns] and under [constants]: it cannot be both"
    for theirs in mapping.ignore:
        if theirs in mapping.columns.values():
            yield f"{theirs!r} is under [columns] and in ignore: it cannot be both"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the name that may have been meant, as the end of a sentence; "" where none is near."""
    near = get_close_matches(name, list(known), 1)
    return f"; is {near[0]!r} meant?" if near else ""
