"""What letters between the meetings say: a disclosure that is to be made, an event in custody or on licence."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.obligations import Message, Timescale
from models.record import Record
from notifications.letters.events import CHARGED
from notifications.letters.subjects import Item, subject_of
from policy.book import shipped_book
from policy.events import EventKind
from policy.kinds import Events
from policy.kinds.states import DutyState
from policy.letters import MessageKind
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
from tests.support.factories import messages
from tests.support.rows import MORNING, added

HAPPENED_ON = date(2026, 3, 28)
VICTIM_LIAISON = {"owner_role": "representative"}


class TestDisclosure:
    def add(self, **values: Any) -> Add:
        def add(session: Session, case: Case) -> None:
            disclosure = added(
                session,
                Disclosure(
                    case_id=case.id, number=2, state="approved", reason=f"{FREE} of a reason.",
                    to_whom=f"{FREE}: the landlord", what=f"{FREE} on\nwhat.", how=f"{FREE} on how.",
                    agency="childrens_social_care", discloser_name="Ruth Example",
                    discloser_email="ruth@council.example", due_on=date(2026, 4, 16), proposed_by="Olive Example",
                    proposed_on=date(2026, 3, 26), approved_by="Clare Example", approved_on=date(2026, 3, 27),
                ),
                values,
            )  # fmt: skip
            on = at_meetings.owed(session, case, "disclosure", str(disclosure.id), due_on=disclosure.due_on)
            at_meetings.letter(session, "m1", MessageKind.DISCLOSURE, on, "approved", to="ruth@council.example",
                               role="discloser")  # fmt: skip

        return add

    def test_who_makes_it_hears_which_by_when_and_what_else_it_takes(self, told: tuple[Record, bool]) -> None:
        record, details = told
        message = sent(record, self.add(), desk_url="https://desk.example")
        says(message, "A disclosure has been approved. Please make it.",
             f"{REFERENCE}, disclosure 2 (children's social care), due Thursday 16 April 2026",
             "Approved on Friday 27 March 2026.", "sign the undertaking", "Tell no more than was decided.",
             "as discloser")  # fmt: skip
        silent(message, "Ruth", "Olive", "Clare", f"{FREE} of a reason")
        assert "Answer here: https://desk.example/answer/1" in text_of(message)
        assert not files(message)
        if details:
            says(message, f"To whom: {FREE}: the landlord", f"What: {FREE} on what.", f"How: {FREE} on how.")
            silent(message, "on the case record")
        else:
            silent(message, FREE, "To whom", "landlord")
            says(message, "Read who is to be told what, and how, on the case record, under the number of the "
                 "disclosure.", "coordinator@mappa.example")  # fmt: skip

    def test_one_that_was_made_meanwhile_is_not_asked_for(self, sqlite_record: Record) -> None:
        with sqlite_record.writing() as session:
            self.add()(session, rows.case(session, rows.person(session)))
            session.scalars(select(Timescale)).one().state = "met"
        with pytest.raises(AssertionError, match="cancelled: met before sending"):
            delivered(sqlite_record)
        assert messages(sqlite_record)["m1"].state == "cancelled"


class TestEvent:
    def add(self, kind: EventKind = EventKind.RECALL, owed: str = "event_review", role: str = "offender_manager",
            data: dict[str, Any] | None = None, duty: dict[str, Any] | None = None, **values: Any) -> Add:  # fmt: skip
        def add(session: Session, case: Case) -> None:
            written = {"what": f"{FREE} on\nwhat happened.", "by": "Olive Example", "prison": "HMP Example"}
            event = CustodyEvent(case_id=case.id, number=1, kind=kind, on_date=HAPPENED_ON, recorded_at=MORNING,
                                 data=written if data is None else data)  # fmt: skip
            added(session, event, values)
            on = at_meetings.owed(session, case, owed, str(event.id), due_on=date(2026, 4, 7), **(duty or {}))
            at_meetings.letter(session, "m1", MessageKind.EVENT, on, "at once", to="olive@probation.example", role=role)

        return add

    def test_it_says_what_happened_when_and_what_is_asked(self, told: tuple[Record, bool]) -> None:
        record, details = told
        message = sent(record, self.add())
        says(message, "The person was recalled to custody.", f"{REFERENCE}, Saturday 28 March 2026, event 1",
             "What it changes for you: The person is in custody again, at the same level.",
             Events.EVENT_REVIEW.spec.to_do, "Please record it by Tuesday 7 April 2026.",
             "coordinator@mappa.example", "as offender manager")  # fmt: skip
        silent(message, "Olive", "HMP", "Until", "victim")
        if details:
            says(message, f"{FREE} on what happened.")
        else:
            silent(message, FREE)

    def test_a_leave_says_until_when(self, told: tuple[Record, bool]) -> None:
        leave = self.add(EventKind.HOSPITAL_LEAVE, until_on=date(2026, 4, 3))
        says(sent(told[0], leave), "leave from hospital", "Until Friday 3 April 2026.")

    def test_the_victim_liaison_officer_is_asked_to_tell_the_victim(self, told: tuple[Record, bool]) -> None:
        add = self.add(owed="victim_update", role="representative", victim_contact=True, duty=VICTIM_LIAISON)
        message = sent(told[0], add)
        says(
            message,
            "Tell the victim what happened, as far as the scheme allows, then record how you told them.",
            "What it changes for you: There is victim contact on this case, so the victim should be told.",
            "Please record it by",
        )
        silent(message, Events.EVENT_REVIEW.spec.to_do)

    def test_a_date_that_was_moved_names_no_date_of_release(self, told: tuple[Record, bool]) -> None:
        moved = self.add(EventKind.RELEASE_DATE_CHANGED, data={"from": "2027-03-12", "to": "2027-05-14"})
        message = sent(told[0], moved)
        says(message, "A release date was changed.")
        silent(message, "2027", FREE)

    def test_a_serious_further_offence_goes_to_those_who_consider_a_review(self, told: tuple[Record, bool]) -> None:
        def add(session: Session, case: Case) -> None:
            on = at_meetings.owed(session, case, "case_review", "charge 2026-03-28", due_on=date(2026, 4, 2),
                                  owner_role="coordinator")  # fmt: skip
            at_meetings.letter(session, "m1", MessageKind.EVENT, on, "at once", to="chris@smb.example",
                               role="smb_chair")  # fmt: skip

        message = sent(told[0], add)
        says(message, CHARGED, f"{REFERENCE}, Saturday 28 March 2026", Events.CASE_REVIEW.spec.chase,
             "Please record it by Thursday 2 April 2026.", "as SMB Chair")  # fmt: skip

    def test_who_need_do_nothing_is_told_so(self, told: tuple[Record, bool]) -> None:
        message = sent(told[0], self.add(role="chair"))
        says(message, "What it changes for you: The prison must come to the next meeting.",
             "You need do nothing. This is for your information.", "as Chair")  # fmt: skip
        silent(message, "What we ask", Events.EVENT_REVIEW.spec.to_do)

    def test_a_meeting_ahead_is_told_with_what_is_asked(self, told: tuple[Record, bool]) -> None:
        """The meeting of 5 May is later than the review, due on 7 April: the event may wait for it, if it can wait."""

        def add(session: Session, case: Case) -> None:
            at_meetings.meeting(session, case, starts_at=datetime(2026, 5, 5, 9, 15, tzinfo=UTC))
            self.add()(session, case)

        message = sent(told[0], add)
        says(message, "What we ask of you: A meeting is planned for Tuesday 5 May, 10:15. Decide whether the event can")
        silent(message, "bring it forward")

    def test_who_need_do_nothing_hears_of_no_meeting_ahead(self, told: tuple[Record, bool]) -> None:
        def add(session: Session, case: Case) -> None:
            at_meetings.meeting(session, case, starts_at=datetime(2026, 5, 5, 9, 15, tzinfo=UTC))
            self.add(role="chair")(session, case)

        message = sent(told[0], add)
        says(message, "You need do nothing. This is for your information.")
        silent(message, "A meeting is planned", "bring it forward")

    def test_a_reader_is_asked_for_what_they_owe_about_the_event_and_for_nothing_else(
        self, told: tuple[Record, bool]
    ) -> None:
        """A recall: the police make the prison the partner on ViSOR (Joint inspection 2015, 5.35)."""

        def add(session: Session, case: Case) -> None:
            self.add(role="police_offender_manager")(session, case)
            about = str(session.scalars(select(CustodyEvent)).one().id)
            due = {"due_on": date(2026, 4, 7), "owner_role": "police_offender_manager"}
            at_meetings.owed(session, case, "visor_partner", about, **due)

        message = sent(told[0], add)
        says(message, "The prison must be made the partner on ViSOR.", Events.VISOR_PARTNER.spec.to_do,
             "Please record it by Tuesday 7 April 2026.")  # fmt: skip
        silent(message, Events.EVENT_REVIEW.spec.to_do, "You need do nothing. This")

    def test_a_death_asks_what_is_left_to_do_and_not_for_the_risk(self, told: tuple[Record, bool]) -> None:
        asked = Events.EVENT_REVIEW.spec.by_state[DutyState.PERSON_DIED].to_do
        message = sent(told[0], self.add(EventKind.DEATH))
        says(message, "The person has died.", asked, "Please record it by Tuesday 7 April 2026.")
        silent(message, "the risk")

    def test_two_events_of_one_letter_are_told_apart(self, told: tuple[Record, bool]) -> None:
        def add(session: Session, case: Case) -> None:
            self.add(EventKind.TRANSFER, duty={"label": "transfer on 28 March 2026 (event 1, 09:10)"})(session, case)
            second = CustodyEvent(case_id=case.id, number=2, kind="transfer", on_date=HAPPENED_ON, recorded_at=MORNING,
                                  data={"prison": "HMP Other"})  # fmt: skip
            session.add(second)
            session.flush()
            on = at_meetings.owed(session, case, "event_review", str(second.id), due_on=date(2026, 4, 7),
                                  label="transfer on 28 March 2026 (event 2, 16:45)",
                                  named={"offender_manager": [["olive@probation.example", None]]})  # fmt: skip
            rows.prompt(session, on, session.get_one(Message, "m1"), "at once", recipient="olive@probation.example",
                        recipient_role="offender_manager", weight="notice")  # fmt: skip

        message = sent(told[0], add)
        says(message, "We have news of 2 events on this case.", f"{REFERENCE}, Saturday 28 March 2026, event 1, 09:10",
             f"{REFERENCE}, Saturday 28 March 2026, event 2, 16:45")  # fmt: skip
        assert text_of(message).count("Please record it by") == 1, "what is asked twice is asked once"

    @pytest.mark.parametrize("kind", EventKind)
    def test_every_event_has_its_words(self, sqlite_record: Record, kind: EventKind) -> None:
        says(sent(sqlite_record, self.add(kind)), kind.spec.happened)

    def test_every_event_of_which_somebody_is_told_has_words(self) -> None:
        shipped = shipped_book().policies[0]
        assert set(shipped.victims.told_of) <= set(EventKind)
        assert set(shipped.timescales[Events.EVENT_REVIEW].variants) <= set(EventKind)


@pytest.mark.parametrize("kind", [MessageKind.DISCLOSURE, MessageKind.EVENT])
def test_both_texts_say_the_same_but_for_the_layout(told: tuple[Record, bool], kind: MessageKind) -> None:
    add = TestDisclosure().add() if kind is MessageKind.DISCLOSURE else TestEvent().add(until_on=date(2026, 4, 3))
    message = sent(told[0], add)
    text, page = (words_of(body) for body in both(message))
    # The page has a heading of its own, and the reference under it.
    assert text - page == set()
    assert page - text <= {"to", "be", "made", "something", "has", "happened", "disclosure"}


def words_of(body: str) -> set[str]:
    """Return the words of a text, without its signs."""
    return {word.strip("*().,:;-").lower() for word in body.split()} - {""}


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (MessageKind.DISCLOSURE, f"Disclosure to make by 30 September, {REFERENCE}"),
        (MessageKind.EVENT, f"Parole Board decision, {REFERENCE}"),
    ],
)
def test_a_subject_names_the_case_alone(kind: MessageKind, subject: str) -> None:
    item = Item(1, "event_review", REFERENCE, date(2026, 9, 30), label="parole outcome on 12 September 2026")
    assert subject_of(kind, [item], MORNING.date()) == subject


@pytest.mark.parametrize("kind", [MessageKind.DISCLOSURE, MessageKind.EVENT])
def test_one_on_a_restricted_case_is_withheld(sqlite_record: Record, kind: MessageKind) -> None:
    add = TestDisclosure().add() if kind is MessageKind.DISCLOSURE else TestEvent().add()
    with sqlite_record.writing() as session:
        add(session, rows.case(session, rows.person(session), restricted=True))
    with pytest.raises(AssertionError, match="withheld: the case is restricted"):
        delivered(sqlite_record)
