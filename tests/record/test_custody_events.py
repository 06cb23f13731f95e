"""Every event in custody, on leave or on licence, to the day (domain.md 2.14, 2.17): what opens, moves, ends.

Rules: an event is looked at within five working days, somebody at large within one; victims hear within one working
day; the prison is the partner on ViSOR within five. 2026: 3 and 6 April, 25 May, 31 August, 25 and 28 December are bank
holidays; 2027: 1 January, 26 and 29 March, 3 and 31 May.
"""

from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from models.events import CustodyEvent
from models.record import Record
from tasks import deliver
from tasks.stage import run_stage
from tests.support.story import (
    ADAM,
    CHRIS,
    CLARE,
    CORA,
    DARREN,
    LIONEL,
    MEETING_DIRECTORY,
    OLIVE,
    OPAL,
    PRIYA,
    VERA,
    Story,
    at,
    attended,
    form,
    minuted,
    post,
)
from tests.support.told_once import told_once

NORA, VIC = "nora@prison.example", "vic@victims.example"
DIRECTORY = [
    *MEETING_DIRECTORY,
    post("prison", "prison_offender_management", "Nora", NORA, "HMP North"),
    post("victim_liaison", "senior_manager", "Vic", VIC),
]
INSIDE = DARREN | {
    "police_offender_manager": "Priya",
    "police_offender_manager_email": PRIYA,
    "victim_contact": "yes",
}
OUTSIDE = INSIDE | {"location": "community", "prison": "", "conditional_release_date": "2026-01-12"}
ROWS = {"custody": INSIDE, "community": OUTSIDE, "hospital": OUTSIDE | {"location": "hospital"}}
# Everybody whom any case of these stories requires.
THERE = [
    attended("probation", "Olive"),
    attended("police", "Priya"),
    attended("prison", "Opal"),
    attended("victim_liaison", "Vera"),
    attended("neighbourhood_policing", "Nell"),
    attended("mental_health", "Max"),
]
LOOKED_AT = {"risk_changed": False, "plan": "unchanged", "meeting": "not_needed"}
# event: (where, day, what it tells, who hears at once, when it is looked at, when the victim has heard)
EVENTS: dict[str, tuple[str, str, dict[str, Any], set[str], str, str | None]] = {
    # Wed 23 Dec: five working days are 24, 29, 30, 31 Dec and 4 Jan. The new prison hears, not the old one.
    "transfer": ("custody", "2026-12-23", {"prison": "HMP North"}, {OLIVE, PRIYA, CORA, NORA}, "2027-01-04",
                 "2026-12-24"),
    # Fri 30 Apr: Mon 3 May is none, so 4, 5, 6, 7 and 10 May.
    "recall": ("community", "2027-04-30", {"prison": "HMP Example", "release_date": "2027-11-26"},
               {OLIVE, PRIYA, CORA, CLARE, OPAL}, "2027-05-10", "2027-05-04"),
    # Thu 24 Dec: 29, 30, 31 Dec, 4 and 5 Jan.
    "temporary_release": ("custody", "2026-12-24", {"until": "2026-12-28"}, {OLIVE, PRIYA, CORA}, "2027-01-05",
                          "2026-12-29"),
    # Wed 1 July: an ordinary week.
    "parole_outcome": ("custody", "2026-07-01", {"decision": "release_directed", "release_date": "2027-01-29"},
                       {OLIVE, PRIYA, CORA}, "2026-07-08", "2026-07-02"),
    # Fri 28 Aug: Mon 31 Aug is none, so 1, 2, 3, 4 and 7 Sep. Of charges victims do not hear by this way.
    "further_charge": ("community", "2026-08-28", {"offence": "Common assault", "serious": False},
                       {OLIVE, PRIYA, CORA, CLARE}, "2026-09-07", None),
    # Fri 22 May: Mon 25 May is none, so 26, 27, 28, 29 May and 1 June.
    "hospital_transfer": ("custody", "2026-05-22", {}, {OLIVE, PRIYA, CORA}, "2026-06-01", "2026-05-26"),
    # Wed 20 May: 21, 22, 26, 27, 28 May.
    "hospital_leave": ("hospital", "2026-05-20",
                       {"starts_on": "2026-05-22", "until": "2026-05-25", "coordinator_told_on": "2026-05-20"},
                       {OLIVE, PRIYA, CORA}, "2026-05-28", "2026-05-21"),
    # Somebody at large: the next working day. Thu 24 Dec, so Tue 29 Dec.
    "absconded": ("community", "2026-12-24", {}, {OLIVE, LIONEL, PRIYA, CORA, CLARE}, "2026-12-29", "2026-12-29"),
    # Fri 30 Oct: 2 to 6 Nov.
    "release": ("custody", "2026-10-30", {}, {OLIVE, PRIYA, CORA}, "2026-11-06", "2026-11-02"),
    # Thu 25 Mar: Easter, so 30, 31 Mar, 1, 2 and 5 Apr.
    "conditions_changed": ("community", "2027-03-25", {"conditions": "Not to enter Harehills, Leeds, at any time."},
                           {OLIVE, PRIYA, CORA}, "2027-04-05", "2027-03-30"),
    # Fri 28 Aug again.
    "death": ("community", "2026-08-28", {}, {OLIVE, PRIYA, CORA, CLARE, ADAM}, "2026-09-07", "2026-09-01"),
}  # fmt: skip


@told_once
def begun(record: Record, folder: Path, where: str = "custody", level: int | None = 2, **row: str) -> Story:
    """A case of category 2 with victim contact, at level 2 since Tuesday 3 March 2026."""
    story = Story(record, folder, DIRECTORY)
    story.load("2026-03-02", ROWS[where] | row)
    story.tick("2026-03-02")
    if level is not None:
        story.record_fact("level", "2026-03-03", level=level, reason="High risk; the agencies must work together.")
        story.tick("2026-03-03", hour=10)
    return story


def happens(story: Story, event: str, on: str, *, hour: int = 10, **data: Any) -> str:
    """An event is recorded on its day, and the clock goes round after it."""
    told = story.record_fact(
        "custody-event", on, event=event, what="As the prison told on the day.", by="Olive", **data
    )
    story.tick(on, hour)
    return told.summary


@told_once
def happened(record: Record, folder: Path, event: str) -> Story:
    where, on, data, *_ = EVENTS[event]
    story = begun(record, folder, where)
    happens(story, event, on, **data)
    return story


def events(story: Story) -> list[CustodyEvent]:
    with story.record.reading() as session:
        found = list(session.scalars(select(CustodyEvent).order_by(CustodyEvent.number)))
        session.expunge_all()
        return found


def told(story: Story, kind: str, since: str = "") -> list[tuple[str, str, str]]:
    """(rung, recipient, day raised) of a kind, each day's in the order of the addresses."""
    found = [(rung, to, on) for rung, _, to, on in story.prompts(kind) if on >= since]
    return sorted(found, key=lambda one: (one[2], found.index(one)))


def delivered(story: Story, monkeypatch: pytest.MonkeyPatch, day: str) -> Counter[str]:
    """Deliver what waits to a folder; return who got a letter about an event."""
    folder = story.folder / "mail"
    monkeypatch.setenv("MAPPA_TRANSPORT", "folder")
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(folder))
    run_stage(story.record, deliver.STAGE, at(day, 11))
    kinds = {m.header_id: m.kind for m in story.messages()}
    mails = [message_from_bytes(path.read_bytes()) for path in folder.glob("*.eml")]
    return Counter(mail["To"] for mail in mails if kinds[mail["Message-ID"]] == "event")


def letters(story: Story) -> Counter[str]:
    """Recipients of the letters about events, one a letter."""
    return Counter(m.recipient for m in story.messages() if m.kind == "event")


def revisions(story: Story, *kinds: str) -> list[tuple[str, str, int]]:
    found = [story.timescale(kind) for kind in kinds]
    return [(str(one.due_on), one.state, one.revision) for one in found]


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_is_told_at_once_looked_at_in_days_and_victims_hear_of_it(record, tmp_path, monkeypatch, event):
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
    found = delivered(story, monkeypatch, on)
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
            assert timescale.next_rung == len(timescale.ladder)
            assert {rung for rung, *_ in story.prompts(kind)} == {step["rung"] for step in timescale.ladder}
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


# The release date


def by_form(story: Story, on: str, release: str | None, **more: Any) -> None:
    story.record_fact("release-date", on, which="conditional_release_date", release_date=release,
                      reason="Added days after an adjudication.", **more)  # fmt: skip


def by_file(story: Story, on: str, release: str, **_: Any) -> None:
    story.load(on, INSIDE | {"conditional_release_date": release})


@pytest.mark.parametrize("change", [by_form, by_file])
def test_a_changed_release_date_moves_everything_before_it_and_asks_for_consultation(record, tmp_path, change):
    story = begun(record, tmp_path, level=None)
    before = ("prison_notice", "referral", "level_setting")
    # Friday 12 March 2027 less eight, six and six months.
    assert revisions(story, *before) == [
        ("2026-07-12", "open", 1), ("2026-09-12", "open", 1), ("2026-09-12", "open", 1)]  # fmt: skip
    change(story, "2026-04-02", "2027-05-31")
    # Monday 31 May 2027: 31 September and 31 November are none, so the last day of the month.
    assert revisions(story, *before) == [
        ("2026-09-30", "open", 2), ("2026-11-30", "open", 2), ("2026-11-30", "open", 2)]  # fmt: skip
    story.every_day("2026-04-02", "2026-04-15")
    # Thursday before Easter: one working day on is Tuesday 7 April, five are Monday 13 April.
    assert told(story, "consultation") == [
        ("at once", OPAL, "2026-04-02"), ("due", OPAL, "2026-04-07"), ("+1W", CORA, "2026-04-08")]  # fmt: skip
    assert told(story, "event_review") == [
        *[("at once", to, "2026-04-02") for to in (OLIVE, PRIYA, CORA, OPAL)],
        ("due", OLIVE, "2026-04-13"), ("+1W", LIONEL, "2026-04-14"), ("+1W", CORA, "2026-04-14")]  # fmt: skip
    assert told(story, "victim_update") == [
        ("at once", VERA, "2026-04-02"), ("due", VERA, "2026-04-07"),
        ("+2W", VIC, "2026-04-09"), ("+2W", CORA, "2026-04-09")]  # fmt: skip
    assert letters(story) == Counter([OLIVE, PRIYA, CORA, OPAL, VERA])
    [event] = events(story)
    assert (event.kind, event.data) == ("release_date_changed", {"from": "2027-03-12", "to": "2027-05-31"})
    story.record_fact("consultation", "2026-04-16", **form("consultation", release_date="2027-05-31"))
    assert story.owed("consultation") == [("2026-04-07", "met", "2026-04-16")]


def test_police_and_probation_consulted_before_are_not_asked_for_again(record, tmp_path):
    story = begun(record, tmp_path)
    by_form(story, "2026-04-02", "2027-05-31", consulted={"police": "Priya", "probation": "Olive"})
    story.every_day("2026-04-02", "2026-04-10")
    assert story.owed("consultation") == [("2026-04-07", "met", "2026-04-02")]
    assert told(story, "consultation") == []


def test_a_file_that_tells_the_same_date_again_changes_nothing_and_another_is_another_event(record, tmp_path):
    story = begun(record, tmp_path, level=None)
    for on in ("2026-04-02", "2026-04-07", "2026-04-08"):
        by_file(story, on, "2027-05-31")
        story.tick(on)
    assert len(events(story)) == 1
    by_file(story, "2026-04-09", "2027-06-11")
    assert [event.data["to"] for event in events(story)] == ["2027-05-31", "2027-06-11"]
    # Friday 11 June 2027 less eight and six months.
    assert revisions(story, "prison_notice", "referral") == [("2026-10-11", "open", 3), ("2026-12-11", "open", 3)]
    assert [due for due, *_ in story.owed("consultation")] == ["2026-04-07", "2026-04-10"]


def test_a_date_that_comes_back_is_consulted_about_anew(record, tmp_path):
    """Consulted about a date once says nothing of a later change that leads to the same date again."""
    story = begun(record, tmp_path)
    by_form(story, "2026-04-02", "2027-05-31", consulted={"police": "Priya", "probation": "Olive"})
    by_form(story, "2026-04-16", "2027-03-12")
    by_form(story, "2026-04-23", "2027-05-31")
    assert story.owed("consultation")[-1] == ("2026-04-24", "open", None)


def test_a_date_taken_away_asks_for_the_next_one_and_for_consultation(record, tmp_path):
    story = begun(record, tmp_path, level=None)
    by_form(story, "2026-04-02", None)
    assert story.case().release_date is None
    assert [state for _, state, _ in revisions(story, "prison_notice", "referral", "level_setting")] == [
        "cancelled"
    ] * 3
    assert story.problems() == [
        "in custody, and no release date still to come is on record: record the next one with 'release-date'"
    ]
    assert story.owed("consultation") == [("2026-04-07", "open", None)]
    story.record_fact("consultation", "2026-04-07", date="2026-04-07", release_date=None,
                      consulted={"police": "Priya", "probation": "Olive"})  # fmt: skip
    assert story.owed("consultation") == [("2026-04-07", "met", "2026-04-07")]
    by_form(story, "2026-04-08", "2027-05-31")
    assert revisions(story, "referral") == [("2026-11-30", "open", 2)]
    assert story.problems() == []


def test_a_parole_date_taken_away_with_consultation_is_consulted_about(record, tmp_path):
    """The date that is left is another than the form tells: it tells none. Both were consulted all the same."""
    story = begun(record, tmp_path, approved_parole_date="2027-01-29")
    assert str(story.case().release_date) == "2027-01-29"
    story.record_fact("release-date", "2026-04-02", which="approved_parole_date", release_date=None,
                      reason="The direction was set aside.",
                      consulted={"police": "Priya", "probation": "Olive"})  # fmt: skip
    assert str(story.case().release_date) == "2027-03-12"
    assert story.owed("consultation") == [("2026-04-07", "met", "2026-04-02")]


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
        ("2027-01-04", "cancelled"), ("2027-01-13", "open")]  # fmt: skip
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


# Recall


@pytest.fixture
@told_once
def recalled(record: Record, tmp_path: Path) -> Story:
    """Released on 12 March 2027, the prison having told of it in July 2026, and recalled on Friday 30 April."""
    story = begun(record, tmp_path)
    story.record_fact("prison-notice", "2026-07-09", release_date="2027-03-12")
    happens(story, "release", "2027-03-12")
    story.record_fact("event-review", "2027-03-15", **form("event-review", **LOOKED_AT))
    story.tick("2027-04-29")
    happens(story, "recall", "2027-04-30", prison="HMP Example", release_date="2027-11-26")
    return story


def test_a_recall_begins_the_way_to_release_anew_and_keeps_the_level(recalled):
    case = recalled.case()
    assert (case.location, case.prison, str(case.release_date), case.level) == (
        "custody",
        "HMP Example",
        "2027-11-26",
        2,
    )
    event = events(recalled)[-1]
    assert (event.level, event.category) == (2, 2)
    # Eight months before 26 November lie before the recall: owed on its day. Six months are Wed 26 May.
    assert revisions(recalled, "prison_notice") == [("2027-04-30", "open", 2)]
    assert [(due, state) for due, state, _ in recalled.owed("referral")] == [("2027-05-26", "open")]
    assert recalled.owed("level_setting")[0][1] == "met"
    for kind in ("prison_notice", "referral"):
        assert all(step["on"] >= "2027-04-30" for step in recalled.timescale(kind).ladder)


def test_after_a_recall_prison_line_manager_and_chair_are_chased_in_turn(recalled):
    recalled.every_day("2027-05-03", "2027-05-18")
    assert told(recalled, "prison_notice", "2027-04-30") == [
        ("-1 month", OPAL, "2027-04-30"), ("due", OPAL, "2027-04-30"), ("+5W", CORA, "2027-05-10")]  # fmt: skip
    assert told(recalled, "event_review", "2027-05-01") == [
        ("due", OLIVE, "2027-05-10"), ("+1W", LIONEL, "2027-05-11"), ("+1W", CORA, "2027-05-11"),
        ("+5W", CLARE, "2027-05-17")]  # fmt: skip
    assert told(recalled, "visor_partner", "2027-04-30") == [
        ("due", PRIYA, "2027-05-10"), ("+1W", CORA, "2027-05-11")]  # fmt: skip
    recalled.record_fact("prison-notice", "2027-05-19", release_date="2027-11-26")
    assert revisions(recalled, "prison_notice") == [("2027-04-30", "met", 2)]


def test_a_recall_without_a_date_asks_for_one(record, tmp_path):
    story = begun(record, tmp_path, "community")
    assert happens(story, "recall", "2027-04-30", prison="HMP Example").endswith("no release date is known")
    assert any(problem.startswith("in custody, and no release date") for problem in story.problems())


@pytest.mark.parametrize("event", ["recall", "further_charge"])
def test_an_event_told_late_stands_with_the_level_of_its_day(record, tmp_path, event):
    """domain.md 5: returns carry the level at the moment of return. The step down to level 1 came after it."""
    story = begun(record, tmp_path, "community")
    story.record_fact("level", "2026-10-12", level=1, reason="The lead agency holds the whole plan by itself now.")
    data = {"recall": {"prison": "HMP Example"}, "further_charge": {"offence": "Wounding", "serious": True}}[event]
    story.record_fact("custody-event", "2026-10-14", date="2026-10-05", event=event, what="Told a week late.",
                      by="Olive", **data)  # fmt: skip
    assert events(story)[0].level == 2


# Leave


def test_who_is_not_back_from_leave_is_asked_after_up_to_the_chair(record, tmp_path):
    story = happened(record, tmp_path, "temporary_release")
    story.every_day("2026-12-25", "2027-01-04")
    # Back by Monday 28 December, a bank holiday: the last working day before it is the 24th, the next is the 29th.
    assert story.owed("return_due") == [("2026-12-28", "open", None)]
    assert told(story, "return_due") == [
        ("due", OLIVE, "2026-12-24"),
        ("+1W", OLIVE, "2026-12-29"), ("+1W", PRIYA, "2026-12-29"), ("+1W", CORA, "2026-12-29"),
        ("+3W", CLARE, "2026-12-31")]  # fmt: skip
    assert happens(story, "returned", "2027-01-05").endswith("event 1")
    assert story.owed("return_due") == [("2026-12-28", "met", "2027-01-05")]
    assert len(story.owed("event_review")) == 1, "that somebody is back is no event to be looked at"


def test_who_is_back_in_time_is_asked_after_no_more(record, tmp_path):
    story = happened(record, tmp_path, "temporary_release")
    happens(story, "returned", "2026-12-27")
    story.every_day("2026-12-28", "2027-01-06")
    assert told(story, "return_due") == [("due", OLIVE, "2026-12-24")]


def test_who_absconds_from_leave_and_comes_back_is_back_from_both(record, tmp_path):
    story = happened(record, tmp_path, "temporary_release")
    happens(story, "absconded", "2026-12-29")
    story.every_day("2026-12-30", "2027-01-06")
    second = story.timescales("event_review")[0]
    # At large: the next working day, the Chair a day later, the SMB Chair three working days after it was due.
    assert str(second.due_on) == "2026-12-30"
    assert [(step["rung"], step["on"], step["to"]) for step in second.ladder][1:] == [
        ("due", "2026-12-30", ["offender_manager", "coordinator"]),
        ("+1W", "2026-12-31", ["chair", "coordinator"]),
        ("+3W", "2027-01-05", ["smb_chair"])]  # fmt: skip
    assert ("+3W", CHRIS, "2027-01-05") in told(story, "event_review")
    assert happens(story, "returned", "2027-01-06").endswith("event 1, 2")
    assert story.owed("return_due") == [("2026-12-28", "met", "2027-01-06")]
    assert [state for _, state, _ in story.owed("event_review")] == ["open", "open"]


def test_who_is_back_from_one_leave_is_still_expected_back_from_the_next(record, tmp_path):
    """Two leaves are on record: one from 22 to 25 May, and one from 22 June that nobody has begun."""
    story = happened(record, tmp_path, "hospital_leave")
    happens(story, "hospital_leave", "2026-05-21", starts_on="2026-06-22", until="2026-06-25",
            coordinator_told_on="2026-05-21")  # fmt: skip
    happens(story, "returned", "2026-05-25")
    assert story.owed("return_due") == [("2026-05-25", "met", "2026-05-25"), ("2026-06-25", "open", None)]


def test_who_is_released_is_no_longer_expected_back(record, tmp_path):
    story = happened(record, tmp_path, "temporary_release")
    happens(story, "release", "2026-12-28")
    story.tick("2027-01-05")
    assert story.owed("return_due")[0][1] != "open"
    assert [rung for rung, *_ in told(story, "return_due")] == ["due"]


def test_hospital_leave_is_told_to_the_coordinator_before_it_begins(record, tmp_path):
    story = begun(record, tmp_path, "hospital")
    leave = {"event": "hospital_leave", "what": "An escorted day at home.", "by": "Max", "until": "2026-05-25"}
    for day in ("2026-05-22", "2026-05-23"):
        with pytest.raises(RefusedError, match="is not before the leave of 2026-05-22: the coordinator is told first"):
            story.record_fact("custody-event", "2026-05-26", starts_on="2026-05-22", coordinator_told_on=day, **leave)
    happens(story, "hospital_leave", "2026-05-20", starts_on="2026-05-22", until="2026-05-25",
            coordinator_told_on="2026-05-20")  # fmt: skip
    story.every_day("2026-05-21", "2026-05-29")
    # Monday 25 May is a bank holiday: asked on Friday 22 May, then one and three working days after.
    assert told(story, "return_due") == [
        ("due", OLIVE, "2026-05-22"),
        ("+1W", OLIVE, "2026-05-26"), ("+1W", PRIYA, "2026-05-26"), ("+1W", CORA, "2026-05-26"),
        ("+3W", CLARE, "2026-05-28")]  # fmt: skip


# Parole


@pytest.mark.parametrize(
    ("outcome", "release", "notice", "referral"),
    [
        # The directed day, Friday 29 January 2027: eight months before is 29 May 2026, six 29 July.
        ({"decision": "release_directed", "release_date": "2027-01-29"}, "2027-01-29", "2026-05-29", "2026-07-29"),
        # Refused, and heard again on 1 September 2027.
        ({"decision": "refused", "next_review_on": "2027-09-01"}, "2027-09-01", "2027-01-01", "2027-03-01"),
        # Refused without another hearing: the conditional release date is next.
        ({"decision": "refused"}, "2028-03-12", "2027-07-12", "2027-09-12"),
        ({"decision": "adjourned", "next_review_on": "2027-05-14"}, "2027-05-14", "2026-09-14", "2026-11-14"),
    ],
)
def test_what_the_parole_board_decides_re_dates_the_way_to_release(
    record, tmp_path, outcome, release, notice, referral
):
    story = begun(record, tmp_path, level=None, parole_eligibility_date="2027-03-12",
                  conditional_release_date="2028-03-12")  # fmt: skip
    assert revisions(story, "prison_notice", "referral") == [("2026-07-12", "open", 1), ("2026-09-12", "open", 1)]
    happens(story, "parole_outcome", "2026-04-02", **outcome)
    assert str(story.case().release_date) == release
    assert revisions(story, "prison_notice", "referral", "level_setting") == [
        (notice, "open", 2), (referral, "open", 2), (referral, "open", 2)]  # fmt: skip
    assert [event.kind for event in events(story)] == ["parole_outcome"], "the outcome itself tells of the new date"
    assert story.owed("consultation") == []


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
    # One letter about the event and one about the review.
    assert letters(story) == Counter({OLIVE: 1, PRIYA: 1, CORA: 2, CLARE: 1, CHRIS: 1})
    decided = form("case-review", charged_on="2026-08-28")
    story.record_fact("case-review", "2026-09-04", **decided)
    assert story.owed("case_review") == [("2026-09-02", "met", "2026-09-04")]


@pytest.mark.parametrize(("level", "serious"), [(1, True), (2, False), (None, True)])
def test_no_case_review_for_a_charge_that_is_not_serious_or_at_level_1(record, tmp_path, level, serious):
    story = begun(record, tmp_path, "community", level)
    happens(story, "further_charge", "2026-08-28", offence="Common assault", serious=serious)
    assert story.owed("case_review") == []
    assert letters(story) == Counter([OLIVE, PRIYA, CORA, CLARE])
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
    assert [state for _, state, _ in revisions(story, "prison_notice", "referral", "level_setting")] == [
        "cancelled"
    ] * 3
    if event == "release":
        assert story.owed("visor_partner")[0][1] == "cancelled"
    story.every_day("2026-05-23", "2026-05-29")
    assert not [prompt for prompt in story.prompts("prison_notice") if prompt[3] > "2026-05-22"]


def test_a_release_leaves_the_first_meeting_owed_when_it_was_due(record, tmp_path):
    story = begun(record, tmp_path)
    # Twenty working days from Tuesday 3 March: Tuesday 31 March.
    assert story.owed("first_meeting") == [("2026-03-31", "open", None)]
    happens(story, "release", "2026-04-02")
    assert story.owed("first_meeting") == [("2026-03-31", "open", None)]
    assert story.case().level == 2


def test_a_death_closes_the_case_and_what_it_left_is_done_afterwards(record, tmp_path, monkeypatch):
    story = begun(record, tmp_path, "community")
    story.record_fact("meeting-plan", "2026-08-20", **form("meeting-plan", starts_at="2026-09-16T10:00"))
    story.tick("2026-08-20", 10)
    delivered(story, monkeypatch, "2026-08-20")
    assert happens(story, "death", "2026-08-28").endswith("the case is closed")
    case = story.case()
    assert (str(case.closed_on), case.stage, case.closed_reason[:5]) == ("2026-08-28", "closed", "died:")
    for kind in ("first_meeting", "meeting"):
        assert [state for _, state, _ in story.owed(kind)] == ["cancelled"], kind
    assert VERA in {m.recipient for m in story.messages() if m.kind == "cancellation"}
    story.every_day("2026-08-29", "2026-09-09")
    assert told(story, "event_review", "2026-08-29") == [("due", CORA, "2026-09-07"), ("+1W", CLARE, "2026-09-08")]
    assert told(story, "victim_update") == [
        ("at once", VERA, "2026-08-28"), ("due", VERA, "2026-09-01"),
        ("+2W", VIC, "2026-09-03"), ("+2W", CORA, "2026-09-03")]  # fmt: skip
    story.record_fact("victim-update", "2026-09-10", **form("victim-update", event=None))
    story.record_fact("event-review", "2026-09-10", **form("event-review", **LOOKED_AT))
    assert {state for kind in ("event_review", "victim_update") for _, state, _ in story.owed(kind)} == {"met"}
    assert story.problems() == []
