"""What happened between the meetings, in minutes and papers: disclosures, the plan, events, orders, assessments."""

import re
from typing import Any

import pytest

from models.meetings import Meeting
from models.orders import CourtOrder
from tests.casework.documents.reading import (
    EVERYBODY,
    Reader,
    approved_disclosure,
    both,
    full_meeting,
    meeting,
    minutes,
    papers,
)
from tests.support.story import Story, anew, form, minuted


def second_meeting(story: Story, **changes: Any) -> None:
    """Record the second meeting, with nothing told of earlier disclosures but what is given."""
    carried = [{"action": 1, "position": "carried", "reason": "Leeds has not answered."}]
    data = minuted(*EVERYBODY, next_on="2027-05-05", salt="January.", meeting=2, previous_actions=carried, **changes)
    story.record_fact("meeting", "2027-01-27", **data)


def section(page: str, heading: str) -> str:
    """Return what a reader sees of one section of a page."""
    found = re.search(rf"<h2>\d+\. {heading}.*?</section>", page, re.DOTALL)
    assert found is not None, heading
    return " ".join(" ".join(Reader(found[0].removesuffix("</section>")).seen).split())


def recalled(story: Story) -> None:
    """Release Darren and take him back."""
    story.record_fact("custody-event", "2027-03-12", event="release", what="Released on licence.", by="Opal Example")
    story.record_fact("custody-event", "2027-05-03", **form("custody-event"))


class TestDisclosuresInMinutes:
    def test_one_that_nobody_has_approved_says_so(self, met: Story) -> None:
        second_meeting(met, disclosure=form("disclosure", due_on="2027-02-17"))
        text, page = minutes(met, 2)
        seen = section(page, "Disclosure")
        for words in ("Number 1", "In person, by the police", "Priya Example, Police", "By when 17 February 2027"):
            assert words in seen, words
        assert "Proposed by Olive Example" in seen
        assert "Approved by Nobody yet: it is not made before a second person has approved it" in seen
        assert "Approved by: Nobody yet" in text

    def test_a_meeting_that_discloses_nothing_leaves_none_of_it_blank(self, met: Story) -> None:
        seen = section(minutes(met, 1)[1], "Disclosure")
        assert seen.count("Not applicable") == 7
        assert "No earlier disclosure was open." in seen

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            (
                {"position": "made", "outcome": "He asked whom to call.", "undertaking": "Signed, on the police file."},
                ["Made: He asked whom to call.", "Signed, on the police file."],
            ),
            (
                {"position": "not_made", "reason": "The landlord has sold the house."},
                ["Not made: The landlord has sold the house.", "None: nothing was disclosed"],
            ),
            (
                {"position": "carried", "reason": "The landlord is abroad until June."},
                ["Carried on: The landlord is abroad until June.", "None: nothing was disclosed"],
            ),
        ],
    )
    def test_what_became_of_an_earlier_one_is_told(self, met: Story, told: dict[str, str], words: list[str]) -> None:
        approved_disclosure(met)
        second_meeting(met, previous_disclosures=[{"disclosure": 1} | told])
        for seen in both(minutes(met, 2)):
            assert "1. The landlord of the flat in Chapeltown Road: That he may not be alone" in seen
            assert [word for word in words if word not in seen] == []

    def test_one_made_between_two_meetings_is_told_at_the_second_and_at_no_third(self, met: Story) -> None:
        approved_disclosure(met)
        met.record_fact("disclosure-outcome", "2026-11-12", **form("disclosure-outcome"))
        second_meeting(met)
        third = minuted(
            *EVERYBODY, next_on="2027-08-04", salt="May.", meeting=3,
            previous_actions=[{"action": 1, "position": "carried", "reason": "Leeds has not answered yet."}],
        )  # fmt: skip
        met.record_fact("meeting", "2027-05-05", **third)
        for seen in both(minutes(met, 2)):
            assert "Made on 12 November 2026, before the meeting: The landlord was told in person" in seen
            assert "Signed on 12 November; it is kept on the police file." in seen
        for number in (1, 3):
            assert "No earlier disclosure was open." in minutes(met, number)[0]

    def test_one_that_was_refused_says_by_whom(self, met: Story) -> None:
        met.record_fact("disclosure", "2026-11-02", **form("disclosure"))
        refusal = form("disclosure-approval", decision="refuse", reason="The children's father has been told.")
        met.record_fact("disclosure-approval", "2026-11-04", **refusal)
        second_meeting(met)
        words = "Refused on 4 November 2026 by Clare Example, before the meeting: The children's father has been told."
        for seen in both(minutes(met, 2)):
            assert words in seen

    def test_what_a_meeting_was_told_is_not_told_by_the_next_as_done_before_it(self, met: Story) -> None:
        full_meeting(met)
        third = minuted(
            *EVERYBODY, level=3, next_on="2027-05-05", salt="March.", meeting=3,
            previous_actions=[{"action": 2, "position": "carried", "reason": "The bed is not paid for yet."}],
            previous_disclosures=[{"disclosure": 2, "position": "carried", "reason": "The officer is away."}],
            critical_public_protection_case={"decision": "no", "reason": "The answer of January stands."},
            struck={"media_strategy": "The press has lost interest.", "links": "The MARAC has closed the case."},
        )  # fmt: skip
        third["attendance"][1] |= {"grade_reason": "The superintendent is on leave."}
        met.record_fact("meeting", "2027-03-17", **third)
        text, _ = minutes(met, 3)
        assert "before the meeting:" not in text
        assert "Carried on: The officer is away." in text

    def test_a_meeting_recorded_before_disclosures_were_followed_up_has_its_minutes(self, met: Story) -> None:
        with met.record.writing() as session:
            held: Meeting = meeting(session, 1)
            record = dict(held.record or {})
            del record["previous_disclosures"]
            record["disclosure"] = {"decision": "disclose", "reason": "He is to work there."}
            record["disclosure"] |= {"to_whom": "The employer", "what": "The curfew"}
            held.record = record
        seen = section(minutes(met, 1)[1], "Disclosure")
        assert "To whom The employer" in seen
        assert seen.count("Not recorded") == 5


class TestDisclosuresInPapers:
    def test_an_open_one_says_where_it_stands_and_when_it_is_due(self, met: Story) -> None:
        met.record_fact("disclosure", "2026-11-02", **form("disclosure"))
        for seen in both(papers(met, 2)):
            assert "1. That he may not be alone with children under sixteen" in seen
            assert "16 November 2026: before the meeting" in seen
            assert "Proposed by Olive Example on 2 November 2026; waits for the approval of a second person" in seen
            assert re.search(r"Open disclosures:? 1; due before the meeting: 1", seen)
        met.record_fact("disclosure-approval", "2026-11-04", **form("disclosure-approval"))
        for seen in both(papers(met, 2)):
            assert "approved by Clare Example on 4 November 2026" in seen
            assert "No disclosure has been made or refused." in seen

    def test_one_that_was_made_has_its_undertaking(self, met: Story) -> None:
        approved_disclosure(met)
        met.record_fact("disclosure-outcome", "2026-11-12", **form("disclosure-outcome"))
        for seen in both(papers(met, 2)):
            assert "Made on 12 November 2026: The landlord was told in person" in seen
            assert "Signed on 12 November; it is kept on the police file." in seen
            assert "No disclosure is open" in seen


class TestThePlanInPapers:
    def test_without_a_version_the_papers_say_so(self, met: Story) -> None:
        for seen in both(papers(met, 2)):
            assert "No version of the plan is on record." in seen

    def test_the_newest_version_stands_there_with_its_age_and_all_it_says(self, met: Story) -> None:
        met.record_fact("plan", "2026-10-20", **form("plan"))
        for seen in both(papers(met, 2)):
            for words in (
                "version 1, 99 days old by this meeting",
                "Version 1, from Tuesday 20 October 2026: 99 days old by the meeting",
                "Olive Example, Probation",
                "In conclusion, the plan is release to approved premises, no contact, and alcohol treatment.",
                "Weekly with the offender manager for twelve weeks, then every two weeks.",
                "12 July 2030",
                "Exclusion zone",
                "No contact by any means; letters are handed to the prison.",
                "Every two weeks",
                "Unannounced visits, and the flag on the sister's address.",
            ):
                assert words.lower() in seen.lower(), words
            assert "Warning" not in seen

    def test_one_older_than_the_last_meeting_is_warned_of_at_the_top(self, story: Story) -> None:
        story.record_fact("plan", "2026-09-28", **form("plan"))
        story.record_fact("meeting-plan", "2026-09-29", **form("meeting-plan"))
        story.tick("2026-09-30")
        story.record_fact("meeting", "2026-10-14", **form("meeting"))
        for seen in both(papers(story, 2)):
            told = "121 days old by the meeting. Warning: it is older than the last meeting, of 14 October 2026"
            assert told in seen
            assert "It is older than the last meeting, of 14 October 2026." in seen
        assert "Warning" not in papers(story, 1)[0]

    def test_a_version_written_after_the_meeting_is_not_of_its_papers(self, met: Story) -> None:
        met.record_fact("plan", "2026-10-20", **form("plan"))
        assert "No version of the plan is on record." in papers(met, 1)[0]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({}, "Died"),
            ({"what": "name_changed", "now_called": "Uma Married"}, "Name changed: now Uma Married"),
            ({"what": "moved"}, "Moved"),
            ({"what": "no_longer_at_risk"}, "No longer at risk"),
        ],
    )
    def test_somebody_it_names_who_has_died_or_changed_is_warned_of(
        self, met: Story, change: dict[str, str], words: str
    ) -> None:
        met.record_fact("plan", "2026-10-20", **form("plan"))
        met.record_fact("contact-change", "2026-12-01", **form("contact-change", **change))
        for seen in both(papers(met, 2)):
            assert "Warning: it names somebody who has died or changed: Uma Example" in seen
            assert words in seen
            assert "The coroner's officer told the police on 1 December." in seen

    def test_somebody_it_does_not_name_is_not_warned_of(self, met: Story) -> None:
        met.record_fact("plan", "2026-10-20", **form("plan"))
        met.record_fact("contact-change", "2026-12-01", **form("contact-change", person="Ursula Example"))
        assert "Warning" not in papers(met, 2)[0]

    def test_a_newer_version_that_says_what_the_death_changes_ends_the_warning(self, met: Story) -> None:
        met.record_fact("plan", "2026-10-20", **form("plan"))
        met.record_fact("contact-change", "2026-12-01", **form("contact-change"))
        met.record_fact("plan", "2026-12-03", **plan_anew("Written in December."))
        text = " ".join(papers(met, 2)[0].split())
        assert "version 2, 55 days old by this meeting" in text.lower()
        assert "Warning" not in text

    def test_what_ended_before_the_meeting_says_so(self, met: Story) -> None:
        ended = {"text": "To be indoors from 19:00 to 07:00.", "starts_on": "2026-10-01", "ends_on": "2026-12-31"}
        met.record_fact("plan", "2026-10-20", **form("plan", licence_conditions=[ended]))
        for seen in both(papers(met, 2)):
            assert "31 December 2026: before the meeting" in seen


def plan_anew(salt: str) -> dict[str, Any]:
    """Return the plan of the examples in other words, with somebody else in its restrictions."""
    plan = form("plan")
    for name in ("supervision", "monitoring_and_control", "interventions_and_treatment", "victim_safety",
                 "contingency", "conclusion"):  # fmt: skip
        plan[name] = anew(plan[name], salt)
    plan["licence_conditions"][0]["text"] = anew(plan["licence_conditions"][0]["text"], salt)
    plan["exclusion_zones"][0]["text"] = anew(plan["exclusion_zones"][0]["text"], salt)
    plan["contact_restrictions"] = [
        {"person": "Uma Example", "restriction": "She died in November: nothing is restricted any more."}
    ]
    for one in plan["contributions"]:
        one["what"] = anew(one["what"], salt)
    return plan


class TestEventsInPapers:
    def test_those_since_the_last_meeting_say_what_they_have_left_to_do(self, met: Story) -> None:
        recalled(met)
        met.record_fact("visor-partner", "2027-05-04", prison="HMP Example", by="Priya Example")
        seen = section(papers(met, 2)[1], "Events since the last meeting")
        assert "Recall 3 May 2027 He missed two curfews, and was found drunk at the uncle's flat. (HMP Example)" in seen
        assert "The victim has not been told of an event; nobody has reviewed an event" in seen
        assert "ViSOR" not in seen

    def test_an_earlier_one_stands_there_as_long_as_it_has_something_left_to_do(self, story: Story) -> None:
        story.record_fact("custody-event", "2026-09-20", event="further_charge", what="Charged with theft.",
                          offence="Theft from a shop", serious=False, by="Priya Example")  # fmt: skip
        story.record_fact("release-date", "2026-09-21", **form("release-date", consulted=None))
        story.record_fact("meeting-plan", "2026-09-22", **form("meeting-plan"))
        story.tick("2026-09-23")
        story.record_fact("meeting", "2026-10-14", **form("meeting"))
        seen = section(papers(story, 2)[1], "Events since the last meeting")
        assert "Charged with theft." not in seen
        assert "2. Release date changed 21 September 2026 From 12 March 2027 to 14 May 2027" in seen
        assert "Police and probation have not been consulted about a changed release date" in seen

    def test_before_a_first_meeting_all_of_them_are_there(self, story: Story) -> None:
        leave = {"event": "temporary_release", "what": "Home leave.", "until": "2026-09-22", "by": "Opal Example"}
        story.record_fact("custody-event", "2026-09-19", **leave)
        story.record_fact("custody-event", "2026-09-20", event="returned", what="He is back.", by="Opal Example")
        story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
        seen = section(papers(story, 1)[1], "Events")
        assert "1. Temporary release 19 September 2026 Home leave. Until 22 September 2026." in seen
        assert "2. Returned 20 September 2026 He is back. Nothing" in seen


class TestOrdersAndAssessmentsInPapers:
    def test_orders_have_their_ends_their_words_and_their_breaches(self, met: Story) -> None:
        met.record_fact("order", "2026-11-03", **form("order", starts_on="2026-04-02", ends_on="2027-03-01"))
        lasting = form("order", order="violent_offender_order") | {"ends_on": None}
        met.record_fact("order", "2026-11-04", **lasting)
        with met.record.writing() as session:
            session.get_one(CourtOrder, 1).breaches = ["2026-12-02", "2026-12-20"]
        for seen in both(papers(met, 2)):
            for words in (
                "1. Sexual harm prevention order",
                "Leeds Crown Court, from 2 April 2026",
                "1 March 2027, 33 days after the meeting (What comes after it: not decided)",
                "Not to be alone with any child under sixteen; not to use a device without monitoring.",
                "2 December 2026 and 20 December 2026",
                "2. Violent offender order",
                "Further order",
                "None on record",
            ):
                assert words in seen, words

    def test_what_comes_after_an_order_is_told_once_it_was_decided(self, met: Story) -> None:
        met.record_fact("order", "2026-11-03", **form("order", ends_on="2027-01-27"))
        met.record_fact("order-review", "2026-11-20", **form("order-review"))
        for seen in both(papers(met, 2)):
            assert "27 January 2027, that day (What comes after it: decided on 20 November 2026)" in seen

    def test_the_last_assessment_by_each_tool_is_there(self, met: Story) -> None:
        met.record_fact("risk-assessment", "2026-10-22", **form("risk-assessment"))
        again = form("risk-assessment", of_what="Assault of a new partner", author="Oscar Example", analysis=None)
        met.record_fact("risk-assessment", "2026-12-10", **again)
        other = form("risk-assessment", tool="other", other_tool="Static-99", analysis=None)
        met.record_fact("risk-assessment", "2026-11-05", **other)
        seen = section(papers(met, 2)[1], "Risk assessments")
        assert "OASys 10 December 2026 High Assault of a new partner To whom: The sister of the victim" in seen
        assert "Oscar Example (Authorised by Lionel Example)" in seen
        assert "Static-99 5 November 2026 High" in seen
        assert seen.index("10 December") < seen.index("5 November")
        assert "22 October" not in seen

    def test_without_any_each_says_so(self, met: Story) -> None:
        for seen in both(papers(met, 2)):
            assert "No court order is on record." in seen
            assert "No risk assessment is on record." in seen
            assert "No event is on record." in seen


def test_with_all_of_it_nothing_is_blank(met: Story) -> None:
    met.record_fact("plan", "2026-10-20", **form("plan", differs_because="Mental health leads on treatment."))
    met.record_fact("risk-assessment", "2026-10-22", **form("risk-assessment"))
    met.record_fact("order", "2026-11-03", **form("order"))
    approved_disclosure(met)
    met.record_fact("contact-change", "2026-12-01", **form("contact-change"))
    recalled(met)
    _, page = papers(met, 2)
    assert Reader(page).blank == []
    for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        assert table.count('<th scope="row">') == table.count("<tr>") - 1
