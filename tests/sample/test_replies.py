"""The demo's answers to one meeting: accepted, declined, and one invitation that cannot be delivered."""

from pathlib import Path

from models.record import Record
from sample.replies import answer_today
from tasks import deliver, meetings, replies
from tasks.stage import run_stage
from tests.support.opened import with_mail_in
from tests.tasks.test_replies import NINE, answers, meeting, planned, told
from views.meetings import meetings as shown


def test_one_accepts_one_declines_and_one_invitation_comes_back(sqlite_record: Record, tmp_path: Path) -> None:
    story = planned(sqlite_record, tmp_path)
    said = answer_today(story.record, NINE)
    assert [line.partition(": of meeting 1, ")[2] for line in said] == [
        "probation accepts", "police declines", "prison does not get the e-mail",
    ]  # fmt: skip
    assert told(story) == [("answer", "recorded"), ("answer", "recorded"), ("returned", "recorded")]
    assert sorted(answer or "" for _, answer, _ in answers(story)) == ["accepted", "declined"]
    with story.record.reading() as session:
        [view] = shown(session)
        assert (view.accepted, view.declined, view.returned) == (["probation"], ["police"], ["prison"])
    # Whoever is invited in its place has the e-mail by the end of the same look, as in the demo.
    for stage in (replies.STAGE, meetings.STAGE, deliver.STAGE):
        run_stage(with_mail_in(story.record, tmp_path / "mail"), stage, NINE)
    with story.record.reading() as session:
        [view] = shown(session)
        assert view.returned == []


def test_where_no_meeting_is_ahead_nobody_answers(sqlite_record: Record, tmp_path: Path) -> None:
    story = planned(sqlite_record, tmp_path)
    assert answer_today(story.record, meeting(story).starts_at) == []
    assert told(story) == []
