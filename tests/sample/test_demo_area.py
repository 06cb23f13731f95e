"""The invented area of the demonstration: the same each time, well formed, and faulty only where it says so."""

import csv
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from policy.agencies import LEAD_AGENCIES
from policy.vocabulary import Disposal, Location, RoshLevel, Sex
from sample.area import DemoFiles, directory_rows, sentence_rows, write_area
from sample.names import (
    CHECK_LETTERS,
    DIRECTORY_COLUMNS,
    FAULTS,
    OFFENCES,
    PRISON_WITHOUT_POST_HOLDER,
    PRISONS,
    SENTENCE_COLUMNS,
    UNKNOWN_OFFENCES,
    months_after,
)

TODAY = date(2026, 11, 23)
RELEASE_DATES = (
    "conditional_release_date",
    "automatic_release_date",
    "parole_eligibility_date",
    "approved_parole_date",
    "hdc_approved_date",
    "post_recall_release_date",
)
DISPOSALS = set(Disposal)
REQUIRED = (
    "crn",
    "surname",
    "forenames",
    "date_of_birth",
    "area",
    "lead_agency",
    "offence_code",
    "disposal",
    "sentence_date",
)

Row = dict[str, str]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_area(tmp_path_factory.mktemp("demo"), today=TODAY)


@pytest.fixture(scope="module")
def sound() -> list[Row]:
    return list(sentence_rows(today=TODAY, faults=False))


@pytest.fixture(scope="module")
def directory() -> list[Row]:
    return list(directory_rows(today=TODAY))


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(row: Row, column: str) -> date | None:
    return date.fromisoformat(row[column]) if row[column] else None


def known(row: Row, column: str) -> date:
    return date.fromisoformat(row[column])


def released_on(row: Row) -> date | None:
    """The release date: an approved date, else the earliest of the others still to come."""
    by_law, approved = RELEASE_DATES[:3], RELEASE_DATES[3:]
    for columns in (approved, by_law):
        ahead = [found for column in columns if (found := day(row, column)) and found >= TODAY]
        if ahead:
            return min(ahead)
    return None


def test_same_seed_day_and_size_write_the_same_bytes(tmp_path: Path, written: DemoFiles) -> None:
    again = write_area(tmp_path / "new" / "folder", today=TODAY)
    assert again.sentences.read_bytes() == written.sentences.read_bytes()
    assert again.directory.read_bytes() == written.directory.read_bytes()
    assert again.faults == written.faults
    other = write_area(tmp_path, today=TODAY, seed=7)
    assert other.sentences.read_bytes() != written.sentences.read_bytes()


def test_header_and_counts(written: DemoFiles) -> None:
    header = written.sentences.read_text("utf-8").splitlines()[0]
    assert header == ",".join(SENTENCE_COLUMNS)
    rows = read(written.sentences)
    assert len(rows) == written.sentence_rows
    assert len({row["crn"] for row in rows}) == written.people == 600
    assert len(read(written.directory)) == written.directory_rows
    assert tuple(read(written.directory)[0]) == DIRECTORY_COLUMNS


def test_identifiers_have_their_format_and_belong_to_one_person(sound: list[Row]) -> None:
    for column, form in (
        ("crn", r"[A-Z]\d{6}"),
        ("noms_number", r"([A-Z]\d{4}[A-Z]{2})?"),
        ("pnc_number", r"\d{4}/\d{7}[A-Z]"),
    ):
        assert all(re.fullmatch(form, row[column]) for row in sound), column
        owners = {(row[column], row["crn"]) for row in sound if row[column]}
        assert len({value for value, _ in owners}) == len(owners), column


def test_pnc_check_letter_follows_from_the_digits(sound: list[Row]) -> None:
    for row in sound:
        pnc = row["pnc_number"]
        assert pnc[-1] == CHECK_LETTERS[int(pnc[2:4] + pnc[5:12]) % 23]
        assert int(pnc[:4]) <= TODAY.year


def test_required_values_are_there_and_words_are_known(sound: list[Row]) -> None:
    for row in sound:
        assert all(row[column] for column in REQUIRED)
        assert row["disposal"] in DISPOSALS
        assert row["lead_agency"] in LEAD_AGENCIES
        assert row["sex"] in set(Sex)
        assert row["location"] in set(Location)
        assert bool(row["prison"]) == (row["location"] == "custody")
        assert row["rosh_level"] in set(RoshLevel)
    assert {row["disposal"] for row in sound} == DISPOSALS


def test_a_person_is_the_same_on_each_of_their_rows(sound: list[Row]) -> None:
    columns = ("surname", "forenames", "date_of_birth", "sex", "location", "prison", "offender_manager_email", "unit")
    people = {(row["crn"], *(row[column] for column in columns)) for row in sound}
    assert len(people) == len({row["crn"] for row in sound})


@pytest.mark.parametrize("today", [TODAY, date(2015, 3, 31), date(2024, 2, 29)])
def test_dates_are_in_order(today: date) -> None:
    for row in sentence_rows(today=today, faults=False):
        born, offence, sentence = (known(row, c) for c in ("date_of_birth", "offence_date", "sentence_date"))
        assert born + timedelta(days=3653) < offence < sentence <= today, row
        chain = [sentence]
        for column in ("conditional_release_date", "licence_expiry_date", "sentence_expiry_date"):
            chain += [found] if (found := day(row, column)) else []
        assert all(before <= after for before, after in pairwise(chain)), row
        for column in (*RELEASE_DATES, "top_up_supervision_expiry_date", "order_end_date", "shpo_end_date"):
            found = day(row, column)
            assert found is None or found >= sentence, (column, row)
        expiry, last = day(row, "licence_expiry_date"), day(row, "post_recall_release_date")
        assert not (expiry and last) or last <= expiry, row
        parole, eligible = day(row, "approved_parole_date"), day(row, "parole_eligibility_date")
        assert not (parole and eligible) or eligible <= parole, row


def test_youths_are_youths_at_sentence(sound: list[Row]) -> None:
    for row in sound:
        if row["lead_agency"] == "yot":
            age = known(row, "sentence_date") - known(row, "date_of_birth")
            assert 14 * 365 < age.days < 18 * 365


def test_every_address_is_one_that_cannot_exist(sound: list[Row], directory: list[Row]) -> None:
    addresses = [row[column] for row in sound for column in row if column.endswith("_email") and row[column]]
    addresses += [row["email"] for row in directory]
    assert all(re.fullmatch(r"[a-z]\.[a-z]+\d*@[a-z-]+\.westmarch\.example", address) for address in addresses)


def test_caseload_has_the_proportions_of_a_real_one(sound: list[Row]) -> None:
    last = {row["crn"]: row for row in sound}
    agencies = Counter(row["lead_agency"] for row in last.values())
    assert 0.64 < agencies["probation"] / 600 < 0.76
    assert 0.10 < agencies["police"] / 600 < 0.20
    assert 0.04 < agencies["yot"] / 600 < 0.12
    assert 0.04 < agencies["mental_health"] / 600 < 0.11
    sexual = {o.code for group, listed in OFFENCES.items() if group.endswith("sexual") for o in listed}
    terror = {o.code for o in OFFENCES["terror"]}
    offences = Counter(row["offence_code"] for row in last.values())
    assert 0.54 < sum(offences[code] for code in sexual) / 600 < 0.66
    assert 0.005 < sum(offences[code] for code in terror) / 600 < 0.05
    assert 0.40 < sum(row["location"] == "custody" for row in last.values()) / 600 < 0.50


def test_marks_before_release_fall_around_today(sound: list[Row]) -> None:
    """The 8 and 6 months before release, and a month before each; a few sentences are too short for any."""
    near, too_short = set(), set()
    for row in sound:
        release, sentence = released_on(row), known(row, "sentence_date")
        if row["location"] != "custody" or release is None:
            continue
        marks = [months_after(release, -months) for months in (6, 7, 8, 9)]
        if any(abs((mark - TODAY).days) <= 10 and mark >= sentence for mark in marks):
            near.add(row["crn"])
        if marks[0] <= sentence:
            too_short.add(row["crn"])
    assert 15 <= len(near) <= 40
    assert 3 <= len(too_short) <= 50


def test_some_sentences_are_from_the_last_three_days(sound: list[Row]) -> None:
    fresh = [row for row in sound if row["sentence_date"] >= (TODAY - timedelta(days=3)).isoformat()]
    assert 12 <= len(fresh) <= 22


def test_each_fault_is_named_with_its_line(written: DemoFiles) -> None:
    assert len(written.faults) == len(FAULTS)
    rows = read(written.sentences)
    seen: Counter[str] = Counter()
    for fault in written.faults:
        line, what = fault.removeprefix("line ").split(": ", 1)
        row = rows[int(line) - 2]
        seen[what.split(":")[0]] += 1
        if what.startswith("date_of_birth"):
            before = rows[int(line) - 3]
            assert before["crn"] == row["crn"]
            assert before["date_of_birth"] != row["date_of_birth"]
        elif what.endswith(("missing", "left blank (not a reject)")):
            assert all(row[column] == "" for column in what.split(":")[0].split(", "))
        elif what.startswith("offence_code"):
            assert row["offence_code"] in UNKNOWN_OFFENCES
        elif what.startswith("conditional_release_date"):
            assert row["conditional_release_date"] < row["sentence_date"]
        elif what.startswith("pnc_number"):
            pnc = row["pnc_number"]
            assert pnc[-1] != CHECK_LETTERS[int(pnc[2:4] + pnc[5:12]) % 23]
        elif what.startswith("disposal"):
            assert row["disposal"] not in DISPOSALS
        else:
            assert "@" not in row["offender_manager_email"]
    assert seen["offence_code"] == 4
    assert seen["offender_manager_email, line_manager_email"] == 3
    # Three left blank, two without a domain.
    assert seen["offender_manager_email"] == 5


def test_faults_only_where_they_are_named(written: DemoFiles) -> None:
    named = {int(fault.removeprefix("line ").split(":")[0]) for fault in written.faults}
    for line, row in enumerate(read(written.sentences), start=2):
        if line not in named:
            assert row["disposal"] in DISPOSALS
            assert row["offence_code"] not in UNKNOWN_OFFENCES
            assert row["surname"]
            assert "@" in row["offender_manager_email"]
            assert "@" in row["line_manager_email"]


def test_a_small_area_takes_only_the_faults_it_has_people_for(tmp_path: Path) -> None:
    assert len(write_area(tmp_path, today=TODAY, people=5).faults) == 5


def test_offence_codes_are_in_the_offences_table(sound: list[Row]) -> None:
    table = Path(__file__).parents[2] / "policy" / "data" / "offences.csv"
    listed = {row["offence_code"] for row in read(table)}
    assert {row["offence_code"] for row in sound} <= listed
    assert {offence.code for group in OFFENCES.values() for offence in group} <= listed
    assert not listed & set(UNKNOWN_OFFENCES)


def test_directory_holds_every_agency_and_leaves_one_prison_vacant(directory: list[Row]) -> None:
    current = [row for row in directory if not row["to"]]
    assert 3 <= len(directory) - len(current) <= 6
    assert all(row["from"] < (row["to"] or TODAY.isoformat()) <= TODAY.isoformat() for row in directory)
    roles = Counter((row["agency"], row["role"]) for row in current)
    agencies = {row["agency"] for row in current}
    assert len(agencies) == 23
    for agency in agencies - {"smb", "mappa_unit"}:
        assert roles[agency, "representative"] >= 1
        assert roles[agency, "senior_manager"] == 1
        # A general practice sits on no board.
        assert roles[agency, "smb_member"] == (agency != "general_practice")
    assert roles["smb", "smb_chair"] == 1
    assert roles["smb", "lay_adviser"] == 2
    assert all(roles["mappa_unit", r] for r in ("coordinator", "coordinator_manager", "administrator", "chair"))
    staffed = {row["unit"] for row in current if row["role"] == "prison_offender_management"}
    assert staffed == set(PRISONS) - {PRISON_WITHOUT_POST_HOLDER}


def test_line_managers_on_sentences_stand_in_the_directory(sound: list[Row], directory: list[Row]) -> None:
    managers = {(row["agency"], row["unit"], row["email"]) for row in directory if row["role"] == "line_manager"}
    assert {(row["lead_agency"], row["unit"], row["line_manager_email"]) for row in sound} <= managers
    held = Counter(row["email"] for row in directory)
    assert max(held.values()) == 1


def test_areas_that_share_a_database_number_their_people_apart() -> None:
    one = {row["crn"] for row in sentence_rows(today=TODAY, people=300, faults=False)}
    two = {row["crn"] for row in sentence_rows(today=TODAY, people=300, faults=False, first=300, area="East Vale")}
    assert not one & two
