"""An escalation says whose duty it is, since when it is overdue, who was asked and when, and what is asked for."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from models.cases import Case
from models.obligations import Timescale
from models.record import Record
from notifications.letters.duties import Asked, asked_words, since_when
from policy.letters import MessageKind
from tests.notifications.letters.reading import Add, says, sent, silent
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
        "This is for the offender manager (probation) to do.",
        # Due on Friday 13 March: that day was the last to do it.
        "It has been overdue since Saturday 14 March.",
        "We have asked the offender manager on Monday 16 February and Monday 2 March; the line manager on "
        "Wednesday 18 March.",
        "What we ask of you: No referral (MAPPA A) has been received. Make sure the offender manager refers the case",
    )


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2026, 3, 29), "It has been overdue since Monday 30 March."),
        (date(2025, 12, 31), "It has been overdue since Thursday 1 January."),
        (date(2025, 12, 30), "It has been overdue since Wednesday 31 December 2025."),
        (date(2026, 3, 30), "It is due today and is not overdue yet."),
        (date(2026, 3, 31), "It is due on Tuesday 31 March and is not overdue yet."),
    ],
)
def test_overdue_is_what_was_due_on_a_day_that_has_ended(due_on: date, words: str) -> None:
    assert since_when(due_on, TODAY) == words


def test_before_the_due_day_has_ended_no_part_of_it_is_called_overdue(sqlite_record: Record) -> None:
    message = sent(sqlite_record, owing(TODAY))
    says(message, "One thing needs you now.", "It is due today and is not overdue yet.")
    silent(message, "This is overdue", "overdue since", "verdue by")


def test_it_says_that_nobody_was_asked_before(sqlite_record: Record) -> None:
    says(sent(sqlite_record, owing(TODAY)), "We have asked nobody before you.")


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
    says(message, "We have asked nobody before you.")
    silent(message, "line manager on", "Chair on")


def test_a_role_is_named_once_with_its_days() -> None:
    asked = [
        Asked("chair", date(2026, 3, 2)),
        Asked("chair", date(2026, 3, 2)),
        Asked("smb_chair", date(2026, 3, 3), "it is not known whether it arrived"),
    ]
    assert asked_words(asked, TODAY) == [
        "We have asked the Chair on Monday 2 March.",
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
    says(message, "This is for you to do.", "We have asked you on Monday 2 March; the line manager on")
    silent(message, "This is for the", "asked the offender manager")


def test_a_digest_says_nothing_of_it(sqlite_record: Record) -> None:
    def add(session: Session, case: Case) -> None:
        one = rows.timescale(session, case, due_on=TODAY)
        at_meetings.letter(session, "m1", MessageKind.DIGEST, one, "due", to="om@x.example", role="offender_manager")

    silent(sent(sqlite_record, add), "This is for the", "We have asked", "What we ask of you")
