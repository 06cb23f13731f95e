"""What comes back of e-mails reaches the record, each e-mail once whatever dies in between, and nothing else does."""

import signal
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.documents.papers import write_papers
from models.audit import AuditEntry
from models.audit_seals import verify
from models.cases import Problem
from models.checkpoints import REPLY_POINTS
from models.meetings import Meeting, Participant
from models.obligations import Message, Prompt
from models.record import Record
from models.replies import MeetingAnswer, ReceivedMail
from tasks import deliver, meetings, replies
from tasks.stage import StageReport, run_stage, what_waits
from tests.notifications.inbox.mails import answer, calendar, out_of_office, report
from tests.support.imap_box import ImapBox
from tests.support.killed import work
from tests.support.opened import with_mail_in
from tests.support.story import CORA, DARREN, MEETING_DIRECTORY, RAE, Story, at, form
from tests.support.told_once import told_once
from views.meetings import meetings as shown

PLANNED = "2026-09-21"
NINE = at(PLANNED, 9)
"""Monday 21 September 2026, 09:00. The invitations have left at eight."""


@told_once
def planned(record: Record, folder: Path) -> Story:
    """A case at level 2 with a meeting planned, and probation, police and prison on its list."""
    story = Story(record, folder, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.record_fact("level", "2026-09-18", level=2, reason="High risk; agencies must work together.")
    story.record_fact("meeting-plan", PLANNED, **form("meeting-plan"))
    run_stage(story.record, meetings.STAGE, at(PLANNED))
    run_stage(with_mail_in(story.record, folder / "mail"), deliver.STAGE, at(PLANNED))
    return story


@pytest.fixture
def invited(record: Record, tmp_path: Path) -> Story:
    return planned(record, tmp_path)


@pytest.fixture
def on_sqlite(sqlite_record: Record, tmp_path: Path) -> Story:
    return planned(sqlite_record, tmp_path)


def meeting(story: Story) -> Meeting:
    with story.record.reading() as session:
        found = session.scalars(select(Meeting)).one()
        session.expunge(found)
        return found


def event(story: Story, **values: Any) -> dict[str, Any]:
    """An answer of the police's representative to the meeting as it stands."""
    now = meeting(story)
    return {"uid": now.uid, "sequence": now.sequence, "attendee": RAE, "stamp": "20260921T075900Z"} | values


def read(story: Story, box: ImapBox, as_at: datetime = NINE) -> StageReport:
    return run_stage(reading(story, box), replies.STAGE, as_at)


def reading(story: Story, box: ImapBox, **more: Any) -> Record:
    return story.record.with_settings(box.settings(**more))


def told(story: Story) -> list[tuple[str, str]]:
    with story.record.reading() as session:
        assert list(verify(session)) == []
        return [(one.kind, one.outcome) for one in session.scalars(select(ReceivedMail).order_by(ReceivedMail.id))]


def answers(story: Story) -> list[tuple[str, str | None, bool]]:
    with story.record.reading() as session:
        rows = session.scalars(select(MeetingAnswer).order_by(MeetingAnswer.email)).all()
        return [(row.email, row.answer, row.away_at is not None) for row in rows]


def lines(story: Story, word: str) -> list[str]:
    """To whom something was announced."""
    with story.record.reading() as session:
        return list(session.scalars(select(Prompt.recipient).where(Prompt.rung.startswith(word)).order_by(Prompt.id)))


def invitation_id(story: Story, address: str) -> str:
    with story.record.reading() as session:
        query = select(Message.header_id).where(Message.recipient == address, Message.kind == "invitation")
        return session.scalars(query).one().strip("<>").partition("@")[0]


def test_an_agency_that_must_come_declines_and_the_coordinator_hears_of_it_in_the_digest(invited: Story) -> None:
    with ImapBox(answer(RAE, **event(invited))) as box:
        report_of = read(invited, box)
    assert [one.detail for one in report_of.outcomes] == ["1 answer recorded"]
    assert answers(invited) == [(RAE, "declined", False)]
    assert lines(invited, "declined") == [CORA]
    run_stage(with_mail_in(invited.record, invited.folder / "digest"), deliver.STAGE, NINE)
    [digest] = [
        mail
        for path in (invited.folder / "digest").iterdir()
        if (mail := message_from_bytes(path.read_bytes(), policy=policy.default))["To"] == CORA
    ]
    text = digest.get_body(("plain",)).get_content()
    # The form of the plan has the meeting on Wednesday 14 October 2026 at 10:00.
    assert "Police has declined the meeting on Wednesday 14 October, 10:00." in " ".join(text.split())
    assert "Ask the agency who comes instead, or for a written report." in " ".join(text.split())
    with invited.record.reading() as session:
        [view] = shown(session)
        assert (view.accepted, view.declined, view.away) == ([], ["police"], [])
        papers, _ = write_papers(session, session.scalars(select(Meeting)).one())
        assert "Declined" in papers
        said = session.scalars(select(AuditEntry).where(AuditEntry.action == "invitation-answered")).one()
        assert (said.actor, said.before, said.after) == (
            "flow replies", {"answer": None}, {"agencies": ["police"], "answer": "declined"},
        )  # fmt: skip


def test_the_last_answer_counts_and_one_that_comes_late_by_the_post_does_not(invited: Story) -> None:
    declined = answer(RAE, "<1@x>", **event(invited))
    accepted = answer(RAE, "<2@x>", **event(invited, partstat="ACCEPTED", stamp="20260921T075930Z"))
    older = answer(RAE, "<3@x>", **event(invited, partstat="TENTATIVE", stamp="20260921T075915Z"))
    with ImapBox(declined, accepted, older) as box:
        read(invited, box)
    assert answers(invited) == [(RAE, "accepted", False)]
    assert told(invited) == [("answer", "recorded"), ("answer", "recorded"), ("answer", "too_late")]
    with invited.record.reading() as session:
        [view] = shown(session)
        assert (view.accepted, view.declined) == (["police"], [])


def test_a_meeting_that_moves_is_answered_anew(on_sqlite: Story) -> None:
    before = event(on_sqlite)
    with ImapBox(answer(RAE, "<1@x>", **event(on_sqlite, partstat="ACCEPTED"))) as box:
        read(on_sqlite, box)
        on_sqlite.record_fact("meeting-move", "2026-09-22", **form("meeting-move"))
        run_stage(on_sqlite.record, meetings.STAGE, at("2026-09-22", 10))
        with on_sqlite.record.reading() as session:
            [view] = shown(session)
            assert view.accepted == []
        box.put(answer(RAE, "<2@x>", **before | {"partstat": "DECLINED", "stamp": "20260922T100000Z"}))
        read(on_sqlite, box, at("2026-09-22", 12))
        assert told(on_sqlite)[-1] == ("answer", "too_late")
        box.put(answer(RAE, "<3@x>", **event(on_sqlite, partstat="TENTATIVE", stamp="20260922T103000Z")))
        read(on_sqlite, box, at("2026-09-22", 13))
    with on_sqlite.record.reading() as session:
        [view] = shown(session)
        assert (view.accepted, view.tentative) == ([], ["police"])
    assert lines(on_sqlite, "declined") == []


def test_whoever_is_not_invited_and_whatever_is_not_known_changes_nothing(on_sqlite: Story) -> None:
    strangers = [
        answer("stranger@x.example", "<1@x>", **event(on_sqlite)),
        answer(RAE, "<2@x>", **event(on_sqlite, attendee="stranger@x.example")),
        answer("stranger@x.example", "<3@x>", **event(on_sqlite, attendee="stranger@x.example")),
        answer(RAE, "<4@x>", **event(on_sqlite, uid="0" * 32)),
        out_of_office("stranger@x.example", f"<{invitation_id(on_sqlite, RAE)}@mappa.local>"),
        out_of_office(RAE, f"<{'0' * 32}@mappa.local>", "X-Autoreply: yes"),
        report(RAE, about=f"<{'0' * 32}@mappa.local>", message_id="<7@x>"),
        report("stranger@x.example", about=f"<{invitation_id(on_sqlite, RAE)}@mappa.local>", message_id="<8@x>"),
        report(RAE, "delayed", about=f"<{invitation_id(on_sqlite, RAE)}@mappa.local>", message_id="<9@x>"),
        b"From: somebody@x.example\r\nSubject: A question\r\n\r\nWho chairs?",
        answer(RAE, "<11@x>", text=calendar().replace("SEQUENCE:0", "SEQUENCE:x")),
    ]
    with ImapBox(*strangers) as box:
        read(on_sqlite, box)
    assert told(on_sqlite) == [
        ("answer", "unknown_sender"), ("answer", "unknown_sender"), ("answer", "unknown_sender"),
        ("answer", "unknown_subject"), ("automatic", "unknown_sender"), ("automatic", "unknown_subject"),
        ("returned", "unknown_subject"), ("returned", "unknown_sender"), ("returned", "left_alone"),
        ("other", "left_alone"), ("unreadable", "left_alone"),
    ]  # fmt: skip
    assert answers(on_sqlite) == []
    with on_sqlite.record.reading() as session:
        assert set(session.scalars(select(Message.state).where(Message.kind == "invitation"))) == {"sent"}


def test_after_the_meeting_nothing_is_answered_any_more(on_sqlite: Story) -> None:
    with ImapBox(answer(RAE, **event(on_sqlite))) as box:
        read(on_sqlite, box, at("2026-10-14", 11))
    assert (told(on_sqlite), answers(on_sqlite)) == ([("answer", "too_late")], [])


def test_out_of_office_is_told_on_the_meeting_and_is_no_answer(invited: Story) -> None:
    with ImapBox(out_of_office(RAE, f"<{invitation_id(invited, RAE)}@mappa.local>")) as box:
        read(invited, box)
    assert answers(invited) == [(RAE, None, True)]
    with invited.record.reading() as session:
        [view] = shown(session)
        assert (view.declined, view.away) == ([], ["police"])
        papers, _ = write_papers(session, session.scalars(select(Meeting)).one())
        assert "Automatic reply on Monday 21 September 2026" in papers
    assert lines(invited, "declined") == []


def test_an_invitation_that_comes_back_goes_to_somebody_else_of_the_agency(invited: Story) -> None:
    with ImapBox(report(RAE, about=f"<{invitation_id(invited, RAE)}@mappa.local>")) as box:
        # The report marks the address; the next look tells those further up.
        assert [one.result for one in read(invited, box).outcomes] == ["done", "done"]
    with invited.record.reading() as session:
        gone = session.scalars(select(Message).where(Message.recipient == RAE)).one()
        assert (gone.state, gone.reason) == ("dead", "it came back: 5.1.1")
        [view] = shown(session)
        assert view.returned == ["police"]
    run_stage(invited.record, meetings.STAGE, at(PLANNED, 10))
    with invited.record.reading() as session:
        police = select(Participant.email).where(Participant.agency == "police")
        [instead] = session.scalars(police)
        [view] = shown(session)
        assert view.returned == []
    assert instead not in (RAE, None)
    assert instead in lines(invited, "invitation")
    assert len(lines(invited, "returned")) == 1


@pytest.mark.parametrize("occurrence", [1, 2])
@pytest.mark.parametrize("point", REPLY_POINTS[:-1])
def test_killed_between_reading_and_recording_each_e_mail_counts_once(
    invited: Story, point: str, occurrence: int
) -> None:
    mails = [
        answer(RAE, "<1@x>", **event(invited)),
        out_of_office(RAE, f"<{invitation_id(invited, RAE)}@mappa.local>"),
        answer("stranger@x.example", "<3@x>", **event(invited)),
    ]
    url = invited.record.engine.url.render_as_string(hide_password=False)
    with ImapBox(*mails) as box:
        variables = {f"MAPPA_{name.upper()}": str(value) for name, value in box.variables.items() if value is not None}
        invited.record.close()
        dies = 0 if (point, occurrence) == ("replies.read", 2) else -signal.SIGKILL
        assert work(url, "replies", NINE, point, occurrence, **variables) == dies
        assert work(url, "replies", NINE, **variables) == 0
        # As if the mailbox had been made anew: the same messages under other numbers.
        box.uid_validity = 8
        assert work(url, "replies", NINE + timedelta(minutes=6), **variables) == 0
    assert told(invited) == [("answer", "recorded"), ("automatic", "recorded"), ("answer", "unknown_sender")]
    assert answers(invited) == [(RAE, "declined", True)]
    assert lines(invited, "declined") == [CORA]


def test_a_mailbox_that_does_not_answer_is_a_problem_that_rests_and_ends(on_sqlite: Story) -> None:
    def problem() -> tuple[str, bool]:
        with on_sqlite.record.reading() as session:
            [one] = session.scalars(select(Problem).where(Problem.stage == "replies"))
            return one.reason, one.resolved_at is None

    def waits(minutes: int) -> bool:
        record = reading(on_sqlite, box, imap_timeout_seconds=0.2)
        return what_waits(record, replies.STAGE, NINE + timedelta(minutes=minutes)) == ["mailbox"]

    with ImapBox(mode="hang") as box:
        failed = run_stage(reading(on_sqlite, box, imap_timeout_seconds=0.2), replies.STAGE, NINE)
        assert [one.result for one in failed.outcomes] == ["failed"]
        assert problem() == ("the mail server does not answer in time", True)
        assert [waits(minutes) for minutes in (0, 4, 5)] == [False, False, True]
        box.mode = "ok"
        read(on_sqlite, box, NINE + timedelta(minutes=5))
        assert problem() == ("the mail server does not answer in time", False)
        # It is read every five minutes.
        assert [waits(minutes) for minutes in (5, 9, 10)] == [False, False, True]


def test_without_a_mailbox_nothing_waits_and_a_run_for_one_area_leaves_it_out(on_sqlite: Story) -> None:
    assert what_waits(on_sqlite.record, replies.STAGE, NINE) == []
    with ImapBox() as box:
        assert what_waits(reading(on_sqlite, box), replies.STAGE, NINE, "London") == []
        rehearsed = run_stage(reading(on_sqlite, box), replies.STAGE, NINE, dry_run=True)
        assert (rehearsed.count("skipped"), box.asked) == (1, [])
