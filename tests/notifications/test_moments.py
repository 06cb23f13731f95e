"""No e-mail leaves on a day that is no working day, whatever queued it, and none before the policy's hour."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.obligations import Message
from models.record import Record, working_calendar
from notifications.moments import leaves_at
from notifications.outbox.claims import waiting
from notifications.outbox.decisions import resend
from notifications.prompts.queueing import queue_messages
from notifications.prompts.raising import Raised
from notifications.recipients import Recipient
from policy.calendar import LONDON, london_date
from policy.letters import MessageKind
from tests.support import rows

MOMENTS = st.integers(0, 730 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
# 2026: Good Friday 3 April, Easter Monday 6 April; Christmas Day is a Friday, and Monday 28 December is its substitute.
# https://www.gov.uk/bank-holidays
NEXT = [
    (datetime(2026, 4, 2, 16, tzinfo=LONDON), datetime(2026, 4, 2, 16, tzinfo=LONDON)),
    (datetime(2026, 4, 2, 6, tzinfo=LONDON), datetime(2026, 4, 2, 8, tzinfo=LONDON)),
    (datetime(2026, 4, 3, 9, tzinfo=LONDON), datetime(2026, 4, 7, 8, tzinfo=LONDON)),
    (datetime(2026, 7, 11, 23, tzinfo=LONDON), datetime(2026, 7, 13, 8, tzinfo=LONDON)),
    (datetime(2026, 12, 25, 8, tzinfo=LONDON), datetime(2026, 12, 29, 8, tzinfo=LONDON)),
]
SATURDAY = datetime(2026, 7, 11, 10, tzinfo=LONDON)
MONDAY = date(2026, 7, 13)


@pytest.mark.parametrize(("wanted", "leaves"), NEXT)
def test_mail_waits_for_a_working_day_and_its_hour(sqlite_record: Record, wanted: datetime, leaves: datetime) -> None:
    with sqlite_record.reading() as session:
        assert leaves_at(session, "London", wanted) == leaves


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(wanted=MOMENTS)
def test_no_moment_leads_to_a_day_that_is_no_working_day(sqlite_record: Record, wanted: datetime) -> None:
    with sqlite_record.reading() as session:
        leaves = leaves_at(session, "London", wanted)
        assert working_calendar(session).is_working_day(london_date(leaves))
        assert leaves >= wanted
        assert leaves.astimezone(LONDON).time() >= time(8)


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("email", ["olive@probation.example", None])
def test_whatever_is_queued_on_a_saturday_leaves_on_monday(
    sqlite_record: Record, kind: MessageKind, email: str | None
) -> None:
    with sqlite_record.writing() as session:
        case = rows.case(session, rows.person(session, "X320741"), "LON-2026-000123")
        about = rows.timescale(session, case)
        session.flush()
        recipient = Recipient(email, None, "offender_manager") if email else None
        queue_messages(session, [raised(about, kind, recipient)], SATURDAY)
        session.flush()
        [message] = session.query(Message).all()
        assert london_date(message.not_before) == MONDAY
        assert message.state == ("pending" if email else "withheld")


def test_two_rungs_of_one_thing_for_one_reader_on_one_day_are_one_letter(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        case = rows.case(session, rows.person(session, "X320741"), "LON-2026-000123")
        first, second = rows.timescale(session, case), rows.timescale(session, case, kind="level_setting")
        session.flush()
        reader = Recipient("practice@gp.example", None, "representative")
        prompts = [raised(about, MessageKind.GP_LETTER, reader) for about in (first, first, second)]
        queue_messages(session, prompts, SATURDAY)
        assert prompts[0].message_id == prompts[1].message_id != prompts[2].message_id


def raised(about: object, kind: MessageKind, recipient: Recipient | None) -> Raised:
    row = Row(about)
    return Raised(row, "at once", date(2026, 7, 11), "notice", kind.value, recipient, "offender_manager", 0)


class Row:
    """A timescale with its case, as a sweep reads them."""

    def __init__(self, about: object) -> None:
        self.about, self.area, self.reference, self.restricted = about, "London", "LON-2026-000123", False

    def __getattr__(self, name: str) -> object:
        return getattr(self.about, name)


def test_what_an_outage_left_over_waits_for_monday(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        rows.message(session, "m1", kind="escalation", not_before=SATURDAY - timedelta(days=1))
        assert waiting(session, SATURDAY) == []
        assert waiting(session, SATURDAY + timedelta(days=2)) == ["m1"]


def test_a_message_sent_again_by_a_person_on_a_saturday_waits_for_monday(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        rows.message(session, "m1", kind="digest", state="dead")
        session.flush()
        resend(session, "m1", "Cora Example", SATURDAY)
        assert london_date(session.get_one(Message, "m1").not_before) == MONDAY
