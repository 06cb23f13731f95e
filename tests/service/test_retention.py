"""Whose data need not be kept any longer: to the day, by the policy of the area, and never somebody with a case."""

from datetime import date
from pathlib import Path

import pytest

from models.record import Record
from tests.service.conftest import Mappa
from tests.support import rows

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
    assert "nobody is past the retention" in mappa("retention").out


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
