"""Who must come to a meeting follows the person until the meeting, and an absence is judged by its day.

Joint inspection 2015, 5.4 (who was required, invited and there), 6.20 (approved premises), 5.7 (neighbourhood policing
in the community). Darren is in HMP Example; a meeting is planned on 21 September for Wednesday 14 October 2026.
"""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from casework.facts.attendance import attendance_facts
from casework.loading import load_directory
from casework.recording import Entry, record_many
from models.audit import AuditEntry
from models.audit_seals import verify
from models.cases import Case
from models.meetings import Absence, Meeting, Participant
from models.obligations import Message, Prompt, Timescale
from models.record import Record, policies
from notifications.outbox.contents import carried
from policy.attendance import required_on
from policy.roles import Role
from tests.support.story import (
    CHRIS,
    CLARE,
    CLERK,
    CORA,
    DARREN,
    MEETING_DIRECTORY,
    MONA,
    OLIVE,
    OPAL,
    PRIYA,
    Story,
    at,
    attended,
    form,
    minuted,
    post,
    write_csv,
)
from tests.support.told_once import told_once
from views.absences import absences
from views.meetings import meetings

ANNA, NELL, PETRA = "anna@premises.example", "nell@police.example", "petra@elsewhere.example"
ELSEWHERE = post("prison", "prison_offender_management", "Petra", PETRA, "HMP Elsewhere")
POLICE = {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA}
WITHOUT_PRISON = [attended("probation", "Olive"), attended("police", "Priya")]
IN_THE_COMMUNITY = [*WITHOUT_PRISON, attended("neighbourhood_policing", "Nell")]


def planned(record: Record, folder, directory=(*MEETING_DIRECTORY, ELSEWHERE)) -> Story:
    story = Story(record, folder, directory)
    story.load("2026-06-01", DARREN | POLICE)
    story.tick("2026-06-01")
    story.record_fact("level", "2026-09-18", level=2, reason="High risk; agencies must work together.")
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-21")
    all_sent(story)
    return story


@pytest.fixture
@told_once
def story(record: Record, tmp_path) -> Story:
    return planned(record, tmp_path)


def all_sent(story: Story) -> None:
    """Everything that waits goes out."""
    with story.record.writing() as session:
        session.query(Message).filter(Message.state == "pending").update({"state": "sent"})


def happens(story: Story, event: str, on: str, recorded: str | None = None, **more: Any) -> None:
    data = {"event": event, "what": "As the prison told the offender manager by telephone.", "by": "Olive", **more}
    recorded_late(story, "custody-event", on, recorded or on, **data)


def recorded_late(story: Story, kind: str, on: str, recorded: str, **data: Any) -> None:
    """Record on a day what happened on an earlier one."""
    story.told = None
    with story.record.writing() as session:
        record_many(session, [Entry(kind, "X320741", {"date": on, **data})], actor=CLERK, as_at=at(recorded, 9))


def listed(story: Story) -> dict[str, str | None]:
    """Return whom each required agency sends, by the list of the one meeting."""
    with story.record.reading() as session:
        rows = session.scalars(select(Participant).where(Participant.required).order_by(Participant.id))
        return {row.agency: row.email for row in rows}


def told(story: Story, since: str) -> list[tuple[str, str]]:
    """Return (rung, recipient) of what those invited were told of the event from a day on."""
    of_the_event = ("invitation", "taken_back", "cancellation")
    return sorted(
        (rung, to) for rung, _, to, on in story.prompts("meeting") if on >= since and rung.startswith(of_the_event)
    )


def event_number(story: Story) -> int:
    with story.record.reading() as session:
        return session.scalars(select(Meeting.sequence).order_by(Meeting.id)).first() or 0


def meets(story: Story, on: str, *rows: dict[str, Any], **changes: Any) -> None:
    story.record_fact("meeting", on, **minuted(*rows, next_on="2027-01-27", **changes))


class TestUntilTheMeeting:
    def test_after_a_release_the_prison_is_let_off_and_the_neighbourhood_is_invited(self, story):
        happens(story, "release", "2026-10-01")
        story.tick("2026-10-01", hour=10)
        assert listed(story) == {"probation": OLIVE, "police": PRIYA, "neighbourhood_policing": NELL}
        # Nobody else hears of it: their invitation stands as it was.
        assert told(story, "2026-10-01") == [("invitation 1", NELL), ("taken_back 1", OPAL)]
        assert event_number(story) == 1

    def test_the_meeting_after_the_release_is_recorded_without_a_word_on_the_prison(self, story):
        happens(story, "release", "2026-10-01")
        story.tick("2026-10-01", hour=10)
        meets(story, "2026-10-14", *IN_THE_COMMUNITY)
        assert story.owed("attendance") == []

    def test_each_agency_is_on_the_list_of_the_held_meeting_once(self, story):
        happens(story, "release", "2026-10-14")
        meets(story, "2026-10-14", *IN_THE_COMMUNITY)
        with story.record.reading() as session:
            rows = session.execute(select(Participant.agency, Participant.required).order_by(Participant.agency))
            assert [tuple(row) for row in rows] == [
                ("mappa_unit", False),
                ("neighbourhood_policing", True),
                ("police", True),
                # Invited before the release, and not required any more.
                ("prison", False),
                ("probation", True),
            ]

    def test_nor_need_the_flow_have_looked_at_it_first(self, story):
        happens(story, "release", "2026-10-14")
        meets(story, "2026-10-14", *IN_THE_COMMUNITY)
        assert story.owed("attendance") == []
        with pytest.raises(RefusedError, match="prison was required"):
            raise_in_custody(story)

    def test_a_recall_before_the_meeting_invites_the_prison_again_to_the_same_event(self, story):
        happens(story, "release", "2026-10-01")
        story.tick("2026-10-01", hour=10)
        all_sent(story)
        happens(story, "recall", "2026-10-06", prison="HMP Example", release_date="2027-09-01")
        story.tick("2026-10-06", hour=10)
        assert listed(story) == {"probation": OLIVE, "police": PRIYA, "prison": OPAL}
        assert told(story, "2026-10-06") == [("invitation 2", OPAL), ("taken_back 2", NELL)]
        with pytest.raises(RefusedError, match="prison was required"):
            meets(story, "2026-10-14", *WITHOUT_PRISON)

    def test_back_before_word_of_it_left_nothing_but_the_invitation_goes(self, story):
        happens(story, "release", "2026-10-01")
        story.tick("2026-10-01", hour=10)
        happens(story, "recall", "2026-10-01", prison="HMP Example", release_date="2027-09-01")
        story.tick("2026-10-01", hour=11)
        with story.record.reading() as session:
            waiting = session.execute(
                select(Prompt.rung, Prompt.recipient)
                .join(Message)
                .where(Message.state == "pending", Prompt.withdrawn.is_(None), Prompt.recipient_role == Role.INVITEE)
            ).all()
        # Opal is told once more where the meeting is; Nell, whose invitation had not left, never hears of it.
        assert [tuple(row) for row in waiting] == [("invitation 2", OPAL)]

    def test_after_a_transfer_the_new_prison_is_invited_and_the_old_one_let_off(self, story):
        happens(story, "transfer", "2026-10-01", prison="HMP Elsewhere")
        story.tick("2026-10-01", hour=10)
        assert listed(story)["prison"] == PETRA
        assert told(story, "2026-10-01") == [("invitation 1", PETRA), ("taken_back 1", OPAL)]

    def test_the_approved_premises_come_and_go_with_the_plan_to_live_there(self, story):
        story.record_fact("circumstances", "2026-10-01", approved_premises=True)
        story.tick("2026-10-01", hour=10)
        assert told(story, "2026-10-01") == [("invitation 1", ANNA)]
        all_sent(story)
        story.record_fact("circumstances", "2026-10-05", approved_premises=False)
        story.tick("2026-10-05", hour=10)
        assert told(story, "2026-10-05") == [("taken_back 2", ANNA)]
        assert "approved_premises" not in listed(story)

    def test_another_lead_agency_brings_its_own_manager(self, story):
        mia = {"lead_agency": "mental_health", "offender_manager": "Mia", "offender_manager_email": "mia@nhs.example"}
        story.load("2026-10-01", DARREN | POLICE | mia)
        story.tick("2026-10-01", hour=10)
        assert listed(story)["mental_health"] == "mia@nhs.example"
        # Probation stays a core member; Olive does not manage the case for it any more.
        assert listed(story)["probation"] != OLIVE
        assert ("taken_back 1", OLIVE) in told(story, "2026-10-01")

    def test_another_offender_manager_is_invited_in_the_place_of_the_last(self, story):
        nina = {"offender_manager": "Nina", "offender_manager_email": "nina@probation.example"}
        story.load("2026-10-01", DARREN | POLICE | nina)
        story.tick("2026-10-01", hour=10)
        assert told(story, "2026-10-01") == [("invitation 1", "nina@probation.example"), ("taken_back 1", OLIVE)]

    def test_a_move_is_told_to_those_on_the_list_and_counts_on(self, story):
        happens(story, "release", "2026-10-01")
        story.tick("2026-10-01", hour=10)
        all_sent(story)
        story.record_fact("meeting-move", "2026-10-02", **form("meeting-move"))
        story.tick("2026-10-02")
        assert told(story, "2026-10-02") == [("invitation 2", to) for to in sorted([CLARE, NELL, OLIVE, PRIYA])]

    def test_of_a_cancelled_meeting_only_those_on_the_list_hear(self, story):
        happens(story, "release", "2026-10-01")
        story.tick("2026-10-01", hour=10)
        all_sent(story)
        story.record_fact("meeting-cancel", "2026-10-02", **form("meeting-cancel"))
        story.tick("2026-10-02")
        assert told(story, "2026-10-02") == [("cancellation 2", to) for to in sorted([CLARE, NELL, OLIVE, PRIYA])]

    def test_what_changes_nobody_on_the_list_is_told_to_nobody(self, story):
        story.record_fact("circumstances", "2026-10-01", domestic_abuse=False)
        [report] = [r for r in story.tick("2026-10-01", hour=10) if r.stage == "meetings"]
        assert report.waited == 0
        assert told(story, "2026-10-01") == []
        assert event_number(story) == 0


def raise_in_custody(story: Story) -> None:
    """Record the next meeting, after a recall, without a word on the prison."""
    happens(story, "recall", "2026-10-20", prison="HMP Example", release_date="2027-09-01")
    story.record_fact("meeting", "2027-01-27", **minuted(*IN_THE_COMMUNITY, next_on="2027-05-12", salt="2027-01-27"))


AWAY = [*WITHOUT_PRISON, attended("prison", "Opal", "absent")]


class TestJudgedByItsDay:
    def test_a_release_recorded_late_withdraws_the_absence_and_what_is_still_to_be_sent(self, story):
        meets(story, "2026-10-14", *AWAY)
        story.tick("2026-10-14", hour=10)
        # A Responsible Authority agency: to the agency, its Chair and the SMB Chair at once.
        assert {to for _, _, to, _ in story.prompts("attendance")} == {OPAL, CLARE, CHRIS}
        happens(story, "release", "2026-10-12", recorded="2026-10-15")
        assert story.owed("attendance") == [("2026-10-21", "cancelled", None)]
        why = (
            "not required on Wednesday 14 October 2026, by a fact recorded later; it had been asked because: "
            "the person is in custody"
        )
        assert story.timescale("attendance").reason == why
        story.every_day("2026-10-15", "2026-11-20")
        assert len(story.prompts("attendance")) == 3

    def test_it_is_in_the_trail_and_on_the_list_of_absences(self, story):
        meets(story, "2026-10-14", *AWAY)
        happens(story, "release", "2026-10-12", recorded="2026-10-15")
        with story.record.reading() as session:
            actions = session.scalars(select(AuditEntry.action).where(AuditEntry.chain.like("case/%"))).all()
            assert {"absence-withdrawn", "required-judged-anew"} <= set(actions)
            assert list(verify(session)) == []
            [seen] = absences(session)
            assert list(absences(session, unsettled=True)) == []
            [held] = [m for m in meetings(session) if m.state == "held"]
        assert (str(seen.withdrawn_on), seen.settled_on) == ("2026-10-15", None)
        # In the community neighbourhood policing was to be there, and nobody invited it.
        assert held.required == ["neighbourhood_policing", "police", "probation"]

    def test_what_had_not_left_does_not_leave(self, story):
        meets(story, "2026-10-14", *AWAY)
        story.tick("2026-10-14", hour=10)
        happens(story, "release", "2026-10-12", recorded="2026-10-14")
        with story.record.reading() as session:
            ids = [m.id for m in session.scalars(select(Message)) if m.recipient == CHRIS and m.state == "pending"]
            unneeded = [(one.line.kind, one.unneeded) for found in carried(session, ids).values() for one in found]
        # The absence was withdrawn; the notice of the prison, due on 12 July, was overtaken by the release.
        assert sorted(unneeded) == [
            ("attendance", "cancelled before sending"),
            ("prison_notice", "closed as missed before sending"),
        ]

    def test_a_release_after_the_meeting_changes_nothing_of_it(self, story):
        meets(story, "2026-10-14", *AWAY)
        happens(story, "release", "2026-10-15")
        assert [row[1] for row in story.owed("attendance")] == ["open"]

    def test_released_and_back_before_the_meeting_it_stands_again(self, story):
        meets(story, "2026-10-14", *AWAY)
        happens(story, "release", "2026-10-09", recorded="2026-10-15")
        assert story.timescales("attendance")[0].state == "cancelled"
        happens(story, "recall", "2026-10-12", recorded="2026-10-16", prison="HMP Example", release_date="2027-09-01")
        assert {t.label: t.state for t in story.timescales("attendance")}["prison, meeting 1"] == "open"

    def test_a_report_that_came_stays_on_record(self, story):
        meets(story, "2026-10-14", *AWAY)
        story.record_fact("attendance-report", "2026-10-15", agency="prison", how="report",
                          text="Conduct report of 12 October: no adjudications.")  # fmt: skip
        happens(story, "release", "2026-10-12", recorded="2026-10-16")
        assert ("2026-10-21", "met", "2026-10-15") in story.owed("attendance")

    def test_a_withdrawn_absence_does_not_count(self, story):
        meets(story, "2026-10-14", *AWAY)
        happens(story, "release", "2026-10-12", recorded="2026-10-15")
        happens(story, "recall", "2026-11-02", prison="HMP Example", release_date="2027-09-01")
        story.record_fact("meeting", "2027-01-27", **minuted(*AWAY, next_on="2027-05-12", salt="2027-01-27"))
        with story.record.reading() as session:
            rows = session.scalars(select(Absence).where(Absence.agency == "prison").order_by(Absence.id))
            assert [(row.nth, row.withdrawn_on is None) for row in rows] == [(1, False), (1, True)]

    def test_an_absence_of_an_older_record_is_judged_at_the_next_look(self, story):
        """As an older release left it: released on 12 October, and the prison still asked about the 14th."""
        meets(story, "2026-10-14", *AWAY)
        happens(story, "release", "2026-10-12", recorded="2026-10-15")
        story.told = None
        with story.record.writing() as session:
            session.query(Meeting).update({"basis": None, "case_then": None})
            session.query(Absence).update({"withdrawn_on": None, "withdrawn_because": None})
            session.query(Timescale).filter(Timescale.kind == "attendance").update(
                {"state": "open", "reason": None, "next_prompt_at": at("2026-10-21")}
            )
            # What the migration does.
            session.query(Case).update({"review_at": at("2000-01-01")})
        story.tick("2026-10-16")
        assert story.owed("attendance") == [("2026-10-21", "cancelled", None)]

    def test_circumstances_told_late_are_those_of_their_day(self, story):
        """Told on 1 October, and first of 5 October, then of 2 October: the later day stands."""
        story.record_fact("circumstances", "2026-10-05", approved_premises=False)
        recorded_late(story, "circumstances", "2026-10-02", "2026-10-06", approved_premises=True)
        assert story.case().circumstances == {"approved_premises": False}
        story.tick("2026-10-06", hour=10)
        assert "approved_premises" not in listed(story)


ORDERS = [
    order for order in permutations(range(4))
    # Nobody is recalled who is not known to have been released.
    if order.index(0) < order.index(1)
]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "".join(map(str, order)))
def test_in_whatever_order_it_is_recorded_the_list_is_the_same(sqlite_record, tmp_path, order):
    """Released on 28 September, recalled on 5 October; approved premises planned from 25 September to 7 October."""
    story = planned(sqlite_record, tmp_path)
    facts = [
        ("custody-event", "2026-09-28", {"event": "release"}),
        ("custody-event", "2026-10-05", {"event": "recall", "prison": "HMP Example", "release_date": "2027-09-01"}),
        ("circumstances", "2026-09-25", {"approved_premises": True, "tagged": True}),
        ("circumstances", "2026-10-07", {"approved_premises": False}),
    ]
    for kind, on, data in (facts[n] for n in order):
        words = {"what": "As the prison told by telephone.", "by": "Olive"} if kind == "custody-event" else {}
        recorded_late(story, kind, on, "2026-10-08", **words, **data)
    story.tick("2026-10-08", hour=10)
    assert set(listed(story)) == {"probation", "police", "prison", "electronic_monitoring"}
    with story.record.reading() as session:
        case = session.scalars(select(Case)).one()
        facts_then = attendance_facts(session, [case])[case.id]
        numbers = policies(session).for_area("London", date(2026, 10, 1)).attendance
        on_the_first = {one.agency for one in required_on(facts_then, date(2026, 10, 1), numbers)}
    assert on_the_first == {"probation", "police", "approved_premises", "electronic_monitoring",
                            "neighbourhood_policing"}  # fmt: skip


class TestInvitedItself:
    """A coordinator who stands in is nobody of the agency."""

    @pytest.fixture
    def without(self, record: Record, tmp_path) -> Story:
        return planned(record, tmp_path, [row for row in MEETING_DIRECTORY if row["agency"] != "prison"])

    def test_it_is_not_among_the_agencies_invited_and_a_person_is_asked(self, without):
        assert listed(without)["prison"] == CORA
        assert without.problems() == ["meeting 1: nobody is known to invite for prison"]
        with without.record.reading() as session:
            [meeting] = meetings(session)
        assert meeting.required == ["police", "prison", "probation"]
        assert meeting.invited == ["mappa_unit", "police", "probation"]

    def test_its_absence_goes_to_the_unit_and_not_to_the_smb_chair(self, without):
        meets(without, "2026-10-14", *WITHOUT_PRISON, attended("prison", "Nobody", "absent"))
        without.every_day("2026-10-14", "2026-10-21")
        assert [(rung, to, on) for rung, _, to, on in without.prompts("attendance")] == [
            ("at once", CORA, "2026-10-14"),
            ("+5W", MONA, "2026-10-21"),
        ]
        assert without.timescale("attendance").label == "prison, meeting 1, nobody from it was invited"

    def test_somebody_found_in_time_is_invited_in_the_place_of_the_stand_in(self, without):
        path = write_csv(without.folder / "new.csv", [post("prison", "prison_offender_management", "Opal", OPAL,
                                                           "HMP Example")])  # fmt: skip
        without.told = None
        load_directory(without.record, path, as_at=at("2026-10-01"), actor="t")
        without.tick("2026-10-01")
        assert listed(without)["prison"] == OPAL
        assert told(without, "2026-10-01") == [("invitation 1", OPAL), ("taken_back 1", CORA)]
        assert without.problems() == []
