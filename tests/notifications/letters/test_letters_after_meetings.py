"""What letters after a meeting say: actions, minutes, agencies that stayed away; and what goes for every letter."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.meetings import Meeting
from models.obligations import Message, Timescale
from models.record import Record
from notifications.letters.registry import LETTERS
from policy.letters import MessageKind
from tests.notifications.letters import test_letters as before
from tests.notifications.letters import test_letters_between as between
from tests.notifications.letters.reading import (
    FREE,
    REFERENCE,
    Add,
    both,
    delivered,
    files,
    says,
    sent,
    silent,
    text_of,
)
from tests.support import meeting_rows as at_meetings
from tests.support import rows
from tests.support.meeting_rows import SCREENING
from tests.support.rows import MORNING


class TestActions:
    def add(self, session: Session, case: Case) -> None:
        meeting = at_meetings.meeting(session, case, number=2, state="held")
        message = rows.message(session, "m1", kind=MessageKind.ACTIONS, recipient="priya@probation.example",
                               recipient_name="Robin Reader")  # fmt: skip
        for number, agency in ((3, "police"), (4, "childrens_social_care")):
            action = at_meetings.action(session, meeting, number=number, agency=agency)
            on = at_meetings.owed(session, case, "action", str(action.id), due_on=action.due_on,
                                  named={"action_owner": [[message.recipient, None]]})  # fmt: skip
            rows.prompt(session, on, message, "at once", recipient=message.recipient, recipient_role="action_owner",
                        late_by_days=2 if number == 3 else 0)  # fmt: skip

    def test_it_lists_them_by_case_and_number(self, told: tuple[Record, bool]) -> None:
        record, details = told
        message = sent(record, self.add, desk_url="https://desk.example")
        for body in both(message):
            assert body.index("ction 3 (police)") < body.index("ction 4 (children's social care)")
        says(message, "Wednesday 11 November 2026", "Set at meeting 2 on Wednesday 14 October 2026",
             "This should have reached you on", "as owner of the action")  # fmt: skip
        # Each action has the link that answers it.
        for number in (1, 2):
            assert f"Answer here: https://desk.example/answer/{number}" in text_of(message)
        if details:
            says(message, f"{FREE} on what is to be done")
        else:
            silent(message, FREE)
            says(message, "on the case record, under the number of the action")

    def test_a_closed_one_is_left_out(self, sqlite_record: Record) -> None:
        def add(session: Session, case: Case) -> None:
            self.add(session, case)
            session.scalars(select(Timescale).order_by(Timescale.id)).all()[0].state = "met"

        message = sent(sqlite_record, add)
        silent(message, "ction 3")
        says(message, "ction 4")
        assert message["Subject"] == f"New action for you, due 11 November, {REFERENCE}"


class TestMinutes:
    def add(self, **values: Any) -> Add:
        def add(session: Session, case: Case) -> None:
            meeting = at_meetings.meeting(session, case, state="held", minutes_on=date(2026, 10, 26))
            at_meetings.minutes(session, meeting, **values)
            on = at_meetings.owed(session, case, "minutes", str(meeting.id), state="met")
            at_meetings.letter(session, "m1", MessageKind.MINUTES, on, "final", to="hugo@probation.example",
                               role="invitee")  # fmt: skip

        return add

    def test_they_travel_only_where_details_may(self, told: tuple[Record, bool]) -> None:
        record, details = told
        message = sent(record, self.add())
        says(message, "The minutes of meeting 1 on LON-2026-000123 are final", "Monday 26 October 2026")
        silent(message, FREE)
        attached = files(message)
        if details:
            assert list(attached) == [f"minutes-{REFERENCE}-1.html", f"minutes-{REFERENCE}-1.txt"]
            assert all(FREE in part.get_content() for part in attached.values())
            assert text_of(message, "html").startswith("<!DOCTYPE html>")
        else:
            assert not attached
            says(message, "Read them on the case record")

    def test_without_a_final_version_nothing_goes(self, sqlite_record: Record) -> None:
        with sqlite_record.writing() as session:
            self.add(state="draft", final_on=None)(session, rows.case(session, rows.person(session)))
        with pytest.raises(AssertionError, match="cannot be written: LookupError"):
            delivered(sqlite_record)


class TestAttendanceLetter:
    def add(self, role: str = "smb_chair", **values: Any) -> Add:
        def add(session: Session, case: Case) -> None:
            first = self.missed(session, case, 1, MORNING, settled_on=date(2026, 9, 1), settled_by="report")
            earlier = at_meetings.owed(session, case, "attendance", f"{first.id}:housing", state="met")
            tried(session, earlier, "at once", "representative", "sent", MORNING - timedelta(days=20))
            history = [
                {"on": "2026-03-29", "by": "chair", "to": "representative", "answer": "will_report", "note": f"{FREE}."}
            ]
            second = self.missed(session, case, 2, MORNING + timedelta(days=1), nth=2, history=history)
            on = at_meetings.owed(session, case, "attendance", f"{second.id}:housing", due_on=date(2026, 4, 7))
            tried(session, on, "at once", "representative", "sent", MORNING - timedelta(days=5))
            tried(session, on, "+5W", "senior_manager", "dead", MORNING - timedelta(days=3))
            of_police = at_meetings.owed(session, case, "attendance", f"{second.id}:police")
            tried(session, of_police, "at once", "lay_adviser", "sent", MORNING)
            at_meetings.letter(session, "m1", MessageKind.ATTENDANCE_LETTER, on, "+15W", to="smb@probation.example",
                               role=role, **values)  # fmt: skip
            tried(session, on, "+15W", "smb_member", "sent", MORNING)

        return add

    def missed(self, session: Session, case: Case, number: int, starts_at: datetime, **values: Any) -> Meeting:
        meeting = at_meetings.meeting(
            session, case, number=number, uid=f"m{number}", state="held", level=2 + number % 2, starts_at=starts_at
        )
        at_meetings.participant(session, meeting, reason="there is victim contact")
        at_meetings.absence(session, meeting, **values)
        return meeting

    def test_it_tells_the_smb_chair_all_that_was_tried(self, told: tuple[Record, bool]) -> None:
        record, details = told
        message = sent(record, self.add())
        says(message, "It has now been absent twice on this case", "has sent no report",
             "there is victim contact",
             "Tuesday 7 April 2026", "its report came on Tuesday 1 September 2026", "bsent without apologies",
             "-mail to the agency representative", "Wednesday 25 March 2026", "-mail to the senior manager",
             "ould not be delivered", "he Chair asked the agency representative", "romised a report",
             "take this up with the head of the agency", "This letter also goes to the SMB member")  # fmt: skip
        silent(message, "lay adviser")
        if details:
            says(message, f'"{FREE}."')
        else:
            silent(message, FREE)
            says(message, "Read the full answers on the case record")

    def test_what_was_tried_stands_in_the_order_of_its_days(self, sqlite_record: Record) -> None:
        message = sent(sqlite_record, self.add())
        days = ["Tuesday 10 March 2026:", "Wednesday 25 March 2026:", "Friday 27 March 2026:", "Sunday 29 March 2026:"]
        listed = [
            line for line in text_of(message).partition("WHAT WAS TRIED")[2].splitlines() if line.startswith("* ")
        ]
        assert [line.removeprefix("* ")[: len(day)] for line, day in zip(listed, days, strict=True)] == days
        assert text_of(message, "html").count("aria-label=") == 2

    def test_others_on_the_rung_are_not_told_that_the_smb_chair_is_told_unless_they_are(
        self, sqlite_record: Record
    ) -> None:
        message = sent(sqlite_record, self.add("senior_manager"))
        says(message, "Please make sure that the agency's report comes")
        silent(message, "told the SMB Chair", "take this up with the head")

    def test_in_doubt_it_is_sent_again_by_itself(self, sqlite_record: Record) -> None:
        message = sent(sqlite_record, self.add(state="uncertain", tries=1, began_at=MORNING))
        says(message, "You may have had this e-mail before")

    def test_it_goes_before_what_only_reminds(self, sqlite_record: Record) -> None:
        with sqlite_record.writing() as session:
            case = rows.case(session, rows.person(session))
            rows.prompt(session, rows.timescale(session, case), rows.message(session, "a", not_before=MORNING))
            self.add()(session, case)
        assert [message["To"] for message in delivered(sqlite_record)] == [
            "smb@probation.example",
            "om@probation.example",
        ]


def tried(session: Session, on: Timescale, rung: str, role: str, state: str, at: datetime) -> None:
    """Add an e-mail that was raised on an absence."""
    message = rows.message(session, f"{on.id} {rung} {role}", kind="escalation", state=state)
    rows.prompt(session, on, message, rung, recipient=f"{role}@x.example", recipient_role=role, raised_at=at)


class TestGpLetter:
    def add(self, *, again: bool) -> Add:
        def add(session: Session, case: Case) -> None:
            meeting = at_meetings.meeting(session, case, state="held", starts_at=MORNING)
            at_meetings.absence(session, meeting, agency="general_practice")
            on = at_meetings.owed(session, case, "attendance", f"{meeting.id}:general_practice",
                                  due_on=date(2026, 4, 7))  # fmt: skip
            if again:
                at_meetings.letter(session, "m0", MessageKind.GP_LETTER, on, "at once", to="gp@practice.example",
                                   role="representative", state="sent")  # fmt: skip
            at_meetings.letter(session, "m1", MessageKind.GP_LETTER, on, "+5W", to="gp@practice.example",
                               role="representative")  # fmt: skip

        return add

    def test_it_asks_for_an_answer_in_writing(self, sqlite_record: Record) -> None:
        message = sent(sqlite_record, self.add(again=False))
        says(message, "An answer in writing is enough", "Tuesday 7 April 2026", "name nobody",
             "coordinator@mappa.example", "met on Monday 30 March 2026")  # fmt: skip
        silent(message, "second request")

    def test_the_second_one_says_so(self, sqlite_record: Record) -> None:
        says(
            sent(sqlite_record, self.add(again=True)),
            "On Monday 30 March 2026 we asked your practice",
            "This is our second request",
        )


class TestWhatMayNotGo:
    @pytest.mark.parametrize("kind", [MessageKind.INVITATION, MessageKind.MINUTES])
    def test_a_letter_on_a_restricted_case_is_withheld(self, sqlite_record: Record, kind: MessageKind) -> None:
        with sqlite_record.writing() as session:
            case = rows.case(session, rows.person(session), restricted=True)
            meeting = at_meetings.meeting(session, case)
            on = at_meetings.owed(session, case, "meeting", str(meeting.id))
            at_meetings.letter(session, "m1", kind, on, "invitation 0", to="hugo@probation.example", role="invitee")
        with pytest.raises(AssertionError, match="withheld: the case is restricted"):
            delivered(sqlite_record)

    def test_what_only_informs_goes_although_it_is_settled(self, sqlite_record: Record) -> None:
        message = sent(sqlite_record, TestMinutes().add())
        assert message["Subject"] == "MAPPA: minutes"
        with sqlite_record.reading() as session:
            assert session.get_one(Message, "m1").state == "sent"


EVERY: dict[MessageKind, Add] = {
    MessageKind.REFERRAL_RETURNED: before.TestReferralReturned().add(complete=False, missing=["x"]),
    MessageKind.SCREENING_OUTCOME: before.TestScreeningOutcome().add("level_2", SCREENING),
    MessageKind.INVITATION: before.TestInvitation().add(),
    MessageKind.CANCELLATION: before.TestCancellation().add,
    MessageKind.INVITATION_TAKEN_BACK: before.TestInvitationTakenBack().add,
    MessageKind.MINUTES: TestMinutes().add(),
    MessageKind.ATTENDANCE_LETTER: TestAttendanceLetter().add(),
    MessageKind.GP_LETTER: TestGpLetter().add(again=False),
    MessageKind.ACTIONS: TestActions().add,
    MessageKind.DISCLOSURE: between.TestDisclosure().add(),
    MessageKind.EVENT: between.TestEvent().add(),
}


def test_every_kind_of_message_that_does_not_gather_is_a_letter() -> None:
    gathers = {MessageKind.DIGEST, MessageKind.ESCALATION, MessageKind.STUCK_LIST}
    assert set(LETTERS) == set(EVERY) == set(MessageKind) - gathers


@pytest.mark.parametrize("kind", EVERY)
def test_every_letter_is_read_on_either_database(record: Record, kind: MessageKind) -> None:
    says(sent(record, EVERY[kind]), REFERENCE)
