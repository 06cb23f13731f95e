"""The board's agenda and its actions: an item or an action a row, which a later file corrects or takes out."""

from pathlib import Path

import pytest
from sqlalchemy import select

from casework.loading import LoadReport, load_board_actions, load_board_agenda
from models.audit import AuditEntry
from models.audit_seals import verify
from models.board_business import AgendaItem, BoardAction
from models.record import Record
from tests.support.story import Story, at, write_csv

TODAY = "2026-06-15"
ITEM = {"area": "London", "date": "2026-09-09", "number": "1", "item": "Level 1 sample"}
ACTION = {"area": "London", "date": "2026-06-10", "number": "1", "action": "Report the voids", "owner": "Harriet Ex",
          "agency": "housing", "due_date": "2026-09-09"}  # fmt: skip
DONE = {**ACTION, "done_on": "2026-06-14", "outcome": "Two flats were found."}


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return Story(record, tmp_path)


def loaded(story: Story, load, *rows: dict[str, str], **more) -> LoadReport:
    path = write_csv(story.folder / "board.csv", list(rows))
    return load(story.record, path, as_at=at(TODAY), actor="loader", rejects=story.folder / "rejects.csv", **more)


def the_actions(story: Story) -> list[tuple[int, str, str | None, str | None]]:
    with story.record.reading() as session:
        assert list(verify(session)) == []
        found = session.scalars(select(BoardAction).order_by(BoardAction.number))
        return [(one.number, f"{one.due_on}", one.done_on and f"{one.done_on}", one.outcome) for one in found]


def entries(story: Story) -> list[tuple[str, str]]:
    with story.record.reading() as session:
        query = select(AuditEntry).where(AuditEntry.chain == "board/London").order_by(AuditEntry.seq)
        return [(entry.action, entry.subject) for entry in session.scalars(query)]


def test_an_action_is_set_done_and_never_lost_again(story: Story) -> None:
    """The same file twice changes nothing; one that has no outcome takes none away (an action has one: 5.11)."""
    assert loaded(story, load_board_actions, ACTION).added == 1
    assert loaded(story, load_board_actions, {**ACTION, "area": "LONDON"}).unchanged == 1
    told = loaded(story, load_board_actions, DONE).changes
    assert told == [
        "line 2: board action 2026-06-10 1 of London: done_on: None -> 2026-06-14; outcome: None -> Two flats were "
        "found."
    ]
    assert loaded(story, load_board_actions, ACTION).unchanged == 1
    assert the_actions(story) == [(1, "2026-09-09", "2026-06-14", "Two flats were found.")]
    assert entries(story) == [("board-action-loaded", "board action 2026-06-10 1")] * 2


def test_a_row_that_was_loaded_by_mistake_is_taken_out(story: Story) -> None:
    loaded(story, load_board_actions, ACTION, {**ACTION, "number": "2"})
    gone = {**ACTION, "withdrawn": "yes"}
    assert loaded(story, load_board_actions, gone).changes == ["line 2: board action 2026-06-10 1 of London: withdrawn"]
    assert loaded(story, load_board_actions, gone).unchanged == 1
    assert [number for number, *_ in the_actions(story)] == [2]
    assert entries(story)[-1] == ("board-action-withdrawn", "board action 2026-06-10 1")


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"owner": "all agencies"}, "owner", "'all agencies' is not one person: name the member who does it"),
        ({"due_date": "2026-06-09"}, "due_date", "2026-06-09 is before the meeting of 2026-06-10"),
        ({"done_on": "2026-06-14"}, "outcome", "say what came of it: that it was done is no outcome"),
        ({"outcome": "Found"}, "done_on", "say on which day it was done, or leave the outcome out"),
        ({"agency": "guild"}, "agency", "'guild' is not one of"),
        ({"number": "0"}, "number", "'0' is not a number from 1 to 999, such as 3"),
        ({"date": "2026-06-16", "due_date": "2026-06-16"}, "date", "is in the future"),
    ],
)
def test_what_is_wrong_with_an_action_is_said(story: Story, changes, column: str, reason: str) -> None:
    report = loaded(story, load_board_actions, {**ACTION, **changes}, {**ACTION, "number": "2"})
    assert (report.added, report.rejected) == (1, 1)
    [reject] = report.rejects
    assert (reject.column, reason in reject.reason) == (column, True)


def test_two_rows_of_one_file_that_differ_are_told(story: Story) -> None:
    report = loaded(story, load_board_actions, ACTION, {**ACTION, "due_date": "2026-12-09"})
    assert report.warnings == ["lines 2 and 3 tell board action 2026-06-10 1 differently; the later one stands"]
    assert the_actions(story) == [(1, "2026-12-09", None, None)]


def test_an_agenda_comes_before_its_meeting_and_the_decisions_after(story: Story) -> None:
    """9 September is ahead of 15 June: an agenda is made before anybody can have come."""
    assert loaded(story, load_board_agenda, ITEM, {**ITEM, "number": "2", "item": "Training"}).added == 2
    decided = {**ITEM, "decision": "Ten cases a quarter are enough."}
    assert loaded(story, load_board_agenda, decided, dry_run=True).changed == 1
    assert loaded(story, load_board_agenda, decided).changed == 1
    with story.record.reading() as session:
        found = session.scalars(select(AgendaItem).order_by(AgendaItem.number))
        assert [(one.item, one.decision) for one in found] == [
            ("Level 1 sample", "Ten cases a quarter are enough."), ("Training", None),
        ]  # fmt: skip


def test_nobody_loads_for_another_area(story: Story) -> None:
    loaded(story, load_board_agenda, ITEM)
    report = loaded(story, load_board_agenda, {**ITEM, "number": "2"}, areas=["Norfolk"])
    assert "is not an area for which you may load" in report.rejects[0].reason
