"""Every event in custody, on leave or on licence, to the day (our defaults): what opens, moves, ends.

Rules: an event is looked at within five working days, somebody at large within one; victims hear within one working
day; the prison is the partner on ViSOR within five. 2026: 3 and 6 April, 25 May, 31 August, 25 and 28 December are bank
holidays; 2027: 1 January, 26 and 29 March, 3 and 31 May.
"""

from collections import Counter
from datetime import date, timedelta

import pytest

from casework.errors import RefusedError
from tests.support.custody import (
    EVENTS,
    LOOKED_AT,
    NORA,
    ROWS,
    THERE,
    VIC,
    begun,
    delivered,
    happened,
    happens,
    letters,
    revisions,
    told,
)
from tests.support.story import (
    CHRIS,
    CLARE,
    CORA,
    LIONEL,
    MONA,
    OLIVE,
    OPAL,
    PRIYA,
    VERA,
    form,
    minuted,
)


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_is_told_at_once_looked_at_in_days_and_victims_hear_of_it(record, tmp_path, event):
    _, on, _, at_once, review_due, victim_due = EVENTS[event]
    story = happened(record, tmp_path, event)
    assert {to for rung, to, day in told(story, "event_review") if (rung, day) == ("at once", on)} == at_once
    assert story.owed("event_review") == [(review_due, "open", None)]
    expected = Counter(at_once)
    if victim_due is None:
        assert story.owed("victim_update") == []
    else:
        assert story.owed("victim_update") == [(victim_due, "open", None)]
        assert told(story, "victim_update") == [("at once", VERA, on)]
        expected[VERA] += 1
    assert letters(story) == expected, "a letter a person, at once"
    found = delivered(story, on)
    assert {address.split("<")[-1].strip(">"): n for address, n in found.items()} == expected


@pytest.mark.parametrize("event", EVENTS)
def test_an_outage_of_weeks_catches_up_and_each_rung_goes_to_each_once(record, tmp_path, event):
    where, on, data, at_once, *_ = EVENTS[event]
    story = begun(record, tmp_path, where)
    story.record_fact("custody-event", on, event=event, what="As the prison told on the day.", by="Olive", **data)
    later = {"2026": "2027-06-01", "2027": "2027-07-01"}[on[:4]]
    for day in (later, later, "2027-07-02"):
        story.tick(day)
    for kind in ("event_review", "victim_update", "return_due", "visor_partner"):
        for timescale in story.timescales(kind):
            # Past its last rung comes the next list of what is stuck.
            rungs = {step["rung"] for step in timescale.ladder if step["message"] != "stuck_list"}
            assert timescale.next_rung >= len(rungs)
            assert {rung for rung, *_ in story.prompts(kind)} == rungs
        assert max(Counter(prompt[:3] for prompt in story.prompts(kind)).values(), default=1) == 1
    assert {to for rung, _, to, _ in story.prompts("event_review") if rung == "at once"} == at_once
    assert {day for *_, day in story.prompts("event_review")} == {later}


@pytest.mark.parametrize("event", [event for event in EVENTS if event != "death"])
def test_the_next_meeting_looks_at_what_happened_but_none_of_its_own_day(record, tmp_path, event):
    story = happened(record, tmp_path, event)
    on, due = EVENTS[event][1], EVENTS[event][4]
    eight_weeks = timedelta(weeks=8)
    following = (date.fromisoformat(on) + eight_weeks).isoformat()
    after_that = (date.fromisoformat(following) + eight_weeks).isoformat()
    story.record_fact("meeting", on, **minuted(*THERE, next_on=following, salt=on))
    assert story.owed("event_review") == [(due, "open", None)]
    story.record_fact("meeting", following, **minuted(*THERE, next_on=after_that, salt=following))
    assert story.owed("event_review") == [(due, "met", following)]


@pytest.mark.parametrize("event", EVENTS)
def test_a_review_of_its_own_looks_at_it_a_death_too_although_the_case_is_closed(record, tmp_path, event):
    story = happened(record, tmp_path, event)
    on, due, victim_due = EVENTS[event][1], EVENTS[event][4], EVENTS[event][5]
    story.record_fact("event-review", "2027-05-06", **form("event-review", **LOOKED_AT))
    assert story.owed("event_review") == [(due, "met", "2027-05-06")]
    with pytest.raises(
        RefusedError, match=r"a review of event 1 was recorded on 2027-05-06|those .* wait for a review: none"
    ):
        story.record_fact("event-review", "2027-05-07", **form("event-review", **LOOKED_AT))
    if victim_due:
        story.record_fact("victim-update", "2027-05-06", **form("victim-update", event=None))
        assert story.owed("victim_update") == [(victim_due, "met", "2027-05-06")]
        story.tick("2027-06-30")
        assert told(story, "victim_update") == [("at once", VERA, on)], "met: nothing more goes out"


# Transfer


def test_after_a_transfer_the_new_prison_is_prompted_and_is_to_be_the_partner(record, tmp_path):
    story = begun(record, tmp_path, level=None)
    story.every_day("2026-06-11", "2026-06-12")
    happens(story, "transfer", "2026-06-15", prison="HMP North")
    story.every_day("2026-06-16", "2026-07-10")
    # Notice is due on Sunday 12 July: prompts on Fri 12 June, and on Fri 10 July.
    assert told(story, "prison_notice") == [("-1 month", OPAL, "2026-06-12"), ("due", NORA, "2026-07-10")]
    assert story.case().prison == "HMP North"
    # Five working days from Monday 15 June, and one more.
    assert told(story, "visor_partner") == [("due", PRIYA, "2026-06-22"), ("+1W", CORA, "2026-06-23")]
    with pytest.raises(RefusedError, match="HMP North holds the person, not HMP Example"):
        story.record_fact("visor-partner", "2026-06-24", **form("visor-partner"))
    story.record_fact("visor-partner", "2026-06-24", **form("visor-partner", prison="HMP North"))
    assert story.owed("visor_partner") == [("2026-06-22", "met", "2026-06-24")]


def test_the_partner_is_owed_anew_after_the_next_move_and_no_more_of_the_prison_left(record, tmp_path):
    story = happened(record, tmp_path, "transfer")
    happens(story, "transfer", "2027-01-06", prison="HMP Example")
    # Mon 4 Jan was the day for the first; five working days from Wed 6 Jan are Wed 13 Jan.
    assert [(due, state) for due, state, _ in story.owed("visor_partner")] == [
        ("2027-01-04", "missed"), ("2027-01-13", "open")]  # fmt: skip
    story.record_fact("visor-partner", "2027-01-11", **form("visor-partner", event=2))
    assert story.owed("visor_partner")[1] == ("2027-01-13", "met", "2027-01-11")


def test_an_older_transfer_told_late_does_not_move_anybody_back(record, tmp_path):
    story = begun(record, tmp_path)
    happens(story, "transfer", "2026-06-19", prison="HMP North")
    happens(story, "transfer", "2026-06-22", date="2026-06-10", prison="HMP South")
    assert story.case().prison == "HMP North"
    # Five working days from Friday 19 June.
    assert [(due, state) for due, state, _ in story.owed("visor_partner") if state == "open"] == [
        ("2026-06-26", "open")
    ]
    assert story.timescale("visor_partner").label == "transfer on 19 June 2026"


@pytest.mark.parametrize("event", ["transfer", "recall", "parole_outcome"])
def test_a_file_that_tells_what_it_told_before_undoes_no_event(record, tmp_path, event):
    """Loading the same file twice changes nothing: it was made by somebody who knew nothing of the event."""
    story = happened(record, tmp_path, event)
    before = {name: getattr(story.case(), name) for name in ("location", "prison", "release_date")}
    where, on = EVENTS[event][0], EVENTS[event][1]
    story.load(on, ROWS[where])
    story.tick(on, 11)
    assert {name: getattr(story.case(), name) for name in before} == before


# A further charge


def test_a_serious_charge_at_level_2_goes_to_the_smb_within_five_days(record, tmp_path):
    story = begun(record, tmp_path, "community")
    summary = happens(story, "further_charge", "2026-08-28", offence="Wounding with intent", serious=True)
    assert summary.endswith("the SMB considers a case review")
    story.every_day("2026-08-29", "2026-09-04")
    # Five calendar days from Friday 28 August are Wednesday 2 September.
    assert story.owed("case_review") == [("2026-09-02", "open", None)]
    assert told(story, "case_review") == [
        ("at once", CORA, "2026-08-28"), ("at once", CHRIS, "2026-08-28"), ("due", CORA, "2026-09-02"),
        ("+1W", CHRIS, "2026-09-03")]  # fmt: skip
    # The report that comes before it is asked for by the same day.
    assert story.owed("offence_report") == [("2026-09-02", "open", None)]
    assert told(story, "offence_report") == [
        ("due", OLIVE, "2026-09-02"), ("+1W", LIONEL, "2026-09-03"), ("+1W", CORA, "2026-09-03")]  # fmt: skip
    # The coordinator hears of the charge and of the review in one letter.
    assert letters(story) == Counter([OLIVE, PRIYA, CORA, CLARE, CHRIS])
    with pytest.raises(RefusedError, match="charged at level 2 or 3 on 2026-08-27; known: 2026-08-28"):
        story.record_fact("offence-report", "2026-09-03", charged_on="2026-08-27", by="Olive")
    with pytest.raises(RefusedError, match="2026-08-27 is before the charge"):
        story.record_fact("offence-report", "2026-09-03", date="2026-08-27", charged_on="2026-08-28", by="Olive")
    story.record_fact("offence-report", "2026-09-03", charged_on="2026-08-28", by="Olive")
    assert story.owed("offence_report") == [("2026-09-02", "met", "2026-09-03")]
    decided = form("case-review", charged_on="2026-08-28")
    story.record_fact("case-review", "2026-09-04", **decided)
    assert story.owed("case_review") == [("2026-09-02", "met", "2026-09-04")]


@pytest.mark.parametrize(("level", "serious"), [(1, True), (2, False), (None, True)])
def test_no_case_review_for_a_charge_that_is_not_serious_or_at_level_1(record, tmp_path, level, serious):
    story = begun(record, tmp_path, "community", level)
    happens(story, "further_charge", "2026-08-28", offence="Common assault", serious=serious)
    assert story.owed("case_review") == []
    # The Chair is one of level 2 or 3; where there is none the coordinator sets the level.
    assert letters(story) == Counter([OLIVE, PRIYA, CORA] + ([CLARE] if level == 2 else []))
    with pytest.raises(RefusedError, match="no serious further offence was charged at level 2 or 3 on 2026-08-28"):
        story.record_fact("case-review", "2026-09-04", **form("case-review", charged_on="2026-08-28"))


# Hospital, release, death


@pytest.mark.parametrize(("event", "location"), [("hospital_transfer", "hospital"), ("release", "community")])
def test_who_leaves_prison_has_no_release_to_prepare_and_no_prison_as_partner(record, tmp_path, event, location):
    story = begun(record, tmp_path, level=None)
    happens(story, "transfer", "2026-04-01", prison="HMP North")
    happens(story, event, "2026-05-22")
    case = story.case()
    assert (case.location, case.prison, case.release_date) == (location, None, None)
    # The release overtook what should have been done before it; in hospital no release is prepared.
    left = "missed" if event == "release" else "cancelled"
    assert [state for _, state, _ in revisions(story, "prison_notice", "referral")] == [left] * 2
    # The level is no longer due before a release: it is due outside custody, 20 working days from Friday 22 May, of
    # which Monday 25 May is none.
    assert sorted(story.owed("level_setting")) == [("2026-06-22", "open", None), ("2026-09-12", left, None)]
    if event == "release":
        assert story.owed("visor_partner")[0][1] == "missed"
    story.every_day("2026-05-23", "2026-05-29")
    assert not [prompt for prompt in story.prompts("prison_notice") if prompt[3] > "2026-05-22"]


def test_a_release_leaves_the_first_meeting_owed_when_it_was_due(record, tmp_path):
    story = begun(record, tmp_path)
    # Twenty working days from Tuesday 3 March: Tuesday 31 March.
    assert story.owed("first_meeting") == [("2026-03-31", "open", None)]
    happens(story, "release", "2026-04-02")
    assert story.owed("first_meeting") == [("2026-03-31", "open", None)]
    assert story.case().level == 2


def test_a_death_closes_the_case_and_what_it_left_is_done_afterwards(record, tmp_path):
    story = begun(record, tmp_path, "community")
    story.record_fact("meeting-plan", "2026-08-20", **form("meeting-plan", starts_at="2026-09-16T10:00"))
    story.tick("2026-08-20", 10)
    delivered(story, "2026-08-20")
    assert happens(story, "death", "2026-08-28").endswith("the case is closed")
    case = story.case()
    assert (str(case.closed_on), case.stage, case.closed_reason[:5]) == ("2026-08-28", "closed", "died:")
    # The first meeting was still owed, and death overtook it; the planned one is called off.
    for kind, state in (("first_meeting", "missed"), ("meeting", "cancelled")):
        assert [one for _, one, _ in story.owed(kind)] == [state], kind
    assert VERA in {m.recipient for m in story.messages() if m.kind == "cancellation"}
    story.every_day("2026-08-29", "2026-09-09")
    assert told(story, "event_review", "2026-08-29") == [("due", CORA, "2026-09-07"), ("+1W", CLARE, "2026-09-08")]
    assert told(story, "victim_update") == [
        ("at once", VERA, "2026-08-28"), ("due", VERA, "2026-09-01"),
        ("+2W", VIC, "2026-09-03"), ("+2W", CORA, "2026-09-03"), ("+5W", MONA, "2026-09-08")]  # fmt: skip
    story.record_fact("victim-update", "2026-09-10", **form("victim-update", event=None))
    story.record_fact("event-review", "2026-09-10", **form("event-review", **LOOKED_AT))
    assert {state for kind in ("event_review", "victim_update") for _, state, _ in story.owed(kind)} == {"met"}
    assert story.problems() == []
