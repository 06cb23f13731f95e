"""``mappa report board``: what it prints and writes, and what it refuses."""

from pathlib import Path

import pytest

from models.record import Record
from tests.figures.board.by_hand import fill
from tests.support.command_line import Mappa

QUARTER = ("report", "board", "--area", "London", "--quarter", "2027-Q2", "--as-at", "2026-10-01")


@pytest.fixture
def filled(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        fill(session)


@pytest.mark.usefixtures("filled")
class TestBoard:
    """On the small area that is worked by hand in ``tests.figures.board``."""

    def test_json_tells_what_is_held_back_from_what_has_no_data(self, mappa: Mappa) -> None:
        pack = mappa(*QUARTER, "--json").document
        assert (pack["period"], pack["counted_to"], pack["fewer_than"], pack["held_back"]) == (
            "2027-Q2", "2026-09-30", 0, [],
        )  # fmt: skip
        assert [one["id"] for one in pack["lists"]] == ["escalated_cases", "longest_cases", "sampled_cases"]
        assert pack["lists"][1]["cases"][0] == {
            "case": "LON-2026-000007", "level": "1", "agency": "Probation", "unit": "Camden",
            "last": "None since 1 March 2025", "weeks": "82",
        }  # fmt: skip
        lay = mappa(*QUARTER, "--lay-adviser", "--json").document
        tables = {one["id"]: one["cells"] for one in lay["tables"]}
        assert (lay["lists"], lay["fewer_than"], lay["seeds"]) == ([], 5, pack["seeds"])
        assert "overdue.total.total" in lay["held_back"]
        assert tables["overdue"]["total"]["total"] is None
        assert "indicators.referral.counted" not in lay["held_back"]
        assert tables["indicators"]["referral"]["counted"] is None

    def test_it_is_printed_and_written(self, mappa: Mappa, tmp_path: Path) -> None:
        printed = mappa(*QUARTER).out
        assert "- 2 escalations are open. 1 has reached the SMB Chair.\n" in printed
        assert "- 4 pieces of work are overdue, 1 by more than 26 weeks.\n" in printed
        answer = mappa(*QUARTER, "--html", tmp_path / "pack.html", "--csv", tmp_path / "sheets")
        assert answer.out.startswith(f"written: {tmp_path / 'pack.html'}\n")
        assert (tmp_path / "sheets" / "longest_cases.csv").exists()

    def test_a_number_names_its_cases_but_not_to_a_lay_adviser(self, mappa: Mappa) -> None:
        [one] = mappa(*QUARTER, "--explain", "overdue.minutes.total", "--json").document
        assert one == {
            "case": "LON-2026-000002", "crn": "X100002", "counts": True,
            "why": "Minutes: due on 25 August 2026, 37 days overdue",
        }  # fmt: skip
        refused = mappa(*QUARTER, "--lay-adviser", "--explain", "overdue.minutes.total")
        assert (refused.code, "names no case" in refused.err, refused.out) == (2, True, "")

    def test_a_seed_draws_the_sample_again(self, mappa: Mappa) -> None:
        assert mappa(*QUARTER, "--seed", "7", "--json").document["seeds"] == {"London": 7}
        assert mappa(*QUARTER, "--seed", "-1").code == 2


def test_what_is_no_quarter_or_has_not_begun_is_refused(mappa: Mappa, sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        fill(session)
    year, later = ("2027", "2028-Q1")
    for quarter, told in ((year, "is no quarter"), (later, "no day of the period has ended yet")):
        answer = mappa("report", "board", "--area", "London", "--quarter", quarter, "--as-at", "2026-10-01")
        assert answer.code == 2
        assert told in answer.err
