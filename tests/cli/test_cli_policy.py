"""``mappa policy``: the numbers in force, and what a change would change."""

from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import AuditEntry
from models.record import Record
from tests.support.command_line import Mappa
from tests.support.story import DARREN, Story, write_csv

KENT = """
version = "KENT-1"
in_force_from = 2026-04-01
base = "P2012"
area = "Kent"

[timescales.referral]
offset = "-7 months"
source = "Kent SMB, decision of 4 March 2026"
"""


def test_the_numbers_come_with_source_and_status(mappa: Mappa) -> None:
    page = mappa("policy", "show").out
    for part in (
        "P2012",
        "-8 months",
        "Joint inspection 2015, 6.39",
        "confirmed",
        "eligibility.qualifying_months",
        "recalled",
        "-2 weeks",
        "smb_member",
    ):
        assert part in page


def test_json_is_the_policy_as_its_file_writes_it(mappa: Mappa) -> None:
    document = mappa("policy", "show", "--on", "2026-03-30", "--json").document
    assert document["asked_for"] == {"area": None, "on": "2026-03-30"}
    assert document["timescales"]["referral"]["from"] == "release_date"
    assert document["timescales"]["referral"]["rungs"][0] == {"at": "-1 month", "to": ["owner"], "weight": "reminder"}


def test_an_area_has_its_own_numbers_from_their_day_on(
    mappa: Mappa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "kent.toml").write_text(KENT, encoding="utf-8")
    monkeypatch.setenv("MAPPA_POLICY_DIR", str(tmp_path / "policies"))

    def version(*arguments: str) -> str:
        return str(mappa("policy", "show", "--json", *arguments).document["version"])

    assert version("--area", "Kent", "--on", "2026-04-01") == "KENT-1"
    assert version("--area", "Kent", "--on", "2026-03-31") == version("--on", "2026-04-01") == "P2012"


def test_a_check_shows_what_would_change_and_puts_nothing_in_force(mappa: Mappa, tmp_path: Path) -> None:
    file = tmp_path / "kent.toml"
    file.write_text(KENT, encoding="utf-8")
    answer = mappa("policy", "check", file, "--json")
    assert answer.code == 0
    assert answer.document == {
        "version": "KENT-1",
        "area": "Kent",
        "in_force_from": "2026-04-01",
        "compared_with": "P2012",
        "changes": [
            {"number": "timescales.referral.offset", "before": "-6 months", "after": "-7 months"},
            {
                "number": "timescales.referral.source",
                "before": "Joint inspection 2015, 4.11, 6.39: in custody, at least six months before release",
                "after": "Kent SMB, decision of 4 March 2026",
            },
        ],
    }
    assert "-7 months" in mappa("policy", "check", file).out
    assert mappa("policy", "show", "--area", "Kent", "--json").document["version"] == "P2012"


def test_a_changed_ladder_is_compared_rung_by_rung(mappa: Mappa, tmp_path: Path) -> None:
    file = tmp_path / "ladder.toml"
    rungs = (
        '[{ at = "due", to = ["owner"], weight = "reminder" }, { at = "+2W", to = ["chair"], weight = "escalation" }]'
    )
    file.write_text(
        f'version = "L"\nin_force_from = 2026-04-01\nbase = "P2012"\n[timescales.identification]\nrungs = {rungs}\n',
        encoding="utf-8",
    )
    changes = {
        c["number"]: (c["before"], c["after"]) for c in mappa("policy", "check", file, "--json").document["changes"]
    }
    assert changes == {
        "timescales.identification.rungs.+1W": ("coordinator (escalation)", None),
        "timescales.identification.rungs.+2W": (None, "chair (escalation)"),
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (KENT.replace("-7 months", "7 months"), "timescales.referral.offset"),
        (KENT.replace("offset", "ofset"), "timescales.referral.ofset"),
        (KENT.replace("P2012", "P1999"), "no policy has the version 'P1999'"),
        ("version = ", "not TOML"),
    ],
)
def test_a_wrong_change_ends_with_1_and_says_where(mappa: Mappa, tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "kent.toml"
    file.write_text(text, encoding="utf-8")
    answer = mappa("policy", "check", file)
    assert (answer.code, answer.out) == (1, "")
    assert complaint in answer.err
    assert "kent.toml" in answer.err


def test_a_change_may_build_on_the_overrides_in_force_and_be_one_of_them(
    mappa: Mappa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kent.toml").write_text(KENT, encoding="utf-8")
    second = tmp_path / "kent2.toml"
    second.write_text(KENT.replace("KENT-1", "KENT-2").replace("P2012", "KENT-1").replace("-7", "-9"), encoding="utf-8")
    monkeypatch.setenv("MAPPA_POLICY_DIR", str(tmp_path))
    for file, base in ((second, "KENT-1"), (tmp_path / "kent.toml", "P2012")):
        assert mappa("policy", "check", file, "--json").document["compared_with"] == base


def test_a_policy_that_cannot_be_used_stops_the_work_before_it_begins_and_nobody_who_looks(
    mappa: Mappa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kent.toml").write_text("version = ", encoding="utf-8")
    monkeypatch.setenv("MAPPA_POLICY_DIR", str(tmp_path))
    for words in (("tick",), ("run", "prompts"), ("policy", "show")):
        answer = mappa(*words)
        assert (answer.code, "kent.toml" in answer.err) == (1, True), answer
    assert mappa("timescales", "--json").document == []


@pytest.fixture
def caseload(mappa: Mappa, record: Record, tmp_path: Path) -> Story:
    """Darren's referral is due six months before his release on 12 March 2027, by the shipped policy."""
    file = write_csv(tmp_path / "sentences.csv", [DARREN | {"area": "Kent"}])
    for words in (("load", "sentences", file), ("tick",)):
        assert mappa(*words, "--as-at", "2026-06-01").code == 0
    return Story(record, tmp_path, directory=[])


def test_a_change_is_tried_and_adopted(
    mappa: Mappa, caseload: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, folder = tmp_path / "kent.toml", tmp_path / "policies"
    file.write_text(KENT, encoding="utf-8")
    on = ("--as-at", "2026-06-15T09:00")
    tried = mappa("policy", "try", file, *on, "--json").document
    assert [(one["kind"], one["due_on"], one["would_be_due_on"], one["days"]) for one in tried["changed"]] == [
        ("referral", "2026-09-12", "2026-08-12", -31)
    ]
    assert "1 of " in mappa("policy", "try", file, *on).out
    # There has to be a folder for it.
    refused = mappa("policy", "adopt", file, "--recompute", *on)
    assert (refused.code, "MAPPA_POLICY_DIR is not set" in refused.err) == (2, True)
    folder.mkdir()
    monkeypatch.setenv("MAPPA_POLICY_DIR", str(folder))
    assert mappa("policy", "adopt", file, "--recompute", *on, "--json").document == {
        "version": "KENT-1", "area": "Kent", "in_force_from": "2026-04-01", "cases_changed": 1,
    }  # fmt: skip
    assert [one.name for one in folder.iterdir()] == ["kent.toml"]
    assert caseload.owed("referral") == [("2026-08-12", "open", None)]
    with caseload.record.reading() as session:
        said = select(AuditEntry.chain, AuditEntry.subject).where(AuditEntry.action == "policy-adopted")
        assert session.execute(said).all() == [("policy", "KENT-1")]
    again = mappa("policy", "adopt", file, *on)
    assert again.code == 1
    assert "is there already: give your file another name and version" in again.err


def test_a_change_that_begins_later_re_dates_nothing_yet(
    mappa: Mappa, caseload: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policies").mkdir()
    monkeypatch.setenv("MAPPA_POLICY_DIR", str(tmp_path / "policies"))
    file = tmp_path / "kent.toml"
    file.write_text(KENT.replace("2026-04-01", "2026-09-01"), encoding="utf-8")
    done = mappa("policy", "adopt", file, "--recompute", "--as-at", "2026-06-15")
    assert "It begins on Tuesday 1 September 2026: run mappa recompute on that day." in done.out
    assert caseload.owed("referral") == [("2026-09-12", "open", None)]
