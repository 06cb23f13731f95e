"""Files in: good rows go in, bad rows come back with line, column and reason, and nothing is half loaded."""

import csv
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from casework.errors import FileRefusedError
from casework.loading import load_directory, load_offences, load_sentences
from models.audit import AuditEntry
from models.audit_seals import verify
from models.directory import DirectoryEntry
from models.offences import Offence
from models.people import Person, Sentence
from models.record import Record
from tests.support.story import DARREN, DIRECTORY, Story, at, write_csv

AS_AT = at("2026-06-01")


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return Story(record, tmp_path)


def count(record: Record, table) -> int:
    with record.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def load_text(record: Record, tmp_path: Path, content: bytes, loader=load_sentences, **options):
    path = tmp_path / "given.csv"
    path.write_bytes(content)
    return loader(record, path, as_at=AS_AT, actor="t", **options)


def test_loading_the_same_file_twice_changes_nothing(story):
    first = story.load("2026-06-01", DARREN)
    entries = count(story.record, AuditEntry)
    second = story.load("2026-06-02", DARREN)
    assert (first.added, second.added, second.changed, second.unchanged) == (1, 0, 0, 1)
    assert count(story.record, AuditEntry) == entries


def test_a_later_file_updates_and_says_what_changed(story):
    story.load("2026-06-01", DARREN)
    report = story.load("2026-06-02", {**DARREN, "licence_expiry_date": "2030-08-01", "surname": "Renamed"})
    assert report.changed == 1
    assert report.changes == [
        "line 2: sentence of 2023-11-12, offence COML022: licence_expiry_date 2030-07-12 -> 2030-08-01"
    ]
    with story.record.reading() as session:
        assert session.scalars(select(Person.surname)).one() == "Renamed"
        assert list(verify(session)) == []


def test_an_empty_cell_takes_nothing_away(story):
    story.load("2026-06-01", DARREN)
    report = story.load("2026-06-02", {**DARREN, "licence_expiry_date": ""})
    assert report.unchanged == 1


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_missing(story):
    report = story.load("2026-06-01", dict(reversed(DARREN.items())))
    assert report.added == 1


def test_a_dry_run_says_what_would_happen_and_writes_nothing(story, tmp_path):
    path = write_csv(tmp_path / "dry.csv", [DARREN])
    report = load_sentences(story.record, path, as_at=AS_AT, actor="t", dry_run=True)
    assert report.added == 1
    assert count(story.record, Person) == 0


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"crn": "320741"}, "crn", "'320741' is not a CRN: one letter and six digits are wanted"),
        ({"noms_number": "G555TT"}, "noms_number", "is not a NOMIS number"),
        ({"pnc_number": "2012/0052494A"}, "pnc_number", "its check letter is A, the digits ask for Q"),
        ({"pnc_number": "12-52494"}, "pnc_number", "is not a PNC number"),
        ({"date_of_birth": "04/03/1985"}, "date_of_birth", "is not a date in the form 2027-03-12"),
        ({"date_of_birth": "1985-02-30"}, "date_of_birth", "is not a day of the calendar"),
        ({"sentence_date": ""}, "sentence_date", "is empty; enter a value"),
        ({"lead_agency": "prison"}, "lead_agency", "'prison' is not one of probation, police, yot, mental_health"),
        ({"disposal": "jail"}, "disposal", "'jail' is not one of life, ipp, imprisonment"),
        ({"term_months": "6.5"}, "term_months", "is not a number of months"),
        ({"restriction_order": "maybe"}, "restriction_order", "'maybe' is not one of yes, no"),
        ({"offender_manager_email": "olive@"}, "offender_manager_email", "is not an e-mail address"),
        ({"offender_manager_email": "olive"}, "offender_manager_email", "is not an e-mail address"),
        ({"conditional_release_date": "2023-01-04"}, "conditional_release_date", "is before the offence date"),
        ({"conditional_release_date": "2031-01-01"}, "conditional_release_date", "is after the sentence ends"),
        ({"offence_date": "2024-01-01"}, "offence_date", "is after the sentence date"),
        ({"date_of_birth": "2023-02-01"}, "offence_date", "is not after the date of birth"),
        ({"sentence_date": "2026-06-02"}, "sentence_date", "is in the future"),
        ({"surname": "x" * 101}, "surname", "has 101 characters; 100 is the most"),
    ],
)
def test_a_bad_row_comes_back_with_line_column_and_reason_and_the_good_one_goes_in(
    story, tmp_path, change, column, reason
):
    good = {**DARREN, "crn": "A000001"}
    path = write_csv(tmp_path / "mixed.csv", [good, {**DARREN, **change}])
    rejects = tmp_path / "rejects.csv"
    report = load_sentences(story.record, path, as_at=AS_AT, actor="t", rejects=rejects)
    assert (report.added, report.rejected) == (1, 1)
    found = [r for r in report.rejects if r.column == column]
    assert found
    assert found[0].line == 3
    assert reason in found[0].reason
    back = list(csv.DictReader(rejects.open(encoding="utf-8-sig")))
    assert [row["rejected_line"] for row in back] == ["3"]
    assert reason in back[0]["rejected_because"]
    assert back[0]["forenames"] == "Darren"
    assert count(story.record, Person) == 1


def test_a_mended_rejects_file_loads_as_it_is(story, tmp_path):
    path = write_csv(tmp_path / "mixed.csv", [{**DARREN, "term_months": "long"}])
    rejects = tmp_path / "rejects.csv"
    load_sentences(story.record, path, as_at=AS_AT, actor="t", rejects=rejects)
    rejects.write_text(rejects.read_text().replace("long,", "80,"))
    assert load_sentences(story.record, rejects, as_at=AS_AT, actor="t").added == 1


def test_the_rejects_of_a_rejects_file_load_too(story, tmp_path):
    path = write_csv(tmp_path / "s.csv", [{**DARREN, "term_months": "long"}])
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    load_sentences(story.record, path, as_at=AS_AT, actor="t", rejects=first)
    load_sentences(story.record, first, as_at=AS_AT, actor="t", rejects=second)
    second.write_text(second.read_text().replace("long,", "80,"))
    assert load_sentences(story.record, second, as_at=AS_AT, actor="t").added == 1


def test_two_rows_that_disagree_on_a_person_stay_out_both(story):
    other = {**DARREN, "offence_code": "OF61018", "date_of_birth": "1986-03-04"}
    report = story.load("2026-06-01", DARREN, {**DARREN, "crn": "A000001"}, other)
    assert (report.added, report.rejected) == (1, 2)
    assert report.rejects[0].reason == "lines 2 and 4 disagree on the date_of_birth of X320741; neither went in"


def test_two_rows_that_tell_one_sentence_differently_stay_out_both(story):
    report = story.load("2026-06-01", DARREN, {**DARREN, "term_months": "60"})
    assert (report.added, report.rejected) == (0, 2)
    assert "tell the same sentence (offence COML022 of 2023-11-12) differently" in report.rejects[0].reason


def test_the_same_row_twice_in_a_file_is_one_sentence(story):
    report = story.load("2026-06-01", DARREN, DARREN)
    assert (report.added, report.unchanged, report.rejected) == (1, 1, 0)


def test_two_offences_of_one_person_are_two_sentences_and_one_case(story):
    story.load("2026-06-01", DARREN, {**DARREN, "offence_code": "OF61018"})
    story.tick("2026-06-01")
    assert count(story.record, Sentence) == 2
    assert story.case().reference == "LON-2026-000001"


REQUIRED = "crn,surname,forenames,date_of_birth,area,lead_agency,offence_code,disposal,sentence_date"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"a;b;c\n1;2;3\n", "wrong columns (missing: crn, surname"),
        (REQUIRED.replace("crn,", "").encode() + b"\n", "missing: crn"),
        (REQUIRED.encode() + b",shoe_size\n", "unknown: shoe_size"),
        (REQUIRED.encode() + b",crn\n", "there twice: crn"),
        (REQUIRED.encode() + b"\nX1,M\xfcller,a\n", "this is not UTF-8 (byte 0xfc)"),
        ((REQUIRED + "\nX1\n").encode("utf-16-be"), "this looks like UTF-16 without its mark"),
        (REQUIRED.encode() + b"\n\x00\x01\n", "it holds a zero byte"),
        (REQUIRED.encode() + b"\n" + b"x" * 200_000, "the line is longer than 100,000"),
        (REQUIRED.encode() + b'\nX320741,"Inven\n', "this is not CSV"),
    ],
    ids=["empty", "blank", "semicolons", "missing", "unknown", "twice", "latin-1", "utf-16", "zero", "long", "quote"],
)
def test_a_file_that_cannot_be_read_whole_loads_nothing(story, tmp_path, content, message):
    with pytest.raises(FileRefusedError) as refused:
        load_text(story.record, tmp_path, content)
    assert message in str(refused.value)
    assert "given.csv" in str(refused.value)
    assert count(story.record, Person) == 0


def test_a_bad_byte_at_the_end_undoes_the_good_rows_before_it(story, tmp_path):
    path = write_csv(tmp_path / "s.csv", [{**DARREN, "crn": f"A{n:06d}"} for n in range(3000)])
    with pytest.raises(FileRefusedError, match="this is not UTF-8"):
        load_text(story.record, tmp_path, path.read_bytes() + b"\xff\n")
    assert count(story.record, Person) == 0


def test_two_hundred_megabytes_of_junk_are_refused_in_bounded_memory(sqlite_record, tmp_path):
    import resource

    path = tmp_path / "junk.csv"
    with path.open("wb") as file:
        for _ in range(200):
            file.write(b"\x17junk" * 209_716)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileRefusedError):
        load_sentences(sqlite_record, path, as_at=AS_AT, actor="t")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_row_with_too_many_cells_is_one_reject(story, tmp_path):
    path = write_csv(tmp_path / "s.csv", [DARREN])
    path.write_text(path.read_text() + "X1,Y,Z\n")
    report = load_sentences(story.record, path, as_at=AS_AT, actor="t")
    assert (report.added, report.rejected) == (1, 1)
    assert report.rejects[0].reason.startswith("the row has 3 cells, the header names")


def test_a_header_without_rows_is_told(story, tmp_path):
    report = load_text(story.record, tmp_path, REQUIRED.encode() + b"\n")
    assert "a header and no rows" in report.warnings[0]


def test_an_area_without_a_directory_is_a_warning(story):
    report = story.load("2026-06-01", {**DARREN, "area": "Londn"})
    assert report.added == 1
    assert "area 'Londn' has nobody in the directory" in report.warnings[0]


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"agency": "fire_brigade"}, "agency", "'fire_brigade' is not one of police, probation"),
        ({"role": "boss"}, "role", "'boss' is not one of coordinator"),
        ({"email": "cora@"}, "email", "is not an e-mail address"),
        ({"from": "2026-05-01", "to": "2026-04-01"}, "to", "2026-04-01 is before from, 2026-05-01"),
        ({"name": ""}, "name", "is empty; enter a value"),
        ({"telephone": "1632960101"}, "telephone", "does not begin with 0 or +; a spreadsheet may have dropped the 0"),
    ],
)
def test_a_bad_directory_row_comes_back(record, tmp_path, change, column, reason):
    path = write_csv(tmp_path / "d.csv", [DIRECTORY[1], {**DIRECTORY[0], **change}])
    report = load_directory(record, path, as_at=AS_AT, actor="t")
    assert (report.added, report.rejected) == (1, 1)
    assert report.rejects[0].column == column
    assert reason in report.rejects[0].reason


def test_a_directory_entry_ends_by_a_later_file(record, tmp_path):
    load_directory(record, write_csv(tmp_path / "d.csv", DIRECTORY), as_at=AS_AT, actor="t")
    ended = {**DIRECTORY[0], "to": "2026-06-30"}
    report = load_directory(record, write_csv(tmp_path / "d.csv", [ended]), as_at=AS_AT, actor="t")
    assert report.changed == 1
    with record.reading() as session:
        entry = session.scalars(select(DirectoryEntry).where(DirectoryEntry.role == "coordinator")).one()
        assert entry.valid_to == date(2026, 6, 30)


def test_a_telephone_comes_with_a_later_file_and_is_kept_as_it_is_dialled(record, tmp_path):
    load_directory(record, write_csv(tmp_path / "d.csv", DIRECTORY), as_at=AS_AT, actor="t")
    told = {**DIRECTORY[0], "telephone": "01632  960101"}
    report = load_directory(record, write_csv(tmp_path / "d.csv", [told]), as_at=AS_AT, actor="t")
    assert report.changes == ["line 2: coordinator of mappa_unit in London: telephone empty -> 01632 960101"]
    with record.reading() as session:
        entry = session.scalars(select(DirectoryEntry).where(DirectoryEntry.role == "coordinator")).one()
        assert (entry.telephone, entry.name) == ("01632 960101", DIRECTORY[0]["name"])


def test_offences_settle_what_waited_for_a_person(story, tmp_path):
    story.load("2026-06-01", {**DARREN, "offence_code": "ZZ99001"})
    story.tick("2026-06-01")
    assert story.case().category is None
    report = load_text(story.record, tmp_path, b"offence_code,schedule,part,paragraph\nZZ99001,15,1,4\n", load_offences)
    assert report.added == 1
    story.tick("2026-06-02")
    assert story.case().category == 2
    assert story.timescale("referral").state == "open"


def test_an_offence_without_a_paragraph_takes_nothing_away_from_a_known_one(record, tmp_path):
    before = count(record, Offence)
    report = load_text(record, tmp_path, b"offence_code,schedule,part,paragraph\nSX03001,3,1,\n", load_offences)
    assert (report.added, report.unchanged) == (0, 1)
    assert count(record, Offence) == before


@pytest.mark.parametrize(
    ("row", "column"),
    [("SX0300,3,1,", "offence_code"), ("SX03001,16,1,", "schedule"), ("SX03001,15,4,", "part")],
)
def test_a_bad_offence_row_comes_back(record, tmp_path, row, column):
    report = load_text(record, tmp_path, f"offence_code,schedule,part,paragraph\n{row}\n".encode(), load_offences)
    assert [r.column for r in report.rejects] == [column]
