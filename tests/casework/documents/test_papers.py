"""Papers: what somebody must have read who comes to the case for the first time, from the record as it stands."""

import re

from tests.casework.documents.reading import both, leaves, minutes, papers
from tests.support.story import Story, form


def test_the_papers_of_a_first_meeting_say_why_who_and_what_was_referred(story: Story) -> None:
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan", papers=["OASys of 20 August"]))
    story.tick("2026-09-22")
    for seen in both(papers(story, 1)):
        for words in (
            "MAPPA papers",
            "Category 2: violent or other sexual offender",
            "Friday 12 March 2027: 149 days after the meeting",
            "OASys of 20 August",
            "Required: there is victim contact",
            "Required: lead agency",
            "Chairs the meeting",
            "Lives, or will live, in approved premises",
            "Not known",
            "this is the first meeting that is held",
            "High risk, and three agencies hold parts of the plan.",
            "Accepted at level 2",
            "Cora Example (MAPPA unit) and Priya Example (Police)",
            "No action is open.",
            "Every required agency came or reported.",
        ):
            assert words in seen, words
        data = form("referral", circumstances=None, referrer_email=None)
        left = [text for text in leaves(data) if text not in seen and not re.fullmatch(r"\d{4}-\d\d-\d\d", text)]
        assert left == []


def test_before_the_flow_has_listed_anybody_the_papers_say_whom_the_case_asks_for(story: Story) -> None:
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    for seen in both(papers(story, 1)):
        assert "Required: there is victim contact" in seen
        assert "Not worked out yet" in seen


def test_the_papers_of_a_later_meeting_say_how_old_the_plan_is_and_what_is_open(met: Story) -> None:
    met.record_fact("attendance-contact", "2026-10-16", **form("attendance-contact"))
    met.record_fact(
        "incident", "2026-12-01", kind="breach", what="He rang the sister from the wing.", urgent_meeting=None
    )
    for seen in both(papers(met, 2)):
        for words in (
            "plan of the last meeting: 105 days old by this meeting",
            "Curfew from 19:00 to 07:00, and unannounced visits by the police.",
            "1. Trace the uncle",
            "4 November 2026: before the meeting",
            "He would look for the uncle first, and drink with him.",
            "Three letters from prison this year",
            "Open; last asked on 16 October 2026: will report",
            "He rang the sister from the wing.",
            "Nothing is to be disclosed. The approved premises know",
        ):
            assert words.lower() in seen.lower(), words


def test_papers_and_minutes_show_the_release_date_and_the_day_on_which_the_door_opens(met: Story) -> None:
    """The date is Sunday 14 March 2027, so that the door opens on Friday 12 (Criminal Justice Act 1961 s.23).

    The second meeting is on 27 January 2027: Friday is 44 days after it.
    """
    met.record_fact("release-date", "2026-10-20", which="conditional_release_date", release_date="2027-03-14",
                    reason="Two days were added after an adjudication.")  # fmt: skip
    met.record_fact("meeting-plan", "2026-11-02", **form("meeting-plan", starts_at="2027-01-27T10:00"))
    for seen in both(papers(met, 2)):
        assert "Friday 12 March 2027: 44 days after the meeting (release date: Sunday 14 March 2027)" in seen
    for seen in (*both(papers(met, 2)), *both(minutes(met, 1))):
        told = seen[seen.index("Release date") :]
        assert told.index("Sunday 14 March 2027") < told.index("Leaves custody on") < told.index("Friday 12 March 2027")
    met.record_fact("release-day", "2027-01-04", release_date="2027-03-14", opens_on="2027-03-10", by="Opal Example",
                    reason="No housing office is open between Friday and Monday.")  # fmt: skip
    for seen in both(papers(met, 2)):
        assert "Wednesday 10 March 2027: 42 days after the meeting (release date: Sunday 14 March 2027)" in seen
