"""Meetings of the board: who was invited and who came, a row each, which a later file corrects or takes out."""

from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.loading import LoadReport, load_board_meetings
from models.audit import AuditEntry
from models.audit_seals import verify
from models.board_meetings import BoardMeeting
from models.record import Record
from tests.support.story import Story, at, write_csv

TODAY = "2026-06-15"
HOUSING = {"area": "London", "date": "2026-06-10", "agency": "housing", "attendance": "attended", "name": "Harriet Ex"}
POLICE = {**HOUSING, "agency": "police", "attendance": "absent", "name": ""}
LAY = {**HOUSING, "agency": "smb", "name": "Lay Ex"}


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return Story(record, tmp_path)


def loaded(story: Story, *rows: dict[str, str], dry_run: bool = False, areas: list[str] | None = None) -> LoadReport:
    path = write_csv(story.folder / "board.csv", list(rows))
    return load_board_meetings(story.record, path, as_at=at(TODAY), actor="loader", dry_run=dry_run, areas=areas,
                               rejects=story.folder / "rejects.csv")  # fmt: skip


def on_record(story: Story) -> list[tuple[str, str, str, str, str, bool]]:
    with story.record.reading() as session:
        assert list(verify(session)) == []
        meetings = session.scalars(select(BoardMeeting).order_by(BoardMeeting.area, BoardMeeting.held_on))
        return [
            (meeting.area, f"{meeting.held_on}", one.agency, one.name, one.attendance, one.has_duty)
            for meeting in meetings
            for one in meeting.invitations
        ]


def actions(story: Story) -> list[tuple[str, str]]:
    with story.record.reading() as session:
        entries = select(AuditEntry).where(AuditEntry.chain == "board/London").order_by(AuditEntry.seq)
        return [(entry.action, (entry.after or entry.before or {})["agency"]) for entry in session.scalars(entries)]


BOTH = [
    ("London", "2026-06-10", "housing", "Harriet Ex", "attended", True),
    ("London", "2026-06-10", "police", "", "absent", True),
]


def test_a_file_goes_in_once_in_any_order_and_any_spelling(story: Story) -> None:
    assert loaded(story, HOUSING, POLICE).added == 2
    again = loaded(story, {**POLICE, "area": "LONDON"}, {**HOUSING, "name": "HARRIET EX"})
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert on_record(story) == BOTH
    assert actions(story) == [("board-meeting-loaded", "housing"), ("board-meeting-loaded", "police")]


def test_a_lay_adviser_is_on_record_and_has_no_duty_to_co_operate(story: Story) -> None:
    """CJA 2003 s.325(6) names who has the duty; lay advisers are appointed under s.326."""
    loaded(story, LAY)
    assert on_record(story) == [("London", "2026-06-10", "smb", "Lay Ex", "attended", False)]


def test_a_later_file_corrects_a_row_and_takes_out_what_was_told_in_error(story: Story) -> None:
    loaded(story, HOUSING, POLICE)
    corrected = loaded(story, {**POLICE, "attendance": "apologies"})
    assert corrected.changes == ["line 2: police on 2026-06-10 in London: absent -> apologies"]
    gone = {**HOUSING, "attendance": "withdrawn"}
    assert loaded(story, gone, {**POLICE, "attendance": "withdrawn"}).changed == 2
    assert on_record(story) == []
    assert loaded(story, gone).unchanged == 1
    assert actions(story)[-2:] == [("board-invitation-withdrawn", "housing"), ("board-invitation-withdrawn", "police")]
    with story.record.reading() as session:
        assert session.scalars(select(BoardMeeting.id)).all() == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_the_rows_does_not_matter(story: Story, order: tuple[int, ...]) -> None:
    loaded(story, {**HOUSING, "name": "By mistake"})
    rows = ({**HOUSING, "name": "By mistake", "attendance": "withdrawn"}, HOUSING, POLICE)
    loaded(story, *(rows[place] for place in order))
    assert on_record(story) == BOTH


def test_two_rows_that_tell_one_invitation_differently_are_both_rejected(story: Story) -> None:
    report = loaded(story, HOUSING, POLICE, {**HOUSING, "attendance": "absent"})
    assert [(one.line, one.reason) for one in report.rejects] == [
        (line, "lines 2 and 4 tell the same invitation differently; neither went in") for line in (2, 4)
    ]
    assert on_record(story) == BOTH[1:]
    assert len((story.folder / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()) == 3


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"date": "2026-06-16"}, "2026-06-16 is in the future; a fact has happened by 2026-06-15"),
        ({"attendance": "late"}, "'late' is not one of attended, apologies, absent, withdrawn"),
        ({"agency": ""}, "is empty; enter a value"),
        ({"area": "Kent"}, "'Kent' is not an area for which you may load; yours: London"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused(story: Story, changes: dict[str, str], because: str) -> None:
    report = loaded(story, {**HOUSING, **changes}, areas=["London"])
    assert [reject.reason for reject in report.rejects] == [because]
    assert on_record(story) == []


def test_a_dry_run_leaves_nothing(story: Story) -> None:
    assert loaded(story, HOUSING, dry_run=True).added == 1
    assert on_record(story) == []
