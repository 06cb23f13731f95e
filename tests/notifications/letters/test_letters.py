"""What letters about referrals and meetings say: read at sending, no name, no free text unless the area allows it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.recording.referral import ReferralForm, missing
from models.cases import Case
from models.directory import DirectoryEntry
from models.obligations import Timescale
from models.record import Record
from policy.book import shipped_book
from policy.letters import MessageKind
from tests.notifications.letters.reading import (
    FREE,
    REFERENCE,
    Add,
    both,
    calendar_part,
    delivered,
    files,
    form_in,
    says,
    sent,
    silent,
    text_of,
)
from tests.support import meeting_rows as at_meetings
from tests.support import rows
from tests.support.factories import messages
from tests.support.meeting_rows import SCREENING
from tests.support.rows import MORNING


class TestReferralReturned:
    def add(self, **values: Any) -> Add:
        def add(session: Session, case: Case) -> None:
            referral = at_meetings.referral(session, case, returned_on=date(2026, 9, 11), **values)
            on = at_meetings.owed(session, case, "resubmission", str(referral.id), due_on=date(2026, 9, 21))
            at_meetings.letter(session, "m1", MessageKind.REFERRAL_RETURNED, on, "at once",
                               to="olive@probation.example", role="offender_manager")  # fmt: skip

        return add

    def test_it_lists_what_an_incomplete_one_lacks_and_has_the_form_with_it(self, told: tuple[Record, bool]) -> None:
        record, _ = told
        lacks = ["Risk management plan: what is in place now, with the conditions written out", "Agencies, number 1"]
        message = sent(record, self.add(complete=False, missing=lacks))
        says(message, *lacks, "not complete", "Monday 21 September 2026", "Wednesday 9 September 2026",
             "coordinator@mappa.example")  # fmt: skip
        assert list(files(message)) == [f"referral-{REFERENCE}.docx"]
        above, rows_of_form = form_in(files(message)[f"referral-{REFERENCE}.docx"])
        assert "Missing: Agencies, number 1" in above
        assert rows_of_form["Risk management plan"][-1] == (
            "Missing: what is in place now, with the conditions written out"
        )

    def test_what_screening_wants_is_free_text(self, told: tuple[Record, bool]) -> None:
        record, details = told
        wanted = [f"{FREE} on the uncle."]
        message = sent(record, self.add(decision="more_information", missing=wanted))
        says(message, "screening needs more information")
        if details:
            says(message, *wanted)
        else:
            silent(message, FREE)
            says(message, "on the case record")

    def test_the_form_goes_on_from_what_was_written_only_where_details_may_travel(
        self, told: tuple[Record, bool]
    ) -> None:
        record, details = told
        written = {"added_value": f"{FREE} on added value", "date": "2026-09-09", "countersigned_by": "Lionel Example"}
        message = sent(record, self.add(complete=False, missing=["x"], data=written))
        (part,) = files(message).values()
        _, form = form_in(part)
        given = f"{FREE} on added value" if details else "Given. We do not repeat it by e-mail."
        assert form["Added value"] == ["What active management by several agencies would add.", given]
        assert form["Special issues"] == ["What goes beyond one agency; where there is nothing, say why."]
        assert form["Countersigned by"] == ["The line manager who countersigned the referral."]
        assert form["Date received"] == ["The day on which the referral was received."]

    def test_each_thing_that_is_missing_stands_beside_its_field(self, sqlite_record: Record) -> None:
        """Nothing but a level and an agency was given: everything else is named once, and in no list at the top."""
        form = ReferralForm.model_validate(
            {"date": "2026-09-09", "referred_by": "Olive", "proposed_level": 2, "agencies": [{"agency": "housing"}]}
        )
        lacking = missing(form, shipped_book().policies[0])
        data = form.model_dump(mode="json")
        message = sent(sqlite_record, self.add(complete=False, missing=lacking, data=data))
        (part,) = files(message).values()
        above, rows_of_form = form_in(part)
        assert not [words for words in above if words.startswith("Missing")]
        found = [
            f"{title}: {words.removeprefix('Missing: ')}"
            for title, others in rows_of_form.items()
            for words in others
            if words.startswith("Missing: ")
        ]
        assert sorted(found) == sorted(lacking)
        assert len(lacking) == 11


class TestScreeningOutcome:
    def add(self, decision: str, screening: dict[str, Any] | None) -> Add:
        def add(session: Session, case: Case) -> None:
            referral = at_meetings.referral(
                session, case, decided_on=date(2026, 9, 18), decision=decision, screening=screening
            )
            on = at_meetings.owed(session, case, "screening_decision", str(referral.id), state="met")
            at_meetings.letter(session, "m1", MessageKind.SCREENING_OUTCOME, on, "outcome",
                               to="olive@probation.example", role="referrer")  # fmt: skip

        return add

    def test_it_tells_the_decision_the_answers_and_who_took_part(self, told: tuple[Record, bool]) -> None:
        record, details = told
        message = sent(record, self.add("level_2", SCREENING))
        says(message, "accepted for management at level 2", "Friday 18 September 2026",
             "May the person be managed under MAPPA? Yes", "Must two or more agencies meet and work together? No",
             "high or very high", "ssues of management need senior representation", "MAPPA unit, police",
             "You get this message as referrer")  # fmt: skip
        silent(message, "Cora", "Priya", "exceptionally at a lower risk", "on seniors")
        if details:
            says(message, f"{FREE} on legality", f"{FREE} on need", f"The decision: {FREE} on the decision")
        else:
            silent(message, FREE)
            says(message, "Read the reasons on the case record")

    def test_a_level_set_without_screening_says_so(self, told: tuple[Record, bool]) -> None:
        message = sent(told[0], self.add("level_1", None))
        says(message, "The case is managed at level 1.", "decided without screening", "reviews it regularly")
        silent(message, "reasons")

    @pytest.mark.parametrize(
        ("decision", "words"),
        [
            ("level_3", "accepted for management at level 3"),
            ("remain_level_1", "the case stays at level 1"),
            ("category_3_accepted", "accepted as category 3. It is managed at level 2."),
            ("category_3_rejected", "The referral for category 3 is not accepted."),
        ],
    )
    def test_every_decision_has_its_words(self, sqlite_record: Record, decision: str, words: str) -> None:
        level = 2 if decision == "category_3_accepted" else None
        message = sent(sqlite_record, self.add(decision, SCREENING | {"level": level}))
        says(message, words)
        assert "What happens next" in text_of(message, "html")


class TestInvitation:
    def add(self, *, rung: str = "invitation 0", earlier: str = "", to: str = "hugo@probation.example",
            **values: Any) -> Add:  # fmt: skip
        def add(session: Session, case: Case) -> None:
            of_participant = {name: values.pop(name) for name in ("agency", "role", "reason") if name in values}
            meeting = at_meetings.meeting(session, case, **values)
            at_meetings.participant(session, meeting, email=to, **of_participant)
            at_meetings.participant(
                session, meeting, agency="police", email="other@police.example", reason="core member"
            )
            on = at_meetings.owed(session, case, "meeting", str(meeting.id))
            if earlier:
                began_at = MORNING if earlier == "sent" else None
                at_meetings.letter(session, "m0", MessageKind.INVITATION, on, "invitation 0", to=to, role="invitee",
                                   state=earlier, began_at=began_at)  # fmt: skip
            at_meetings.letter(session, "m1", MessageKind.INVITATION, on, rung, to=to, role="invitee")

        return add

    def test_it_says_when_where_at_which_level_and_why_you(self, told: tuple[Record, bool]) -> None:
        record, details = told
        message = sent(record, self.add(papers=[f"{FREE} of a title", "Second"]))
        says(message, "You are invited to a MAPPA meeting on LON-2026-000123",
             "Wednesday 14 October 2026, 10:00 to 11:00", "1 hour", "Civic Centre, room 3", "level 2",
             "agency representative (asked for in the referral", "send somebody who can speak for your agency",
             "coordinator@mappa.example", "as invitee")  # fmt: skip
        silent(message, "core member", "changed")
        if details:
            says(message, f"{FREE} of a title", f"{FREE} on why", "Clare Example")
        else:
            silent(message, FREE, "Clare")
            says(message, "Please read the 2 papers on the case record")

    def test_in_summer_time_the_hour_is_that_of_london(self, sqlite_record: Record) -> None:
        message = sent(sqlite_record, self.add(starts_at=datetime(2026, 11, 4, 10, tzinfo=UTC), minutes_long=90))
        says(message, "Wednesday 4 November 2026, 10:00 to 11:30", "1 hour 30 minutes")

    @pytest.mark.parametrize(("earlier", "changed"), [("sent", True), ("cancelled", False), ("", False)])
    def test_it_says_changed_only_to_who_was_told_before(
        self, sqlite_record: Record, earlier: str, changed: bool
    ) -> None:
        message = sent(sqlite_record, self.add(rung="invitation 1", earlier=earlier, sequence=1))
        assert [("has changed" in body) for body in both(message)] == [changed, changed]
        assert ("You are invited to a" in both(message)[0]) is not changed

    def test_the_chair_is_asked_to_chair(self, sqlite_record: Record) -> None:
        message = sent(sqlite_record, self.add(agency="mappa_unit", role="chair", reason="you chair it"))
        says(message, "Please chair a MAPPA meeting", "If you cannot chair it", "Invited for MAPPA unit, as Chair")
        silent(message, "you chair it")
        assert "ROLE=CHAIR" in calendar_part(message).get_content().replace("\r\n ", "").replace("\n ", "")

    def test_a_general_practice_is_asked_for_facts_on_health_in_writing(self, told: tuple[Record, bool]) -> None:
        message = sent(told[0], self.add(agency="general_practice", reason="health facts", papers=["Anything"]))
        says(message, "facts on health", "an answer in writing before the meeting will do", "name nobody")
        silent(message, "send somebody who can speak", "Anything", "papers")

    def test_who_is_not_on_the_list_any_more_is_still_told_the_meeting(self, sqlite_record: Record) -> None:
        def add(session: Session, case: Case) -> None:
            meeting = at_meetings.meeting(session, case)
            on = at_meetings.owed(session, case, "meeting", str(meeting.id))
            at_meetings.letter(session, "m1", MessageKind.INVITATION, on, "invitation 0", to="new@probation.example",
                               role="invitee")  # fmt: skip

        says(sent(sqlite_record, add), "Civic Centre, room 3")

    def test_an_invitation_to_what_was_cancelled_does_not_go(self, sqlite_record: Record) -> None:
        with sqlite_record.writing() as session:
            self.add()(session, rows.case(session, rows.person(session)))
            session.scalars(select(Timescale)).one().state = "cancelled"
        with pytest.raises(AssertionError, match="cancelled before sending"):
            delivered(sqlite_record)
        assert messages(sqlite_record)["m1"].state == "cancelled"


class TestCancellation:
    def add(self, session: Session, case: Case) -> None:
        meeting = at_meetings.meeting(
            session, case, state="cancelled", sequence=2, cancelled_reason=f"{FREE} on the reason."
        )
        at_meetings.participant(session, meeting)
        on = at_meetings.owed(session, case, "meeting", str(meeting.id), state="cancelled")
        at_meetings.letter(session, "m1", MessageKind.CANCELLATION, on, "cancellation 2", to="hugo@probation.example",
                           role="invitee")  # fmt: skip

    def test_it_says_that_the_meeting_does_not_take_place(self, told: tuple[Record, bool]) -> None:
        record, details = told
        message = sent(record, self.add)
        says(message, "has been cancelled", "Wednesday 14 October 2026, 10:00 to 11:00")
        if details:
            says(message, f"{FREE} on the reason")
        else:
            silent(message, FREE)
        assert calendar_part(message)["Content-Type"].params["method"] == "CANCEL"


class TestAnswers:
    def add(self, session: Session, case: Case) -> None:
        referral = at_meetings.referral(session, case, complete=False, missing=["x"])
        on = at_meetings.owed(session, case, "resubmission", str(referral.id))
        at_meetings.letter(session, "m1", MessageKind.REFERRAL_RETURNED, on, "at once",
                           to="olive@probation.example", role="offender_manager")  # fmt: skip

    def test_a_reply_goes_to_the_unit_and_the_footer_says_so(self, sqlite_record: Record) -> None:
        message = sent(sqlite_record, self.add)
        assert message["Reply-To"] == "coordinator@mappa.example"
        says(message, "Reply to this e-mail and the MAPPA unit will read it.", "the MAPPA coordinator")
        silent(message, "do not reach", "or call")

    @pytest.mark.parametrize(
        ("coordinator", "called"),
        [
            ("01632 960101", "(coordinator@mappa.example), or call 01632 960101 and ask for the MAPPA coordinator."),
            (None, "(coordinator@mappa.example), or call 01632 960102 and ask for the MAPPA administrator."),
        ],
    )
    def test_the_footer_says_whom_to_call(self, sqlite_record: Record, coordinator: str | None, called: str) -> None:
        def add(session: Session, case: Case) -> None:
            rows.directory_entry(session, role="administrator", email="ada@mappa.example", telephone="01632 960102")
            session.execute(
                update(DirectoryEntry).where(DirectoryEntry.role == "coordinator").values(telephone=coordinator)
            )
            self.add(session, case)

        says(sent(sqlite_record, add), called)


class TestInvitationTakenBack:
    def add(self, session: Session, case: Case) -> None:
        """The meeting takes place; its reader, who was invited to it before the last change, is not on its list."""
        meeting = at_meetings.meeting(session, case, sequence=1)
        on = at_meetings.owed(session, case, "meeting", str(meeting.id))
        at_meetings.letter(session, "m1", MessageKind.INVITATION_TAKEN_BACK, on, "taken_back 1",
                           to="opal@prison.example", role="invitee")  # fmt: skip

    def test_it_says_that_the_meeting_goes_ahead_without_its_reader(self, told: tuple[Record, bool]) -> None:
        message = sent(told[0], self.add)
        says(message, "no longer need to come", "goes ahead without you", "Wednesday 14 October 2026, 10:00 to 11:00")
        silent(message, "has been cancelled")
        assert message["Subject"] == "MAPPA: invitation_taken_back"

    def test_its_event_is_the_same_one_cancelled_for_its_reader_alone(self, record: Record) -> None:
        part = calendar_part(sent(record, self.add))
        assert part["Content-Type"].params["method"] == "CANCEL"
        [event] = Calendar.from_ical(part.get_content()).walk("VEVENT")
        assert event["SEQUENCE"] == 1
        assert event["STATUS"] == "CANCELLED"
        assert [str(one) for one in [event["ATTENDEE"]]] == ["mailto:opal@prison.example"]
