"""What is recorded of who notifies the police, of the missing, of tests, and of actions that another prison takes over.

Source: Sexual Offences Act 2003 s.84 to 86; police authorised professional practice; Joint inspection 2015, 6.41.
"""

from pathlib import Path

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from models.meetings import Action
from models.record import Record
from tests.support.story import DARREN, PRIYA, Story, form
from tests.support.told_once import told_once

REGISTERED = DARREN | {
    "offence_code": "SX03001",
    "police_offender_manager": "Priya",
    "police_offender_manager_email": PRIYA,
}


CHANGED = {"why": "change", "detail": "address", "changed_on": "2027-11-02"}


@pytest.fixture
@told_once
def outside(record: Record, tmp_path: Path) -> Story:
    """Released on Fri 12 March 2027, and notified the police on the day after."""
    story = Story(record, tmp_path)
    story.load("2026-06-01", REGISTERED)
    story.tick("2026-06-01")
    story.record_fact("custody-event", "2027-03-12", event="release", what="Left at nine in the morning.", by="Opal")
    story.record_fact("first-notification", "2027-03-13", station="Brixton", by="Priya")
    return story


def test_the_year_of_a_registered_person(outside: Story) -> None:
    """Confirmed by Mon 13 March 2028; a change of address on Tue 2 November is told by Thu 4, here on Sat 6."""
    assert outside.owed("yearly_notification") == [("2028-03-13", "open", None)]
    outside.record_fact("details-change", "2027-11-03", **form("details-change"))
    assert outside.owed("details_notified") == [("2027-11-04", "open", None)]
    told = outside.record_fact("police-notification", "2027-11-06", **form("police-notification", **CHANGED))
    assert "2 days late, which is an offence" in str(told)
    assert outside.owed("details_notified") == [("2027-11-04", "met", "2027-11-06")]
    assert outside.owed("yearly_notification") == [
        ("2028-03-13", "met", "2027-11-06"), ("2028-11-06", "open", None),
    ]  # fmt: skip


def test_a_person_without_a_fixed_home_notifies_weekly_until_there_is_one(outside: Story) -> None:
    """SOA 2003 s.85(6): first on Sat 13 March 2027; no home on Thu 1 April, so by Thu 8, then by Wed 14; a flat on 10.

    Nobody is asked for the home a second time: the change of address says that there is one.
    """
    lost = {"why": "change", "detail": "address", "changed_on": "2027-03-31", "home": "no_fixed_home"}
    outside.record_fact("police-notification", "2027-04-01", **form("police-notification", **lost))
    assert outside.owed("weekly_notification") == [("2027-04-08", "open", None)]
    assert outside.owed("yearly_notification") == [("2028-03-13", "met", "2027-04-01")]
    outside.record_fact("police-notification", "2027-04-07", **form("police-notification", why="weekly"))
    found = {"why": "change", "detail": "address", "changed_on": "2027-04-09"}
    outside.record_fact("police-notification", "2027-04-10", **form("police-notification", **found))
    assert outside.owed("weekly_notification") == [
        ("2027-04-08", "met", "2027-04-07"), ("2027-04-14", "met", "2027-04-10"),
    ]  # fmt: skip
    assert outside.owed("yearly_notification")[1:] == [("2028-04-10", "open", None)]


def test_the_first_notification_may_say_that_there_is_no_home(outside: Story) -> None:
    """Recalled on Tue 4 May, out again on Tue 1 June 2027: notified on Wed 2, so by Wed 9 June."""
    outside.record_fact("custody-event", "2027-05-04", event="recall", prison="HMP Example", release_date="2027-06-01",
                        what="He had moved in with her.", by="Olive")  # fmt: skip
    outside.record_fact("custody-event", "2027-06-01", event="release", what="Left at nine.", by="Opal")
    outside.record_fact("first-notification", "2027-06-02", station="Brixton", by="Priya", home="no_fixed_home")
    assert outside.owed("weekly_notification") == [("2027-06-09", "open", None)]


def test_after_a_move_the_neighbourhood_is_told_and_the_plan_looked_at_once(outside: Story) -> None:
    """Learnt on Wed 3 November 2027: by Wed 10. That he told the police of it on Sat 6 is the same move."""
    outside.record_fact("neighbourhood-told", "2027-03-15", **form("neighbourhood-told"))
    outside.record_fact("details-change", "2027-11-03", **form("details-change"))
    outside.record_fact("police-notification", "2027-11-06", **form("police-notification", **CHANGED))
    assert outside.owed("new_address") == [("2027-11-10", "open", None)]
    with pytest.raises(RefusedError, match="say whether the plan still fits the new address"):
        outside.record_fact("neighbourhood-told", "2027-11-08", **form("neighbourhood-told"))
    moved = form("neighbourhood-told", plan="to_be_updated")
    with pytest.raises(RefusedError, match="2027-11-02 is before 2027-11-03, when the new address came to be known"):
        outside.record_fact("neighbourhood-told", "2027-11-02", **moved)
    told = outside.record_fact("neighbourhood-told", "2027-11-08", **moved)
    assert "of the new address; the plan is to be updated" in str(told)
    assert outside.owed("new_address") == [("2027-11-10", "met", "2027-11-08")]
    # Five working days from Mon 8 November (joint inspection 2015, 5.20): Mon 15, and a new version meets it.
    assert outside.owed("plan_update") == [("2027-11-15", "open", None)]


def test_each_move_that_is_notified_is_one(outside: Story) -> None:
    """Told on Thu 4 and on Mon 15 November: by Thu 11 and Mon 22. A word of the neighbour on the first adds none."""
    outside.record_fact("police-notification", "2027-11-04", **form("police-notification", **CHANGED))
    outside.record_fact("details-change", "2027-11-05", **form("details-change"))
    outside.record_fact("neighbourhood-told", "2027-11-08", **form("neighbourhood-told", plan="unchanged"))
    assert outside.owed("plan_update") == []
    second = CHANGED | {"changed_on": "2027-11-13"}
    outside.record_fact("police-notification", "2027-11-15", **form("police-notification", **second))
    assert outside.owed("new_address") == [("2027-11-11", "met", "2027-11-08"), ("2027-11-22", "open", None)]


def test_a_plan_is_spoken_of_after_a_move_alone(outside: Story) -> None:
    with pytest.raises(RefusedError, match="no new address is on record"):
        outside.record_fact("neighbourhood-told", "2027-03-15", **form("neighbourhood-told", plan="unchanged"))


def test_a_journey_abroad_is_told_seven_days_ahead_and_the_return_is_asked_for(outside: Story) -> None:
    """Away from Mon 12 to Mon 26 July: the return is told by Thu 29. Of the second, five days ahead are too few."""
    told = outside.record_fact("foreign-travel", "2027-07-01", **form("foreign-travel"))
    assert "asked for" not in str(told)
    assert outside.owed("travel_return") == [("2027-07-29", "open", None)]
    with pytest.raises(RefusedError, match="no journey of 2027-07-13 is on record; those there are: 2027-07-12"):
        outside.record_fact("travel-return", "2027-07-27", **form("travel-return", leaves_on="2027-07-13"))
    outside.record_fact("travel-return", "2027-07-27", **form("travel-return"))
    assert outside.owed("travel_return") == [("2027-07-29", "met", "2027-07-27")]
    soon = form("foreign-travel", leaves_on="2027-08-06", returns_on="2027-08-20")
    assert "told 5 days before, and 7 are asked for" in str(outside.record_fact("foreign-travel", "2027-08-01", **soon))


def test_a_missing_person_is_decided_on_each_week(outside: Story) -> None:
    with pytest.raises(RefusedError, match="the person is not missing"):
        outside.record_fact("missing-decision", "2027-11-10", **form("missing-decision"))
    gone = {"event": "absconded", "what": "He has not been seen since Tuesday.", "by": "Priya"}
    outside.record_fact("custody-event", "2027-11-03", **gone)
    assert outside.owed("missing_decision") == [("2027-11-10", "open", None)]
    outside.record_fact("missing-decision", "2027-11-10", **form("missing-decision"))
    outside.record_fact("custody-event", "2027-11-15", event="returned", what="Found at his aunt's.", by="Priya")
    assert outside.owed("missing_decision") == [
        ("2027-11-10", "met", "2027-11-10"),
        ("2027-11-17", "met", "2027-11-15"),
    ]


def test_a_clear_test_leaves_nothing_to_review_and_a_missed_curfew_does(outside: Story) -> None:
    """From Mon 3 May, a bank holiday, and Tue 4 May 2027: five working days are Mon 10 and Tue 11."""
    polygraph = {"event": "polygraph", "what": "Four questions on the licence.", "by": "Olive"}
    with pytest.raises(RefusedError, match="polygraph: give result too"):
        outside.record_fact("custody-event", "2027-05-03", **polygraph)
    outside.record_fact("custody-event", "2027-05-03", **polygraph, result="clear")
    assert outside.owed("event_review")[1:] == []
    outside.record_fact("custody-event", "2027-05-04", **polygraph, result="not_clear")
    curfew = {"event": "curfew_violation", "what": "He came home at two in the morning.", "by": "Olive"}
    outside.record_fact("custody-event", "2027-05-03", **curfew)
    assert sorted(due for due, *_ in outside.owed("event_review")[1:]) == ["2027-05-10", "2027-05-11"]


def test_only_who_must_notify_is_asked_to(story: Story) -> None:
    for kind in ("police-notification", "details-change", "foreign-travel"):
        with pytest.raises(RefusedError, match="need not notify the police"):
            story.record_fact(kind, "2028-04-03", **form(kind))


def test_after_a_transfer_the_new_prison_takes_over_what_the_old_had_to_do(met: Story) -> None:
    """Moved on Mon 14 December 2026: by Mon 21. Action 1 of the meeting is made the prison's."""
    with met.record.writing() as session:
        session.scalars(select(Action)).one().agency = "prison"
    moved = {"event": "transfer", "what": "Moved to be near his family.", "by": "Opal", "prison": "HMP Other"}
    met.record_fact("custody-event", "2026-12-14", **moved)
    assert met.owed("prison_actions") == [("2026-12-21", "open", None)]
    owner = {"name": "Odette Example", "email": "odette@prison.example"}
    met.record_fact("action-owner", "2026-12-16", action=1, owner=owner, by="Odette Example")
    assert met.owed("prison_actions") == [("2026-12-21", "met", "2026-12-16")]
    with met.record.reading() as session:
        action = session.scalars(select(Action)).one()
        assert (action.owner_name, action.owner_email) == ("Odette Example", "odette@prison.example")
    with pytest.raises(RefusedError, match="the case has no action 9"):
        met.record_fact("action-owner", "2026-12-16", action=9, owner=owner, by="Odette Example")
