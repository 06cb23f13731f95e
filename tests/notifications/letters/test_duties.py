"""An escalation says whose duty it is, since when it is due, who was asked and when, and what is asked for."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from models.cases import Case
from models.obligations import Timescale
from models.record import Record
from notifications.letters.duties import Asked, Owner, asked_words
from policy.letters import MessageKind
from tests.notifications.letters.reading import Add, says, sent, silent
from tests.notifications.letters.test_words_follow_states import event
from tests.support import meeting_rows as at_meetings
from tests.support import rows

# Letters are sent on Monday 30 March 2026 (rows.MORNING).
TODAY = date(2026, 3, 30)


def owing(due_on: date, *tries: tuple[str, str, datetime], kind: str = "referral") -> Add:
    """Put an escalation to the coordinator in the outbox, after e-mails to (role, state of the message, at)."""

    def add(session: Session, case: Case) -> None:
        on = rows.timescale(session, case, kind, due_on=due_on)
        for number, (role, state, at) in enumerate(tries):
            earlier(session, on, f"-{number}", role, state, at)
        at_meetings.letter(
            session, "m1", MessageKind.ESCALATION, on, "+2W", to="cora@mappa.example", role="coordinator"
        )

    return add


def earlier(session: Session, on: Timescale, rung: str, role: str, state: str, at: datetime, **values: str) -> None:
    times = {"sent": {"sent_at": at}, "claimed": {"lease_until": at}}
    message = rows.message(session, rung, state=state, **times.get(state, {}))
    rows.prompt(session, on, message, rung, recipient=f"{role}@x.example", recipient_role=role, raised_at=at, **values)


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, 0, tzinfo=UTC)


def test_whose_duty_since_when_who_was_asked_and_what_is_asked_of_the_reader(sqlite_record: Record) -> None:
    tries = (
        ("offender_manager", "sent", on(2, 16)),
        ("offender_manager", "sent", on(3, 2)),
        ("line_manager", "sent", on(3, 18)),
    )
    message = sent(sqlite_record, owing(date(2026, 3, 13), *tries))
    says(
        message,
        "Overdue by 17 days",
        "This is for the offender manager to do.",
        "We asked the offender manager on Monday 16 February and Monday 2 March; the line manager on "
        "Wednesday 18 March.",
        "What we ask of you: No referral (MAPPA A) has been received. Make sure the offender manager refers the case",
    )


@pytest.mark.parametrize(
    ("role", "agency", "words"),
    [
        ("administrator", "MAPPA unit", "This is for the MAPPA administrator to do."),
        ("police_offender_manager", "police", "This is for the police offender manager to do."),
        ("representative", "victim liaison", "This is for the agency representative (victim liaison) to do."),
        ("action_owner", "housing", "This is for the owner of the action (housing) to do."),
    ],
)
def test_an_agency_is_named_where_the_role_does_not_say_it(role: str, agency: str, words: str) -> None:
    assert Owner(role, agency).whose == words


def test_before_the_due_day_has_ended_no_part_of_it_is_called_overdue(sqlite_record: Record) -> None:
    message = sent(sqlite_record, owing(TODAY))
    says(message, "One thing needs you now.", "Monday 30 March")
    silent(message, "This is overdue", "verdue by")


def test_it_says_that_nobody_was_asked_before(sqlite_record: Record) -> None:
    says(sent(sqlite_record, owing(TODAY)), "We have not asked anybody else yet.")


def test_whoever_has_to_do_it_is_not_told_that_nobody_else_was_asked(sqlite_record: Record) -> None:
    def add(session: Session, case: Case) -> None:
        on = rows.timescale(session, case, "referral", due_on=TODAY, owner_role="coordinator")
        at_meetings.letter(
            session, "m1", MessageKind.ESCALATION, on, "due", to="cora@mappa.example", role="coordinator"
        )

    message = sent(sqlite_record, add)
    says(message, "This is for you to do.")
    silent(message, "We have not asked")


@pytest.mark.parametrize(
    ("state", "became"),
    [
        ("dead", "it did not arrive"),
        ("uncertain", "it is not known whether it arrived"),
        ("withheld", "no e-mail could be sent"),
    ],
)
def test_an_email_that_is_not_known_to_have_arrived_is_told_as_such(
    sqlite_record: Record, state: str, became: str
) -> None:
    message = sent(sqlite_record, owing(TODAY, ("line_manager", state, on(3, 18))))
    says(message, f"We tried to reach the line manager on Wednesday 18 March: {became}.")
    silent(message, "asked nobody", "We have asked")


def test_what_was_not_needed_any_more_or_waits_still_or_only_informed_is_not_told(sqlite_record: Record) -> None:
    def add(session: Session, case: Case) -> None:
        owing(TODAY)(session, case)
        (one,) = session.query(Timescale).all()
        earlier(session, one, "-1", "line_manager", "sent", on(3, 2), withdrawn="met before sending")
        earlier(session, one, "-2", "line_manager", "cancelled", on(3, 2))
        earlier(session, one, "identified", "chair", "sent", on(3, 2))
        earlier(session, one, "-3", "smb_chair", "claimed", on(3, 30))

    message = sent(sqlite_record, add)
    says(message, "We have not asked anybody else yet.")
    silent(message, "line manager on", "Chair on")


def test_a_role_is_named_once_with_its_days() -> None:
    asked = [
        Asked("chair", date(2026, 3, 2)),
        Asked("chair", date(2026, 3, 2)),
        Asked("smb_chair", date(2026, 3, 3), "it is not known whether it arrived"),
    ]
    assert asked_words(asked, TODAY) == [
        "We asked the Chair on Monday 2 March.",
        "We also tried to reach the SMB Chair on Tuesday 3 March: it is not known whether it arrived.",
    ]


def test_who_owes_it_is_spoken_to_as_such(sqlite_record: Record) -> None:
    def add(session: Session, case: Case) -> None:
        one = rows.timescale(session, case, due_on=date(2026, 3, 13), owner_role="offender_manager")
        message = rows.message(session, "m0", state="sent", sent_at=on(3, 2))
        rows.prompt(session, one, message, recipient="olive@x.example", recipient_role="offender_manager")
        earlier(session, one, "-1", "line_manager", "sent", on(3, 18))
        at_meetings.letter(session, "m1", MessageKind.ESCALATION, one, "+2W", to="olive@x.example",
                           role="offender_manager")  # fmt: skip

    message = sent(sqlite_record, add)
    says(
        message,
        "This is overdue. Please do it and record it.",
        "What we ask of you: Complete the referral (MAPPA A)",
        "This is for you to do.",
        "We asked you on Monday 2 March; the line manager on",
    )
    silent(message, "This is for the", "asked the offender manager", "come to you", "Make sure")


def test_who_was_invited_was_not_asked_to_record_the_meeting(sqlite_record: Record) -> None:
    def add(session: Session, case: Case) -> None:
        owing(date(2026, 3, 27), kind="meeting")(session, case)
        (one,) = session.query(Timescale).all()
        earlier(session, one, "invitation 0", "invitee", "sent", on(3, 2))
        earlier(session, one, "-5W", "invitee", "sent", on(3, 20))
        earlier(session, one, "+1W", "administrator", "sent", on(3, 30))

    message = sent(sqlite_record, add)
    says(message, "We asked the MAPPA administrator on Monday 30 March.")
    silent(message, "invitee on")


def test_who_was_told_of_an_event_was_not_asked_for_its_review(sqlite_record: Record) -> None:
    def add(session: Session, case: Case) -> None:
        put = event("recall")(session, case)
        one = at_meetings.owed(session, case, "event_review", put, due_on=date(2026, 3, 27))
        one.owner_role = "offender_manager"
        for number, role in enumerate(("offender_manager", "police_offender_manager", "line_manager")):
            stands_in_for = {"stands_in_for": "offender_manager"} if role == "line_manager" else {}
            letter = rows.message(session, f"e{number}", kind="event", state="sent", sent_at=on(3, 20))
            rows.prompt(session, one, letter, "at once", recipient=f"{role}@x.example", recipient_role=role,
                        raised_at=on(3, 20), **stands_in_for)  # fmt: skip
        at_meetings.letter(session, "m1", MessageKind.ESCALATION, one, "+1W", to="c@x.example", role="coordinator")

    message = sent(sqlite_record, add)
    says(message, "We asked the offender manager on Friday 20 March; the line manager on Friday 20 March.")
    silent(message, "the police offender manager on")


def test_a_digest_says_nothing_of_it(sqlite_record: Record) -> None:
    def add(session: Session, case: Case) -> None:
        one = rows.timescale(session, case, due_on=TODAY)
        at_meetings.letter(session, "m1", MessageKind.DIGEST, one, "due", to="om@x.example", role="offender_manager")

    silent(sent(sqlite_record, add), "This is for the", "We have asked", "What we ask of you")
