"""Mapping files: a source is read whatever it calls its columns, and nothing of it is left out unseen."""

import csv
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.errors import FileRefusedError
from casework.loading import load_sentences
from casework.loading.date_forms import date_form, day_in
from casework.loading.kinds_of_file import FILES
from casework.loading.lines import Row
from casework.loading.mapping import read_mapping
from casework.loading.proposing import propose
from casework.loading.report import LoadReport
from casework.loading.table import open_table, read_rows
from models.people import Person, Sentence
from models.record import Record
from tests.support.story import at
from tests.support.workbooks import write_workbook

AS_AT = at("2026-06-01")
COLUMNS = {name: kind.columns(date(2026, 6, 1)) for name, kind in FILES.items()}
# As NOMIS and Delius have him. 12/03/2027 is the twelfth of March: no day is above 12, and none of it may be swapped.
THEIRS = {
    "Delius CRN": "X320741",
    "Last Name": "Invented",
    "First Name(s)": "Darren",
    "DOB": "04/03/1985",
    "Sentence Type": "IMP",
    "Date of Sentence": "12/11/2023",
    "CRD": "12/03/2027",
    "SED": "UNKNOWN",
    "CJS Code": "COML022",
    "Establishment": "HMP Example",
    "Cell": "A1-2",
}
MAPPING = """
kind = "sentences"
ignore = ["Cell"]
[columns]
crn = "Delius CRN"
surname = "Last Name"
forenames = "First Name(s)"
date_of_birth = "DOB"
disposal = "Sentence Type"
sentence_date = "Date of Sentence"
conditional_release_date = "CRD"
sentence_expiry_date = "SED"
offence_code = "CJS Code"
prison = "Establishment"
[dates]
every = "DD/MM/YYYY"
[values.disposal]
IMP = "imprisonment"
[values.sentence_expiry_date]
unknown = ""
[constants]
area = "London"
lead_agency = "probation"
location = "custody"
"""


def mapping_in(folder: Path, text: str) -> Path:
    path = folder / "nomis.toml"
    path.write_text(text, encoding="utf-8")
    return path


def csv_of(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def load(record: Record, path: Path, text: str = MAPPING, **options: Any) -> LoadReport:
    mapping = read_mapping(mapping_in(path.parent, text))
    return load_sentences(record, path, as_at=AS_AT, actor="t", mapping=mapping, **options)


def test_names_dates_codes_and_constants_of_a_source_are_read_as_ours(record: Record, tmp_path: Path) -> None:
    assert load(record, csv_of(tmp_path / "a.csv", THEIRS)).added == 1
    with record.reading() as session:
        [one] = session.scalars(select(Sentence)).all()
        assert (one.disposal, one.area, one.lead_agency, one.location) == (
            "imprisonment", "London", "probation", "custody",
        )  # fmt: skip
        assert (one.sentence_date, one.conditional_release_date, one.sentence_expiry_date) == (
            date(2023, 11, 12), date(2027, 3, 12), None,
        )  # fmt: skip
    # The same as a workbook with real dates: they need no form, and nothing is new.
    typed = {k: datetime.strptime(v, "%d/%m/%Y") if v.count("/") == 2 else v for k, v in THEIRS.items()}  # noqa: DTZ007
    assert load(record, write_workbook(tmp_path / "a.xlsx", [typed])).unchanged == 1


def test_rejected_rows_name_their_columns_and_load_again_by_the_same_mapping(
    sqlite_record: Record, tmp_path: Path
) -> None:
    back = tmp_path / "back.csv"
    wrong = THEIRS | {"Sentence Type": "LIFER", "DOB": "31/02/1985", "CRD": "03-12-2027"}
    report = load(sqlite_record, csv_of(tmp_path / "a.csv", wrong), rejects=back)
    told = {one.column: one.reason for one in report.rejects}
    assert told["DOB (date_of_birth)"] == "'31/02/1985' is not a day of the calendar"
    assert told["CRD (conditional_release_date)"] == (
        "'03-12-2027' is not a date in the form DD/MM/YYYY, nor in the form 2027-03-12"
    )
    assert told["Sentence Type (disposal)"].startswith("'LIFER' is not one of life, ipp,")
    text = back.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "rejected_line,rejected_because," + ",".join(THEIRS)
    # As a person mends it, one of the dates in the form of the errors.
    mended = text.replace("LIFER", "life").replace("31/02/1985", "04/03/1985").replace("03-12-2027", "2027-03-12")
    back.write_text(mended, encoding="utf-8")
    assert load(sqlite_record, back).added == 1


def test_rejects_are_read_though_the_header_of_the_source_stands_further_down(
    sqlite_record: Record, tmp_path: Path
) -> None:
    told = f"header_line = 3\n{MAPPING}"
    path, back = csv_of(tmp_path / "a.csv", THEIRS | {"DOB": "soon"}), tmp_path / "back.csv"
    path.write_text('Report of "June\nwith a title,,,\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert [one.line for one in load(sqlite_record, path, told, rejects=back).rejects] == [4]
    back.write_text(back.read_text(encoding="utf-8-sig").replace("soon", "04/03/1985"), encoding="utf-8")
    assert load(sqlite_record, back, told).added == 1


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ({"Wing": "B"}, "wrong columns (unknown: Wing)"),
        ({"surname": "Other"}, "wrong columns (unknown: surname)"),
        ({"area": "London"}, "wrong columns (a constant of the mapping too: area)"),
        ({"CRD": None}, "wrong columns (missing: CRD)"),
    ],
)
def test_no_column_of_a_source_comes_or_goes_unseen(
    sqlite_record: Record, tmp_path: Path, header: dict[str, str | None], what: str
) -> None:
    row = {name: value for name, value in (THEIRS | header).items() if value is not None}
    with pytest.raises(FileRefusedError) as refused:
        load(sqlite_record, csv_of(tmp_path / "a.csv", row))
    assert refused.value.what == what
    assert refused.value.to_do == f"put each column of the file under [columns] or in ignore of {tmp_path}/nomis.toml"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("colums = 1", "'colums' is not a key of a mapping file; is 'columns' meant?"),
        ("[columns]\nsurnme = 'Last Name'", "[columns] 'surnme' is not a column of sentences; is 'surname' meant?"),
        ("[columns]\nsurname = 3", "[columns] surname: must be a text"),
        ("[dates]\nevery = 'DD/MM/YY'", "[dates] every: 'DD/MM/YY' is not a form of dates, such as DD/MM/YYYY"),
        ("[dates]\nevery = 'DD/YYYY'", "[dates] every: 'DD/YYYY' must have a day (DD), a month (MM or MMM) and a year"),
        ("[dates]\nbirthday = 'DD/MM/YYYY'", "[dates] 'birthday' is not a column of sentences"),
        ("[values.disposal]\nIMP = 'life'\nimp = 'ipp'", "[values.disposal] 'imp' is there twice, in other letters"),
        ("encoding = 'latin-1'", "encoding must be one of utf-8, windows-1252"),
        ("header_line = 0", "header_line must be a line number from 1 to 1,000"),
        ("kind = 'directory'", "this mapping is for files of directory, and you load sentences"),
        ("ignore = 'Cell'", "ignore must be a list of column names"),
        ("ignore = ['A']\n[columns]\ncrn = 'A'", "'A' is under [columns] and in ignore: it cannot be both"),
        ("[columns]\narea = 'A'\n[constants]\narea = 'B'", "area is under [columns] and under [constants]"),
        ("crn = ", "this is not a mapping file: "),
    ],
)
def test_a_mapping_that_cannot_be_right_says_what_is_wrong(
    sqlite_record: Record, tmp_path: Path, text: str, what: str
) -> None:
    with pytest.raises(FileRefusedError) as refused:
        load(sqlite_record, csv_of(tmp_path / "a.csv", THEIRS), text)
    assert refused.value.what.startswith(what)
    assert refused.value.where == f"{tmp_path}/nomis.toml"
    with sqlite_record.reading() as session:
        assert session.scalars(select(Person)).all() == []


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("DD/MM/YYYY", "31/12/2026", "2026-12-31"),
        ("DD/MM/YYYY", "1/2/2026", "2026-02-01"),
        ("DD/MM/YYYY", "2026-02-01", "2026-02-01"),
        ("DD-MMM-YYYY", "05-Sept-2026", "2026-09-05"),
        ("DD MMM YYYY", "5 march 2026", "2026-03-05"),
        ("YYYYMMDD", "20261231", "2026-12-31"),
        ("DD/MM/YYYY hh:mm", "31/12/2026 00:00", "2026-12-31"),
        ("MM/DD/YYYY", "12/31/2026", "2026-12-31"),
    ],
)
def test_a_date_is_read_in_the_form_that_is_told(form: str, text: str, day: str) -> None:
    assert day_in(text, date_form(form)) == day


@pytest.mark.parametrize(
    ("form", "text"),
    [("DD/MM/YYYY", "12/31/2026"), ("DD/MM/YYYY", "31/12/26"), ("DD MMM YYYY", "5 Mai 2026"),
     ("DD/MM/YYYY", "\u0663/1/2026"), ("DD.MM.YYYY", "31-12-2026")],
)  # fmt: skip
def test_what_is_not_in_the_form_is_no_date(form: str, text: str) -> None:
    with pytest.raises(ValueError, match="is not a da"):
        day_in(text, date_form(form))


def test_a_mapping_is_proposed_from_the_header_the_dates_and_the_codes(tmp_path: Path) -> None:
    later = THEIRS | {"CRD": "", "Sentence Type": "Life"}
    kind, text = propose(csv_of(tmp_path / "a.csv", THEIRS, later), COLUMNS)
    told = tomllib.loads(text)
    wanted = tomllib.loads(MAPPING)
    assert kind == "sentences"
    assert (told["columns"], told["ignore"]) == (wanted["columns"], wanted["ignore"])
    # SED holds a word beside its dates, so nobody can tell its form.
    assert told["dates"] == {"every": "DD/MM/YYYY"}
    assert '# "IMP" = ""' in text.splitlines()
    assert [line for line in text.splitlines() if line.startswith(("# area", "# lead_agency"))][:2] == [
        '# area = ""', '# lead_agency = ""',
    ]  # fmt: skip
    # It names no person: what stands in columns that are no closed list is not printed.
    assert "Invented" not in text
    assert "HMP" not in text


# Headers as extracts of the prisons' system (NOMIS), of probation (Delius) and lists of coordinators have them.
AS_PRISONS_WRITE = {
    "Offender Surname": "surname", "Offender Forename": "forenames", "NOMS No": "noms_number", "Est": "prison",
    "Date of Birth": "date_of_birth", "Main Offence": "offence_description", "CRD": "conditional_release_date",
    "SED": "sentence_expiry_date", "LED": "licence_expiry_date", "TUSED": "top_up_supervision_expiry_date",
    "PED": "parole_eligibility_date", "HDCAD": "hdc_approved_date", "ARD": "automatic_release_date",
    "APD": "approved_parole_date", "PRRD": "post_recall_release_date",
}  # fmt: skip
AS_PROBATION_WRITES = {
    "CRN": "crn", "PNC": "pnc_number", "Offender Surname": "surname", "Offender Forename(s)": "forenames",
    "Prisoner DOB": "date_of_birth", "Region": "area", "LDU Cluster": "unit", "OM": "offender_manager",
    "OM E-mail": "offender_manager_email", "Sentence Length (Months)": "term_months", "RoSH": "rosh_level",
    "Order Expiry Date": "order_end_date", "Main Offence Code": "offence_code", "Date of Offence": "offence_date",
}  # fmt: skip
AS_COORDINATORS_WRITE = {
    "CRN Number": "crn", "MAPPA Category": "category", "MAPPA Level": "level", "Registration Date": "start_date",
    "Police Force": "area", "Managing Agency": "lead_agency",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("sentences", AS_PRISONS_WRITE),
        ("sentences", AS_PROBATION_WRITES),
        ("sentences", {"Offender Manager": "offender_manager", "Nominal Surname": "surname"}),
        ("registrations", AS_COORDINATORS_WRITE),
    ],
)
def test_headers_of_prisons_and_probation_are_known(tmp_path: Path, kind: str, header: dict[str, str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(header) + "\n", encoding="utf-8")
    _, text = propose(path, COLUMNS, kind)
    told = tomllib.loads(text)
    assert told["columns"] == {ours: theirs for theirs, ours in header.items()}
    assert told["ignore"] == []


def test_a_date_of_both_ends_is_both_and_what_may_mean_something_else_is_a_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("CRN,SLED,Release Date,Region\nX320741,12/07/2030,12/03/2027,Westmarch\n", encoding="utf-8")
    _, text = propose(path, COLUMNS, "sentences")
    for ours, theirs in (("licence_expiry_date", "SLED"), ("sentence_expiry_date", "SLED")):
        assert f'{ours} = "{theirs}"' in text.splitlines()
    for ours, theirs in (("conditional_release_date", "Release Date"), ("area", "Region")):
        assert f'{ours} = "{theirs}"  # a guess: is it?' in text.splitlines()
    # Given a mapping with the rest, one date of the file fills both ends.
    header = {name: value for name, value in THEIRS.items() if name not in ("SED", "Cell")}
    told = MAPPING.replace('ignore = ["Cell"]', "").replace('"SED"', '"SLED"\nlicence_expiry_date = "SLED"')
    columns = open_table(
        csv_of(path, header | {"SLED": "12/07/2030"}), "sentences", COLUMNS["sentences"],
        read_mapping(mapping_in(tmp_path, told)),
    )  # fmt: skip
    [row] = read_rows(columns)
    assert isinstance(row, Row)
    assert (row.values["licence_expiry_date"], row.values["sentence_expiry_date"]) == ("2030-07-12", "2030-07-12")


@pytest.mark.parametrize("kind", list(FILES))
def test_a_file_with_our_own_names_is_known_for_its_kind(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(COLUMNS[kind].all) + "\n", encoding="utf-8")
    found, text = propose(path, COLUMNS)
    assert found == kind
    assert tomllib.loads(text)["columns"] == {name: name for name in COLUMNS[kind].all}


def test_a_proposal_says_the_encoding_and_does_not_take_a_near_name_for_certain(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("crn;surnames;prison\nX320741;Si\u00e2n;HMP\n".encode("cp1252"))
    _, text = propose(path, COLUMNS, "sentences")
    assert tomllib.loads(text)["encoding"] == "windows-1252"
    assert 'surname = "surnames"  # a guess: is it?' in text


def test_nothing_is_proposed_where_nothing_is_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("shoe,hat\n1,2\n", encoding="utf-8")
    with pytest.raises(FileRefusedError, match="no column is called like one of ours"):
        propose(path, COLUMNS)
