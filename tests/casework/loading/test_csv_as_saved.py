"""CSV files as a spreadsheet of Windows saves them: its encodings, and what it puts between the cells."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.errors import FileRefusedError
from casework.loading import load_sentences
from casework.loading.mapping import FileMapping
from models.people import Person
from models.record import Record
from tests.support.story import DARREN, at

ROW = DARREN | {"forenames": "Si\u00e2n", "unit": "North; east"}


def text(between: str, above: str = "") -> str:
    found = io.StringIO()
    writer = csv.DictWriter(found, list(ROW), delimiter=between)
    writer.writeheader()
    writer.writerow(ROW)
    return above + found.getvalue()


@pytest.mark.parametrize(
    ("content", "as_told"),
    [
        (text(",").encode("utf-8-sig"), "CSV UTF-8"),
        (text("\t").encode("utf-16"), "Unicode text"),
        (text(";").encode("utf-16-be").join((b"\xfe\xff", b"")), "big endian, semicolons"),
        (text(";").encode("utf-8-sig"), "where the comma is of numbers"),
        (text("|").encode(), "a database"),
        (text(";", "sep=;\r\n").encode(), "told in front"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_each_is_read_as_it_is(sqlite_record: Record, tmp_path: Path, content: bytes, as_told: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert load_sentences(sqlite_record, path, as_at=at("2026-06-01"), actor="t").added == 1
    with sqlite_record.reading() as session:
        [one] = session.scalars(select(Person)).all()
        assert (one.forenames, one.sentences[0].unit) == ("Si\u00e2n", "North; east")


def test_windows_1252_is_read_where_the_mapping_says_so_and_else_refused(sqlite_record: Record, tmp_path: Path) -> None:
    """Nobody can tell it from other encodings of a byte a letter: a name would be wrong, and nobody would see it."""
    path = tmp_path / "a.csv"
    path.write_bytes(text(",").encode("cp1252"))
    with pytest.raises(FileRefusedError) as refused:
        load_sentences(sqlite_record, path, as_at=at("2026-06-01"), actor="t")
    assert "it is '\u00e2' in Windows-1252" in refused.value.what
    assert 'encoding = "windows-1252" in a mapping file' in refused.value.to_do
    told = FileMapping("m.toml", encoding="windows-1252")
    assert load_sentences(sqlite_record, path, as_at=at("2026-06-01"), actor="t", mapping=told).added == 1
    with sqlite_record.reading() as session:
        assert session.scalars(select(Person.forenames)).one() == "Si\u00e2n"


def test_a_line_keeps_its_number_below_a_line_that_is_none_of_the_table(sqlite_record: Record, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text(";", "sep=;\r\n").replace("COML022", "").encode())
    report = load_sentences(sqlite_record, path, as_at=at("2026-06-01"), actor="t")
    assert [(one.line, one.column) for one in report.rejects] == [(3, "offence_code")]


def test_text_in_a_first_column_without_a_name_is_not_passed_over(sqlite_record: Record, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = text(",").splitlines()
    path.write_text(f",{lines[0]}\nlost,{lines[1]}\n", encoding="utf-8")
    report = load_sentences(sqlite_record, path, as_at=at("2026-06-01"), actor="t")
    assert [one.reason for one in report.rejects] == ["cell 1 holds 'lost', and the header names no column there"]
