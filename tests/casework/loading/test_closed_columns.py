"""Closed columns: what is not in the list does not go in, and the person reads the list. Good rows go in beside it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from casework.loading import LoadReport, directory_entries, load_directory, load_offences, load_sentences, offences
from casework.loading.columns import Closed, Columns
from casework.loading.sentence_columns import columns as sentence_columns
from cli.app import app
from models.directory import DirectoryEntry
from models.offences import Offence
from models.people import Person, Sentence
from models.record import Record
from policy.book import shipped_book
from policy.vocabulary import Disposal, Location, RoshLevel, Sex
from tests.support.story import DARREN, DIRECTORY, at, write_csv

AS_AT = at("2026-06-01")


@dataclass(frozen=True)
class File:
    """A kind of file: its columns, how it is loaded, a good row, and a second one that is another row."""

    columns: Columns
    load: Callable[..., LoadReport]
    good: dict[str, str]
    other: dict[str, str]


FILES = {
    "directory": File(directory_entries.columns(shipped_book().agencies), load_directory, DIRECTORY[0], DIRECTORY[1]),
    "sentences": File(sentence_columns(date(2026, 6, 1)), load_sentences, DARREN, DARREN | {"crn": "A000001"}),
    "offences": File(
        offences.COLUMNS,
        load_offences,
        {"offence_code": "ZZ99001", "schedule": "15", "part": "1", "paragraph": "4"},
        {"offence_code": "ZZ99002", "schedule": "15", "part": "2", "paragraph": "5"},
    ),
}
CLOSED = {
    ("directory", "agency"): list(shipped_book().agencies),
    ("directory", "role"): [
        "coordinator", "coordinator_manager", "administrator", "chair", "representative", "senior_manager",
        "line_manager", "prison_offender_management", "smb_member", "smb_chair", "lay_adviser",
    ],
    ("sentences", "lead_agency"): ["probation", "police", "yot", "mental_health"],
    ("sentences", "identifying_agency"): ["probation", "police", "yot", "mental_health", "prison"],
    ("sentences", "disposal"): list(Disposal),
    ("sentences", "sex"): list(Sex),
    ("sentences", "location"): list(Location),
    ("sentences", "rosh_level"): list(RoshLevel),
    ("sentences", "restriction_order"): ["yes", "no"],
    ("sentences", "victim_contact"): ["yes", "no"],
    ("sentences", "notification_order"): ["yes", "no"],
    ("sentences", "shpo"): ["yes", "no"],
    ("offences", "schedule"): ["3", "15", "none"],
    ("offences", "part"): ["1", "2", "3"],
}  # fmt: skip
each_closed_column = pytest.mark.parametrize(
    ("kind", "column", "words"), [(*key, words) for key, words in CLOSED.items()], ids=[" ".join(key) for key in CLOSED]
)


def test_these_are_all_the_closed_columns() -> None:
    found = {
        (kind, column.name): list(column.read.values)
        for kind, file in FILES.items()
        for column in file.columns
        if isinstance(column.read, Closed)
    }
    assert found == CLOSED


@each_closed_column
@pytest.mark.parametrize("value", ["banana", "female male", "0", "yes,no"])
def test_a_word_that_is_not_in_the_list_keeps_its_row_out_and_no_other(
    sqlite_record: Record, tmp_path: Path, kind: str, column: str, words: list[str], value: str
) -> None:
    file = FILES[kind]
    path = write_csv(tmp_path / "f.csv", [file.good, file.other | {column: value}])
    report = file.load(sqlite_record, path, as_at=AS_AT, actor="t")
    assert (report.read, report.added, report.rejected) == (2, 1, 1)
    [reject] = report.rejects
    assert (reject.line, reject.column) == (3, column)
    assert reject.reason == f"{value!r} is not one of {', '.join(words)}"


@each_closed_column
def test_every_word_of_the_list_is_taken_in_capitals_too(kind: str, column: str, words: list[str]) -> None:
    [found] = [one for one in FILES[kind].columns if one.name == column]
    assert [found.read(word.upper()) for word in words] == [found.read(word) for word in words]
    as_stored = {"yes": True, "no": False}
    assert [found.read(word) for word in words] == [as_stored.get(word, word) for word in words]


@each_closed_column
def test_the_command_says_line_column_value_and_list_in_json_and_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, column: str, words: list[str]
) -> None:
    monkeypatch.setenv("MAPPA_DATABASE_URL", f"sqlite:///{tmp_path}/record.db")
    file = FILES[kind]
    path = write_csv(tmp_path / f"{kind}.csv", [file.good, file.other | {column: "banana"}])
    reason = f"'banana' is not one of {', '.join(words)}"

    told = CliRunner().invoke(app, ["load", kind, str(path), "--as-at", "2026-06-01", "--json"])
    assert told.exit_code == 3
    document = json.loads(told.stdout)
    assert (document["read"], document["added"], document["rejected"]) == (2, 1, 1)
    assert document["rejects"] == [{"line": 3, "column": column, "reason": reason}]

    told = CliRunner().invoke(app, ["load", kind, str(path), "--as-at", "2026-06-01"])
    assert told.exit_code == 3
    assert f"  line 3, column {column}: {reason}" in told.stdout.splitlines()
    assert reason in Path(document["rejects_file"]).read_text(encoding="utf-8").replace('"', "")


def test_what_is_stored_is_the_word_itself(sqlite_record: Record, tmp_path: Path) -> None:
    row = DARREN | {"sex": "Male", "rosh_level": "VERY_HIGH", "victim_contact": "Yes", "shpo": "", "location": ""}
    load_sentences(sqlite_record, write_csv(tmp_path / "s.csv", [row]), as_at=AS_AT, actor="t")
    load_directory(sqlite_record, write_csv(tmp_path / "d.csv", DIRECTORY[:1]), as_at=AS_AT, actor="t")
    with sqlite_record.reading() as session:
        assert session.scalars(select(Person.sex)).one() == "male"
        told = session.scalars(select(Sentence)).one()
        assert (told.rosh_level, told.victim_contact, told.shpo, told.location) == ("very_high", True, False, None)
        assert session.scalars(select(DirectoryEntry.agency)).one() == "mappa_unit"


@pytest.mark.parametrize(
    ("schedule", "part", "reason"),
    [
        ("3", "2", "'2' is not one of (empty), 1, for schedule 3"),
        ("15", "", "an empty cell is not one of 1, 2, 3, for schedule 15"),
        ("none", "1", "'1' is not one of (empty), for schedule none"),
    ],
)
def test_a_part_is_one_of_its_schedule(
    sqlite_record: Record, tmp_path: Path, schedule: str, part: str, reason: str
) -> None:
    good, other = FILES["offences"].good, FILES["offences"].other
    path = write_csv(tmp_path / "o.csv", [good, other | {"schedule": schedule, "part": part}])
    report = load_offences(sqlite_record, path, as_at=AS_AT, actor="t")
    assert (report.added, [(one.line, one.column, one.reason) for one in report.rejects]) == (1, [(3, "part", reason)])
    with sqlite_record.reading() as session:
        assert session.scalars(select(Offence.offence_code).where(Offence.offence_code.like("ZZ%"))).all() == [
            "ZZ99001"
        ]
