"""Whose data need not be kept any longer: to the day, by the policy of the area, and never somebody with a case.

And erasing them: asked for, answered, and nothing that looks at an erased case stumbles.
"""

from datetime import date
from pathlib import Path

import pytest

from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models.record import Record
from tests.conftest import EPOCH
from tests.support import rows
from tests.support.command_line import Mappa
from tests.support.lifetime import CASE, CRN, ONE_YEAR, one_of_everything

TEN_YEARS = """
version = "LON-KEEP"
in_force_from = 2026-01-01
base = "P2012"
area = "London"
[retention]
closed_cases_years = 10
source = "decided by the Strategic Management Board of London"
status = "default"
"""


LOOKS = (
    f"case show {CASE}", "case closed", "timescales", "prompts", "problems", "messages", "referrals", "meetings",
    "actions", "absences", "drafts", "disclosures", "events", "orders", "transfers", "metrics",
)  # fmt: skip
DOCUMENTS = (f"plan {CASE}", f"minutes --crn {CASE} --meeting 1", f"papers --crn {CASE} --meeting 1")


@pytest.fixture
def closed(record: Record) -> None:
    """One person closed in London, one in Kent, one who came back, one whose second case was closed later."""
    first, second, back, twice = date(2020, 2, 29), date(2024, 6, 1), date(2019, 1, 1), date(2018, 1, 1)
    with record.writing() as session:
        rows.case(session, rows.person(session), closed_on=first)
        rows.case(session, rows.person(session, "X100002"), "KEN-2026-000001", area="Kent", closed_on=first)
        returned = rows.person(session, "X100003")
        rows.case(session, returned, "LON-2026-000003", closed_on=back)
        rows.case(session, returned, "LON-2026-000004")
        again = rows.person(session, "X100005")
        rows.case(session, again, "LON-2026-000005", closed_on=twice)
        rows.case(session, again, "LON-2026-000006", closed_on=second)
    record.close()


def listed(mappa: Mappa, day: str, *more: str) -> list[tuple[str, str]]:
    return [(one["case"], one["past_since"]) for one in mappa("retention", "--as-at", day, "--json", *more).document]


def test_the_shipped_policy_keeps_for_ever(mappa: Mappa, closed: None) -> None:
    assert listed(mappa, "2199-01-01") == []
    assert "nobody is past their retention period" in mappa("retention").out


def test_an_area_that_decided_otherwise_is_told_whom_to_the_day(
    mappa: Mappa, closed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "london.toml").write_text(TEN_YEARS)
    monkeypatch.setenv("MAPPA_POLICY_DIR", str(tmp_path / "policies"))
    assert listed(mappa, "2030-02-27") == []
    assert listed(mappa, "2030-02-28") == [("LON-2026-000001", "2030-02-28")]
    assert listed(mappa, "2034-06-01") == [("LON-2026-000001", "2030-02-28"), ("LON-2026-000006", "2034-06-01")]
    assert listed(mappa, "2034-06-01", "--area", "Kent") == []


@pytest.fixture
def past(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person with one of everything whose case is closed, where the area keeps it for a year."""
    ensure_calendar(record, EPOCH)
    ensure_offences(record, EPOCH)
    one_of_everything(record, tmp_path)
    record.close()
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "london.toml").write_text(ONE_YEAR)
    monkeypatch.setenv("MAPPA_POLICY_DIR", str(tmp_path / "policies"))


def test_erasing_asks_first_and_a_no_leaves_everything(mappa: Mappa, past: None) -> None:
    answer = mappa("retention", "--erase", "--as-at", "2027-12-10", input="n\n")
    assert answer.code == 1
    assert "Erase the data of 1 people? You cannot undo this." in answer.err
    assert listed(mappa, "2027-12-10") == [(CASE, "2027-12-10")]
    assert mappa("retention", "--yes").code == 2


def test_a_yes_erases_and_says_how_many(mappa: Mappa, past: None) -> None:
    answer = mappa("retention", "--erase", "--as-at", "2027-12-10", "--by", "Keeper", input="y\n")
    assert "erased: 1 people with 1 cases" in answer.out
    assert listed(mappa, "2027-12-10") == []
    again = mappa("retention", "--erase", "--as-at", "2027-12-10", "--json")
    assert again.document == {"people": 0, "cases": 0}
    assert "the audit trail is intact" in mappa("audit", "verify").out


def test_all_cases_of_a_person_are_erased_and_nobody_else(
    mappa: Mappa, closed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "london.toml").write_text(TEN_YEARS)
    monkeypatch.setenv("MAPPA_POLICY_DIR", str(tmp_path / "policies"))
    words = ("retention", "--erase", "--yes", "--as-at", "2034-06-01", "--json")
    assert mappa(*words, "--area", "Kent").document == {"people": 0, "cases": 0}
    assert mappa(*words).document == {"people": 2, "cases": 3}
    left = {one["case"]: one["crn"] for one in mappa("case", "closed", "--json").document}
    erased = {"LON-2026-000001": "-000001", "LON-2026-000005": "-000004", "LON-2026-000006": "-000004"}
    assert left == erased | {"KEN-2026-000001": "X100002", "LON-2026-000003": "X100003"}


def test_the_shipped_policy_erases_nobody(mappa: Mappa, closed: None) -> None:
    assert mappa("retention", "--erase", "--yes", "--as-at", "2199-01-01", "--json").document["people"] == 0


def test_whoever_looks_at_an_erased_case_finds_what_is_left(mappa: Mappa, past: None) -> None:
    mappa("retention", "--erase", "--yes", "--as-at", "2027-12-10")
    for words in (*LOOKS, *DOCUMENTS):
        answer = mappa(*words.split())
        assert not [word for word in ("Darren", "Uma", "uncle", CRN) if word in answer.out + answer.err], words
        assert answer.code == (1 if words in DOCUMENTS else 0), (words, answer.err)
        assert ("were erased" in answer.err) == (words in DOCUMENTS)
