"""Workbooks: read as CSV files are, and what a spreadsheet made of a cell is told instead of taken."""

import csv
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from casework.errors import FileRefusedError
from casework.loading import LoadReport, load_directory, load_offences, load_population, load_sentences, workbook
from models.directory import DirectoryEntry
from models.people import Person, Sentence
from models.record import Record
from models.registrations import Population
from tests.support.story import DARREN, DIRECTORY, at
from tests.support.workbooks import write_workbook

AS_AT = at("2026-06-01")
DATES = ("date_of_birth", "offence_date", "sentence_date", "conditional_release_date", "licence_expiry_date")
TYPED: dict[str, Any] = (
    DARREN | {name: datetime.fromisoformat(DARREN[name]) for name in DATES} | {"term_months": 80, "shpo": False}
)
"""Darren as a spreadsheet has him: dates are dates, and numbers are numbers."""


def load(record: Record, path: Path, **options: Any) -> LoadReport:
    return load_sentences(record, path, as_at=AS_AT, actor="t", **options)


def reasons(report: LoadReport) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.reason) for one in report.rejects]


def test_dates_and_numbers_of_a_workbook_are_what_the_csv_file_says(record: Record, tmp_path: Path) -> None:
    assert load(record, write_workbook(tmp_path / "a.xlsx", [TYPED])).added == 1
    with record.reading() as session:
        [one] = session.scalars(select(Sentence)).all()
        assert (one.sentence_date, one.term_months, one.shpo) == (date(2023, 11, 12), 80, False)
        assert one.licence_expiry_date == date(2030, 7, 12)
    # As text, and as a CSV file with the same: nothing is new.
    assert load(record, write_workbook(tmp_path / "b.xlsx", [DARREN])).unchanged == 1


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("crn", 320741, "was turned into the number 320741 by the spreadsheet, which drops zeros in front: format the "
         "cell as text, and write it again"),
        ("surname", datetime.fromisoformat("2026-05-24"), "was turned into the date 2026-05-24 by the spreadsheet: "
         "format the cell as text, and write it again"),
        ("sentence_date", 45242, "is the number 45242, and no date: format the cell as a date"),
        ("sentence_date", datetime.fromisoformat("2023-11-12T09:30"), "was turned into the date and time 2023-11-12 "
         "09:30:00 by the spreadsheet: write the date alone"),
        ("surname", "=A1&A2", "is a formula, '=A1&A2': copy the cell and paste its value in its place"),
        ("prison", "#N/A", "holds the error #N/A: write the value"),
        ("unit", 1234567890123456, "is a number of which the spreadsheet kept 15 digits: format the cell as text, and "
         "write it again"),
        ("term_months", 80.5, "'80.5' is not a number of months, such as 18"),
        ("sentence_date", "12/11/2023", "'12/11/2023' is not a date in the form 2027-03-12"),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_made_of_a_cell_is_told_with_what_to_do(
    sqlite_record: Record, tmp_path: Path, column: str, value: object, reason: str
) -> None:
    other = TYPED | {"crn": "X320742"}
    report = load(sqlite_record, write_workbook(tmp_path / "a.xlsx", [other, TYPED | {column: value}]))
    assert (report.added, report.rejected) == (1, 1)
    assert reasons(report) == [(3, column, reason)]


def test_a_telephone_number_that_lost_its_zero_is_not_taken(sqlite_record: Record, tmp_path: Path) -> None:
    """01632 960101, typed into a cell that is not of text, is 1632960101: a number that would be called in vain."""
    rows = [DIRECTORY[0] | {"telephone": 1632960101}, DIRECTORY[1] | {"telephone": "01632 960101"}]
    report = load_directory(sqlite_record, write_workbook(tmp_path / "d.xlsx", rows), as_at=AS_AT, actor="t")
    assert (report.added, [one.column for one in report.rejects]) == (1, ["telephone"])
    with sqlite_record.reading() as session:
        assert session.scalars(select(DirectoryEntry.telephone)).one() == "01632 960101"


def test_numbers_where_numbers_are_meant_are_taken(sqlite_record: Record, tmp_path: Path) -> None:
    told = write_workbook(tmp_path / "p.xlsx", [{"area": "London", "year": 2014, "aged_10_and_over": 7326800.0}])
    assert load_population(sqlite_record, told, as_at=AS_AT, actor="t").added == 1
    code = {"offence_code": "ZZ99001", "schedule": 15, "part": 1, "paragraph": 60}
    told = write_workbook(tmp_path / "o.xlsx", [code])
    assert load_offences(sqlite_record, told, as_at=AS_AT, actor="t").added == 1
    with sqlite_record.reading() as session:
        assert session.scalars(select(Population.aged_10_and_over)).one() == 7326800


def test_a_formula_comes_back_with_what_it_came_to(sqlite_record: Record, tmp_path: Path) -> None:
    """The value is for a person to look at: it may be of another row, or years old."""
    path = write_workbook(tmp_path / "a.xlsx", [TYPED | {"surname": "=UPPER(B9)"}])
    # What a spreadsheet keeps beside a formula; the library that wrote the file works nothing out.
    bare, valued = b'<c r="B2"><f>UPPER(B9)</f><v />', b'<c r="B2" t="str"><f>UPPER(B9)</f><v>INVENTED</v>'
    kept = rewritten(path, "xl/worksheets/sheet1.xml", bare, valued)
    back = tmp_path / "back.csv"
    assert load(sqlite_record, kept, rejects=back).rejected == 1
    [row] = list(csv.DictReader(back.open(encoding="utf-8-sig")))
    assert row["surname"] == "INVENTED"
    assert row["rejected_because"].startswith("surname: is a formula, '=UPPER(B9)'")
    # Looked at, it loads as any row of rejects does: its dates are texts now, and mean the same.
    assert load(sqlite_record, back).added == 1


def rewritten(path: Path, part: str, before: bytes, after: bytes) -> Path:
    """Return a copy of a workbook with something else in one of its parts."""
    copy = path.with_name(f"again-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            content = old.read(one)
            if one.filename == part:
                assert before in content
                content = content.replace(before, after)
            new.writestr(one.filename, content)
    return copy


class TestSheets:
    """Which sheet is read, and what is said of the others."""

    def book(self, path: Path, *titles: str, hidden: str = "") -> Path:
        book = Workbook()
        for place, title in enumerate(titles):
            sheet = book.create_sheet(title)
            sheet.append(list(TYPED))
            sheet.append(list((TYPED | {"crn": f"X32074{place}"}).values()))
            if title == hidden:
                sheet.sheet_state = "hidden"
        book.remove(book.worksheets[0])
        book.save(path)
        return path

    @pytest.mark.parametrize(
        ("name", "titles", "hidden", "crn", "warnings"),
        [
            ("a.xlsx", ("One",), "", "X320740", []),
            ("a.xlsx", ("One", "Two"), "", "X320740", ["only the sheet 'One' was read, not 'Two'"]),
            ("a.xlsx", ("One", "SENTENCES"), "", "X320741", ["only the sheet 'SENTENCES' was read, not 'One'"]),
            ("june 2026.xlsx", ("One", "June 2026"), "", "X320741", ["only the sheet 'June 2026' was read, not 'One'"]),
            ("a.xlsx", ("One", "Two"), "One", "X320741", []),
            ("a.xlsx", ("sentences", "Two"), "sentences", "X320741", []),
        ],
    )
    def test_the_one_called_like_the_kind_or_the_file_else_the_first_that_is_seen(
        self, sqlite_record: Record, tmp_path: Path, name: str, titles: tuple[str, ...], hidden: str, crn: str,
        warnings: list[str],
    ) -> None:  # fmt: skip
        report = load(sqlite_record, self.book(tmp_path / name, *titles, hidden=hidden))
        told = [one for one in report.warnings if "sheet" in one]
        assert told == warnings
        with sqlite_record.reading() as session:
            assert session.scalars(select(Person.crn)).all() == [crn]

    def test_hidden_rows_are_read_and_told(self, sqlite_record: Record, tmp_path: Path) -> None:
        path = write_workbook(tmp_path / "a.xlsx", [TYPED, TYPED | {"crn": "X320742"}])
        book = load_workbook(path)
        book.worksheets[0].row_dimensions[3].hidden = True
        book.save(path)
        report = load(sqlite_record, path)
        assert report.added == 2
        assert "1 rows of the sheet are hidden, perhaps by a filter; they were read too" in report.warnings

    def test_blank_rows_and_columns_around_the_table_are_nothing(self, sqlite_record: Record, tmp_path: Path) -> None:
        path = write_workbook(tmp_path / "a.xlsx", [TYPED])
        book = load_workbook(path)
        sheet = book.worksheets[0]
        sheet.cell(60, 40).number_format = "@"
        sheet.insert_rows(1, 2)
        sheet.cell(6, 1).value = "  "
        book.save(path)
        report = load(sqlite_record, path)
        assert (report.read, report.added, report.rejected) == (1, 1, 0)

    def test_what_stands_beside_the_table_is_a_reason_with_its_row(self, sqlite_record: Record, tmp_path: Path) -> None:
        path = write_workbook(tmp_path / "a.xlsx", [TYPED])
        book = load_workbook(path)
        book.worksheets[0].cell(2, 30).value = "checked by Bo"
        book.save(path)
        [(line, column, reason)] = reasons(load(sqlite_record, path))
        assert (line, column) == (2, "(row)")
        assert reason == f"the row has 30 cells, the header names {len(TYPED)} columns"


def refusal(record: Record, path: Path) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        load(record, path)
    with record.reading() as session:
        assert session.scalars(select(Person)).all() == []
    return refused.value


def test_merged_cells_are_refused_by_their_names(sqlite_record: Record, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", [TYPED, TYPED | {"crn": "X320742"}])
    book = load_workbook(path)
    book.worksheets[0].merge_cells("E2:E3")
    book.save(path)
    error = refusal(sqlite_record, path)
    assert (error.what, error.where) == ("cells are merged: E2:E3", f"{path}, sheet 'Sheet1'")
    assert error.to_do == "unmerge them, so that each row has a value of its own"


def test_a_wrong_header_names_the_sheet_and_the_row(sqlite_record: Record, tmp_path: Path) -> None:
    error = refusal(sqlite_record, write_workbook(tmp_path / "a.xlsx", [{"Title": "Sentences of June"}]))
    assert error.where == f"{tmp_path}/a.xlsx, sheet 'Sheet1', line 1"
    assert error.what.startswith("wrong columns (missing: crn, ")


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_unpacked(
    sqlite_record: Record, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(101):
                part.write(bytes(1_000_000))
    assert path.stat().st_size < 200_000
    error = refusal(sqlite_record, path)
    assert error.what.startswith("this workbook is too large: it unpacks to 101 MB in 2 parts")
    assert error.to_do == "save the sheet as CSV UTF-8, and load that"


def test_a_sheet_of_wide_rows_is_refused_before_it_fills_the_memory(
    sqlite_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell far to the right costs a few bytes in the file, and thousands of cells once it is read."""
    book = Workbook()
    for row in range(1, 30):
        book.worksheets[0].cell(row, 16_384).value = 1
    book.save(tmp_path / "a.xlsx")
    monkeypatch.setattr(workbook, "MOST_CELLS", 20 * 16_384)
    assert refusal(sqlite_record, tmp_path / "a.xlsx").what == "the sheet has more than 327,680 cells"


def test_a_row_far_below_does_not_keep_the_reader_busy(sqlite_record: Record, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", [TYPED])
    far = rewritten(path, "xl/worksheets/sheet1.xml", b'<row r="2">', b'<row r="99999999999">')
    assert "has more than" in refusal(sqlite_record, far).what


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', "no spreadsheet wrote this workbook"),
        (b"</sheetData>", b"", "this workbook is broken (ParseError)"),
        (
            b'<c r="A2" t="inlineStr"><is><t>X320741</t></is>',
            b'<c r="A2" t="s"><v>9</v>',
            "this workbook is broken (IndexError)",
        ),
    ],
)
def test_a_broken_workbook_is_told_and_loads_nothing(
    sqlite_record: Record, tmp_path: Path, before: bytes, after: bytes, what: str
) -> None:
    path = write_workbook(tmp_path / "a.xlsx", [TYPED])
    assert refusal(sqlite_record, rewritten(path, "xl/worksheets/sheet1.xml", before, after)).what == what


def test_half_a_workbook_is_told(sqlite_record: Record, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", [TYPED])
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(sqlite_record, path).what == "this is a broken workbook, or not all of it has arrived"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is a workbook of the old kind (.xls), or one with a password"),
        (b"%PDF-1.7", "this is a PDF"),
        (b"\x1f\x8b\x08", "this is a compressed file (gzip)"),
        (b"<html><table>", "this is a web page or XML, whatever its name says"),
        (b'\xef\xbb\xbf{"crn": 1}', "this is JSON"),
    ],
)
def test_a_file_that_is_no_table_is_told_for_what_it_is(
    sqlite_record: Record, tmp_path: Path, content: bytes, what: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refusal(sqlite_record, path).what == what


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("content.xml", "this is an OpenDocument file (.ods)"),
        ("word/document.xml", "this is a Word document"),
        ("xl/workbook.bin", "this is a binary workbook (.xlsb)"),
        ("sentences.csv", "this is a ZIP archive"),
    ],
)
def test_an_archive_that_is_no_workbook_is_told_for_what_it_is(
    sqlite_record: Record, tmp_path: Path, part: str, what: str
) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "x")
    assert refusal(sqlite_record, path).what == what
