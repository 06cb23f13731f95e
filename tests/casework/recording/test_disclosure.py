"""Disclosure: considered with its reason, seen by a second person, made by its date, and what came of it (2.12).

Rules: a proposal is answered within two working days; a disclosure has its own date: who makes it is asked a working
day before and on the day, the Chair a working day after. Monday 25 May 2026 is a bank holiday.
"""

import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from models.disclosures import Disclosure
from models.obligations import Message
from models.record import Record
from tests.support.custody import THERE, begun, told
from tests.support.killed import work
from tests.support.story import CLARE, CORA, OLIVE, PRIYA, Story, at, form, minuted
from tests.support.told_once import told_once

DISCLOSE = form("disclosure", due_on="2026-05-26")
WAITS = "disclosure 1, proposed on 2026-05-21, waits for a second person: approve or refuse it"
MADE = form("disclosure-outcome", disclosure=None)
ON_THE_DAY = [("-1W", PRIYA, "2026-05-22"), ("due", PRIYA, "2026-05-26"), ("+1W", CLARE, "2026-05-27")]


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    """A case in the community at level 2; its licence ends on 3 August 2026."""
    return begun(record, tmp_path, "community", licence_expiry_date="2026-08-03")


def met(story: Story, on: str, next_on: str = "2026-07-08", **changes: Any) -> None:
    story.record_fact("meeting", on, **minuted(*THERE, next_on=next_on, salt=on, **changes))


def proposed(story: Story, on: str = "2026-05-21", **changes: Any) -> Story:
    story.record_fact("disclosure", on, **(DISCLOSE | changes))
    story.tick(on, 10)
    return story


@pytest.fixture
@told_once
def approved(story: Story) -> Story:
    return proposed(story, approved_by="Clare Example")


def disclosures(story: Story) -> list[Disclosure]:
    with story.record.reading() as session:
        found = list(session.scalars(select(Disclosure).order_by(Disclosure.number)))
        session.expunge_all()
        return found


def letters(story: Story) -> list[str]:
    return [m.recipient for m in story.messages() if m.kind == "disclosure"]


def prompted(story: Story) -> list[tuple[str, str, str]]:
    """What the ladder prompted: the letter of the approval left out."""
    return [one for one in told(story, "disclosure") if one[0] != "approved"]


def test_decided_at_a_meeting_with_a_second_person_it_is_put_to_who_makes_it(story):
    met(story, "2026-05-07", disclosure=DISCLOSE | {"approved_by": "Clare Example"})
    story.every_day("2026-05-08", "2026-05-29")
    assert story.owed("disclosure") == [("2026-05-26", "open", None)]
    # Two working days from Thursday 7 May; nobody had to wait for them.
    assert story.owed("disclosure_approval") == [("2026-05-11", "met", "2026-05-07")]
    assert told(story, "disclosure_approval") == []
    assert story.problems() == []
    assert letters(story) == [PRIYA]
    # Tuesday 26 May: the working day before is Friday 22 May.
    assert prompted(story) == ON_THE_DAY


def test_without_a_second_person_it_waits_and_the_chair_is_asked(story):
    met(story, "2026-05-21", disclosure=DISCLOSE)
    story.tick("2026-05-21", 10)
    assert story.problems() == [WAITS]
    story.every_day("2026-05-22", "2026-05-27")
    # Two working days from Thursday 21 May: Friday, and Tuesday after the bank holiday.
    assert story.owed("disclosure_approval") == [("2026-05-26", "open", None)]
    assert told(story, "disclosure_approval") == [
        ("at once", CLARE, "2026-05-21"), ("due", CLARE, "2026-05-26"),
        ("+1W", CLARE, "2026-05-27"), ("+1W", CORA, "2026-05-27")]  # fmt: skip
    assert story.owed("disclosure") == []
    assert letters(story) == []


def test_who_proposes_a_disclosure_does_not_approve_it(story):
    by = "olive  example."
    with pytest.raises(RefusedError, match="who proposes a disclosure does not approve it"):
        story.record_fact("disclosure", "2026-05-21", **DISCLOSE, approved_by=by)
    with pytest.raises(RefusedError, match="who proposes a disclosure does not approve it"):
        met(story, "2026-05-21", disclosure=DISCLOSE | {"approved_by": by})
    proposed(story)
    with pytest.raises(RefusedError, match="who proposes a disclosure does not approve it"):
        story.record_fact("disclosure-approval", "2026-05-22", **form("disclosure-approval", by=by))
    assert disclosures(story)[0].state == "proposed"


def test_once_approved_it_is_owed_on_its_day_and_told_to_who_makes_it(story):
    proposed(story)
    assert story.problems() == [WAITS]
    story.record_fact("disclosure-approval", "2026-05-22", **form("disclosure-approval", disclosure=None))
    assert story.owed("disclosure_approval") == [("2026-05-26", "met", "2026-05-22")]
    assert story.owed("disclosure") == [("2026-05-26", "open", None)]
    story.every_day("2026-05-22", "2026-05-29")
    assert story.problems() == []
    assert (letters(story), prompted(story)) == ([PRIYA], ON_THE_DAY)


def test_refused_it_is_not_made_and_nobody_is_told(story):
    proposed(story)
    refused = form("disclosure-approval", decision="refuse", reason="Moving the bed away from the family is enough.")
    story.record_fact("disclosure-approval", "2026-05-22", **refused)
    story.every_day("2026-05-22", "2026-05-28")
    assert story.owed("disclosure_approval")[0][1:] == ("met", "2026-05-22")
    assert (story.owed("disclosure"), letters(story), story.problems()) == ([], [], [])
    [one] = disclosures(story)
    assert (one.state, str(one.closed_on), one.not_made_reason[:6]) == ("refused", "2026-05-22", "Moving")
    with pytest.raises(RefusedError, match="number 1 is refused, not proposed"):
        story.record_fact("disclosure-approval", "2026-05-25", **form("disclosure-approval"))


def test_nobody_named_for_it_has_an_address_so_the_letter_goes_up_the_line(story):
    proposed(story, approved_by="Clare Example", by={"name": "Dan Example"}, agency="housing")
    assert letters(story) == [OLIVE]
    proposed(story, "2026-05-22", approved_by="Clare Example", by={"name": "Priya"}, reason="The new neighbour too.")
    assert letters(story) == [OLIVE, PRIYA], "the case knows the address of its own people"


def test_the_stage_run_again_and_again_sends_one_letter(approved):
    for hour in (10, 11, 12):
        approved.tick("2026-05-21", hour)
    approved.record_fact("disclosure-outcome", "2026-05-22", **MADE)
    approved.tick("2026-05-22")
    assert letters(approved) == [PRIYA]


def test_killed_right_after_its_commit_the_stage_sends_one_letter(story):
    story.record_fact("disclosure", "2026-05-21", **DISCLOSE, approved_by="Clare Example")
    story.record.close()
    moment = at("2026-05-21", 10)
    assert work(story.record.url, "disclosure", moment, "chunk.committed") == -signal.SIGKILL
    for _ in range(2):
        assert work(story.record.url, "disclosure", moment) == 0
    assert letters(story) == [PRIYA]


def test_an_outage_of_weeks_catches_up_each_rung_once(approved):
    for day in ("2026-06-24", "2026-06-24", "2026-06-25"):
        approved.tick(day)
    assert prompted(approved) == [(rung, to, "2026-06-24") for rung, to, _ in ON_THE_DAY]
    assert letters(approved) == [PRIYA]


# What came of it


@pytest.mark.parametrize(
    ("missing", "said"),
    [("outcome", "outcome: say how they were told"), ("undertaking", "undertaking: say where the signed one")],
)
def test_made_it_needs_what_came_of_it_and_the_undertaking(approved, missing, said):
    for words in (None, "", "told"):
        with pytest.raises(RefusedError, match=said):
            approved.record_fact("disclosure-outcome", "2026-05-22", **(MADE | {missing: words}))
    assert approved.owed("disclosure") == [("2026-05-26", "open", None)]
    approved.record_fact("disclosure-outcome", "2026-05-22", **MADE)
    approved.every_day("2026-05-22", "2026-05-29")
    assert approved.owed("disclosure") == [("2026-05-26", "met", "2026-05-22")]
    assert prompted(approved) == []
    [one] = disclosures(approved)
    assert (one.state, one.undertaking) == ("made", MADE["undertaking"])
    with pytest.raises(RefusedError, match="disclosure 1 is made already"):
        approved.record_fact("disclosure-outcome", "2026-05-25", **(MADE | {"disclosure": 1}))


def test_not_made_it_needs_the_reason(approved):
    for reason in (None, "no time"):
        with pytest.raises(RefusedError, match="not made needs a reason"):
            approved.record_fact("disclosure-outcome", "2026-05-22", state="not_made", by="Priya", reason=reason)
    why = "The family moved away on Friday; nobody with children lives there."
    approved.record_fact("disclosure-outcome", "2026-05-22", state="not_made", by="Priya", reason=why)
    assert approved.owed("disclosure") == [("2026-05-26", "met", "2026-05-22")]


def test_it_is_not_made_before_somebody_approved_it_but_may_be_given_up(story):
    proposed(story)
    with pytest.raises(RefusedError, match="not approved yet; a second person approves it before it is made"):
        story.record_fact("disclosure-outcome", "2026-05-22", **(MADE | {"disclosure": 1}))
    why = "The family moved away on Friday; nobody with children lives there."
    story.record_fact("disclosure-outcome", "2026-05-22", disclosure=1, state="not_made", by="Priya", reason=why)
    story.tick("2026-05-28")
    assert [state for kind in ("disclosure_approval", "disclosure") for _, state, _ in story.owed(kind)] == ["met"] * 2
    assert (story.problems(), letters(story)) == ([], [])


# At the next meeting


def test_the_next_meeting_is_told_of_every_open_one(approved):
    with pytest.raises(RefusedError, match="previous_disclosures: disclosure 1 is open: made with its outcome"):
        met(approved, "2026-06-03")
    for told_of, said in (
        ({"position": "carried"}, "disclosure 1 is carried on: say why it is not made yet"),
        ({"position": "made"}, "disclosure 1: outcome: say how"),
        ({"position": "not_made"}, "disclosure 1: not made needs a reason"),
        ({"position": "carried", "reason": "He is abroad until June.", "disclosure": 7}, "disclosure 7 is not open"),
    ):
        with pytest.raises(RefusedError, match=said):
            met(approved, "2026-06-03", previous_disclosures=[{"disclosure": 1} | told_of])
    carried = {"disclosure": 1, "position": "carried", "reason": "The landlord is abroad until the tenth of June."}
    met(approved, "2026-06-03", previous_disclosures=[carried])
    assert approved.owed("disclosure") == [("2026-05-26", "open", None)]
    made = {"disclosure": 1, "position": "made", "outcome": MADE["outcome"], "undertaking": MADE["undertaking"]}
    met(approved, "2026-07-08", "2026-09-02", previous_disclosures=[made])
    assert approved.owed("disclosure") == [("2026-05-26", "met", "2026-07-08")]


def test_a_reason_says_something_by_itself(story):
    for reason in ("", "see above", "As before.", "n/a", "yes", "short"):
        with pytest.raises(RefusedError, match="reason"):
            story.record_fact("disclosure", "2026-05-21", **(DISCLOSE | {"reason": reason}))
        with pytest.raises(RefusedError, match="reason"):
            met(story, "2026-05-21", disclosure={"decision": "do_not_disclose", "reason": reason})
    assert disclosures(story) == []


def test_a_reason_is_not_copied_confirmed_or_not(story):
    proposed(story, approved_by="Clare Example")
    for words in (DISCLOSE["reason"], DISCLOSE["reason"].upper()):
        with pytest.raises(RefusedError, match="the same words as for disclosure 1"):
            story.record_fact("disclosure", "2026-05-22", **(DISCLOSE | {"reason": words, "to_whom": "The club"}))
    told_of = {"disclosure": 1, "position": "carried", "reason": "The landlord is abroad until the tenth of June."}
    met(story, "2026-06-03", previous_disclosures=[told_of], disclosure={"decision": "do_not_disclose",
        "reason": "The landlord is to know; nobody else is near enough."})  # fmt: skip
    again = minuted(*THERE, next_on="2026-09-02", salt="July", previous_disclosures=[told_of])
    again["disclosure"] = {
        "decision": "do_not_disclose",
        "reason": "The landlord is to know; nobody else is near enough.",
    }
    again["carried_forward"] = {"disclosure.reason": {"confirmed_by": "Olive", "because": "I asked there on Monday."}}
    with pytest.raises(RefusedError, match=r"disclosure\.reason: the same words as on 2026-06-03"):
        story.record_fact("meeting", "2026-07-08", **again)


def test_what_is_not_disclosed_between_meetings_is_on_record_and_owes_nothing(story):
    data = {"decision": "do_not_disclose", "reason": "The employer was told by himself, and has a plan for it."}
    assert "nothing is disclosed" in story.record_fact("disclosure", "2026-05-21", **data).summary
    assert (disclosures(story), story.owed("disclosure"), story.owed("disclosure_approval")) == ([], [], [])


def test_the_disclosure_of_a_second_incident_is_not_lost_whatever_its_words(story):
    """Told again with the same words an incident is the same; another incident has a disclosure of its own."""
    story.record_fact("incident", "2026-06-10", **form("incident"))
    story.record_fact("incident", "2026-06-10", **form("incident"))
    assert len(disclosures(story)) == 1
    other = form("incident", what="He followed a second woman home from the station.")
    other["disclosure"] |= {"to_whom": "The second woman", "due_on": "2026-07-03"}
    try:
        story.record_fact("incident", "2026-07-01", **other)
    except RefusedError:
        return
    assert [one.to_whom for one in disclosures(story)] == ["The new partner", "The second woman"]


# Closing


def end(story: Story, **more: Any) -> None:
    story.record_fact("end-of-sentence-check", "2026-08-03", ends_on="2026-08-03", outcome="deregistered", by="Cora",
                      reason="Two years without an incident; every agency agreed.",
                      victims_told="The victim liaison officer tells her today.", **more)  # fmt: skip


def test_an_open_disclosure_stops_a_closing_and_stays_owed_after_it(approved):
    with pytest.raises(RefusedError, match=r"the disclosure has not been made \(number 1\): settle it first"):
        end(approved)
    end(approved, despite_open="The landlord is told on Friday; the police follow it up.")
    assert approved.case().stage == "closed"
    assert approved.owed("disclosure") == [("2026-05-26", "open", None)]
    approved.tick("2026-08-04")
    assert ("+1W", CLARE, "2026-08-04") in prompted(approved)
    approved.record_fact("disclosure-outcome", "2026-08-07", **MADE)
    assert approved.owed("disclosure") == [("2026-05-26", "met", "2026-08-07")]


def test_a_proposal_that_nobody_answered_stops_a_closing_and_ends_with_it(story):
    proposed(story)
    with pytest.raises(RefusedError, match=r"nobody has approved or refused a disclosure \(number 1\): settle it"):
        end(story)
    end(story, despite_open="The proposal is given up: the risk is gone with the family.")
    story.tick("2026-08-04")
    assert story.owed("disclosure_approval")[0][1] == "missed"
    assert (story.owed("disclosure"), letters(story), story.problems()) == ([], [], [])


def test_messages_about_disclosure_say_nothing_of_it_in_their_subjects(approved):
    with approved.record.reading() as session:
        subjects = list(session.scalars(select(Message.subject).where(Message.kind == "disclosure")))
    assert len(subjects) == 1
    assert approved.case().reference in subjects[0]
    assert not {"landlord", "Chapeltown", "children", "Invented"} & set(subjects[0].replace(",", " ").split())
