"""Minutes and papers: all of the record is in them, in the order of the agenda, as text and as a page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import UndefinedError
from sqlalchemy import select

from casework.documents.minutes import write_minutes
from casework.documents.papers import write_papers
from casework.documents.templating import environment
from models.meetings import Meeting
from models.record import Record
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, attended, form, minuted

PRIYA_NAMED = {"police_offender_manager": {"name": "Priya Example", "email": "priya@police.example"}}
# What stands in the record as a word of the vocabulary, an address or a date: the document says it in other words.
SAID_OTHERWISE = {"agency", "status", "level", "decision", "position", "email", "starts_at", "date", "on", "due_on"}
EVERYBODY = (
    attended("probation", "Olive Example"),
    attended("police", "Priya Example"),
    attended("prison", "Opal Example"),
    attended("childrens_social_care", "Ruth Example"),
    attended("victim_liaison", "Vera Example"),
    attended("approved_premises", "Anna Example"),
    attended("neighbourhood_policing", "Nell Example"),
)
# domain.md 2.8, with what surrounds the agenda.
AGENDA = [
    "Meeting details",
    "The person and the case",
    "Confidentiality",
    "Attendance",
    "Actions of earlier meetings",
    "Information from the agencies",
    "How the agencies see the risk of serious harm",
    "Who is at risk",
    "Victims",
    "The person's own views",
    "Visits",
    "Disclosure",
    "Risk management plan",
    "Level",
    "Critical public protection case",
    "Media strategy",
    "Links with other arrangements (MARAC, integrated offender management, safeguarding)",
    "Next meeting",
    "Necessity and proportionality",
    "New actions",
    "Taken over from earlier minutes, and left out",
]


@pytest.fixture
def story(sqlite_record: Record, tmp_path) -> Story:
    """Darren, referred, accepted at level 2, with a named police offender manager."""
    story = Story(sqlite_record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN | {"offence_description": "Manslaughter", "rosh_level": "high"})
    story.tick("2026-06-01")
    story.record_fact("referral", "2026-09-09", **form("referral"))
    story.record_fact("screening", "2026-09-18", **form("screening"))
    story.record_fact("circumstances", "2026-09-20", **PRIYA_NAMED)
    return story


@pytest.fixture
def met(story: Story) -> Story:
    """The same after the first meeting, which set one action and missed the prison."""
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-22")
    told = form("meeting")
    told["information"].append({"agency": "police", "text": "A neighbour has complained of him twice."})
    story.record_fact("meeting", "2026-10-14", **told)
    return story


def minutes(story: Story, number: int, version: int = 1) -> tuple[str, str]:
    with story.record.reading() as session:
        return write_minutes(session, meeting(session, number), version)


def papers(story: Story, number: int) -> tuple[str, str]:
    with story.record.reading() as session:
        return write_papers(session, meeting(session, number))


def meeting(session: Any, number: int) -> Meeting:
    return session.scalars(select(Meeting).where(Meeting.number == number)).one()


class Reader(HTMLParser):
    """What a reader of the page sees, the headings, and the cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.headings: list[str] = []
        self.blank: list[str] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag != "meta":
            self._open.append((tag, []))

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] not in ("style", "title"):
            self.seen.append(data)
        for _, words in self._open:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        name, parts = self._open.pop()
        assert name == tag, f"<{name}> is closed by </{tag}>"
        words = "".join(parts).strip()
        if tag == "h2":
            self.headings.append(words)
        if tag in ("p", "td", "th", "dt", "dd", "h1", "h2", "h3", "caption") and words in ("", "None", "[]"):
            self.blank.append(tag)


def squeezed(text: str) -> str:
    """Return a text without what wraps its lines."""
    return " ".join(text.split())


def both(written: tuple[str, str]) -> tuple[str, str]:
    """Return what a reader of the text and a reader of the page see, in one line each."""
    text, page = written
    return squeezed(text), squeezed(" ".join(Reader(page).seen))


def leaves(found: Any, name: str = "") -> Iterator[str]:
    """Yield every text of a record that a document must give word for word."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from leaves(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from leaves(value, name)
    elif isinstance(found, str) and name not in SAID_OTHERWISE:
        yield squeezed(found)


def full_meeting(story: Story) -> dict[str, Any]:
    """Return the record of a level 3 meeting with something in every section, and record it on 2027-01-27."""
    inspector = attended("police", "Priya Example", grade="Inspector", grade_reason="The superintendent is on leave.")
    data = minuted(
        EVERYBODY[0],
        inspector,
        *EVERYBODY[2:6],
        attended("neighbourhood_policing", "Nell Example", "apologies_with_report", report="The street is known."),
        level=3,
        next_on="2027-03-17",
        salt="Written in January.",
        meeting=2,
        visits=[
            {"on": "2027-01-05", "agency": "police", "by": "Priya Example", "announced": False},
            {"on": "2026-12-01", "agency": "probation", "by": "Olive Example", "announced": True},
        ],
        previous_actions=[
            {
                "action": 1,
                "position": "done",
                "outcome": "He lives in Leeds, and has had no contact for three years.",
                "plan_effect": "The exclusion zone in Leeds is dropped.",
            }
        ],
        critical_public_protection_case={"decision": "no", "reason": "No exceptional resources are needed."},
        media_strategy="One line, from the police press office.",
        links="He is known to the MARAC of Camden.",
        actions=[
            {
                "text": "Find a bed outside Leeds",
                "agency": "approved_premises",
                "owner": {"name": "Clare Example"},
                "delegation": "Only the Chair can pay for it.",
                "due_on": "2027-02-10",
            }
        ],
    )
    data["next_meeting"]["place"] = "Leeds Town Hall"
    data["disclosure"] = {
        "decision": "disclose",
        "reason": "The landlord has tenants with children.",
        "to_whom": "The housing officer",
        "what": "The conviction and the curfew",
    }
    data["plan"]["supervision"] = form("meeting")["plan"]["supervision"]
    data["carried_forward"] = {
        "plan.supervision": {"confirmed_by": "Olive Example", "because": "She keeps to it until the release."}
    }
    data["struck"] = {"information.police": "The neighbour has moved away."}
    move_to_level_3(story)
    story.record_fact("meeting", "2027-01-27", **data)
    return data


def move_to_level_3(story: Story) -> None:
    """Have the planned second meeting held at level 3."""
    with story.record.writing() as session:
        meeting(session, 2).level = 3


def test_everything_of_the_record_is_in_the_minutes_word_for_word(met: Story) -> None:
    data = full_meeting(met)
    for seen in both(minutes(met, 2)):
        assert [text for text in leaves(data) if text not in seen] == []


def test_words_of_the_vocabulary_are_written_as_people_write_them(met: Story) -> None:
    full_meeting(met)
    for seen in both(minutes(met, 2)):
        for words in (
            "Wednesday 27 January 2027, 10:00 to 11:00",
            "Level 3: as level 2, with senior representatives of the agencies",
            "Children's social care",
            "Apologies, with a report",
            "Something is to be disclosed",
            "Wednesday 17 March 2027, 10:00 to 11:00",
            "Yes (core member)",
            "Inspector. Below the grade that is wanted, because:",
            "1 December 2026",
            "Unannounced",
            "1 of 2",
            "10 February 2027",
        ):
            assert words in seen
        assert not re.search(r"apologies_with_report|not_disclose|_liaison officer", seen)


def test_the_sections_follow_the_agenda_and_are_numbered(met: Story) -> None:
    full_meeting(met)
    text, page = minutes(met, 2)
    numbered = [f"{number}. {heading}" for number, heading in enumerate(AGENDA, start=1)]
    assert Reader(page).headings == ["In brief", *numbered]
    places = [squeezed(text).index(heading.upper()) for heading in numbered]
    assert places == sorted(places)


def test_the_head_names_the_person_and_the_version_and_neither_a_state_nor_a_letter(met: Story) -> None:
    for seen in both(minutes(met, 1, version=3)):
        assert re.search(r"MAPPA minutes,? Version 3 Invented, Darren, CRN X320741", seen)
        assert "LON-2026-000001, meeting 1, held on Wednesday 14 October 2026" in seen
        assert not re.search(r"\bdraft\b", seen, re.IGNORECASE)
        assert not re.search(r"MAPPA [A-Z]\b", seen)


def test_another_version_of_the_same_record_differs_by_its_number_alone(met: Story) -> None:
    first, second = (minutes(met, 1, version) for version in (1, 2))
    assert [part.replace("ersion 1", "ersion 2") for part in first] == list(second)


def test_words_that_look_like_html_are_words(met: Story) -> None:
    met.record_fact(
        "meeting",
        "2027-01-27",
        **minuted(*EVERYBODY, next_on="2027-05-05", salt="<b>Now</b> & <script>alert(1)</script>", meeting=2,
                  previous_actions=[{"action": 1, "position": "carried", "reason": "The address is still wanted."}]),
    )  # fmt: skip
    for text, page in (minutes(met, 2), papers(met, 3)):
        assert "<b>Now</b> & <script>alert(1)</script>" in squeezed(text)
        assert "&lt;b&gt;Now&lt;/b&gt; &amp; &lt;script&gt;" in page
        assert "<b>" not in page
        assert "<script" not in page


def test_a_page_needs_nothing_from_outside_and_tables_have_headings(met: Story) -> None:
    for _, page in (minutes(met, 1), papers(met, 1), papers(met, 2)):
        assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
        assert not re.search(r"\b(src|href)=|https?:|@import|url\(", page)
        assert "Invented" not in page[page.index("<title>") : page.index("</title>")]
        for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
            assert "<caption>" in table
            assert '<th scope="col">' in table
            assert table.count('<th scope="row">') == table.count("<tr>") - 1


def test_nothing_is_blank_however_little_there_is_to_say(met: Story) -> None:
    story = met
    story.record_fact(
        "meeting",
        "2027-01-27",
        **minuted(*EVERYBODY, level=1, salt="Nothing else.", meeting=2,
                  previous_actions=[{"action": 1, "position": "not_done", "reason": "The uncle has died."}]),
    )  # fmt: skip
    for text, page in (minutes(story, 2), papers(story, 2), papers(story, 1)):
        assert Reader(page).blank == []
        assert "None" not in re.findall(r": (\w*)$", text, re.MULTILINE)
        assert not re.search(r"(?<!:)\n\n\n\n", text)
    for seen in both(minutes(story, 2)):
        for words in (
            "No visit since the meeting of 14 October 2026 was reported.",
            "Nothing is to be disclosed",
            "No media strategy was set.",
            "No link with other arrangements was recorded.",
            "None: at level 1 the lead agency reviews the case",
            "No action was set.",
            "Nothing was carried forward",
            "Nothing that stood in earlier minutes was left out.",
        ):
            assert words in seen
        assert "Critical public protection case" not in seen


def test_a_value_that_a_template_misses_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"position": "done", "outcome": "He lives in Leeds, with his mother.", "plan_effect": "No zone is needed."},
            ["1. Trace the uncle", "Priya Example, Police", "Done: He lives in Leeds", "No zone is needed."],
        ),
        (
            {"position": "not_done", "reason": "The uncle has died."},
            ["Not done: The uncle has died.", "None: it is not done"],
        ),
        (
            {"position": "carried", "reason": "Leeds has not answered."},
            ["Carried on: Leeds has not answered.", "None: it is not done"],
        ),
    ],
)
def test_what_became_of_an_earlier_action_is_told_with_its_reason(
    met: Story, told: dict[str, str], words: list[str]
) -> None:
    data = minuted(
        *EVERYBODY, next_on="2027-05-05", salt="January.", meeting=2, previous_actions=[{"action": 1} | told]
    )
    met.record_fact("meeting", "2027-01-27", **data)
    for seen in both(minutes(met, 2)):
        assert [word for word in words if word not in seen] == []


def test_an_action_closed_between_two_meetings_is_told_at_the_second(met: Story) -> None:
    met.record_fact("action-outcome", "2026-10-20", **form("action-outcome"))
    met.record_fact("meeting", "2027-01-27", **minuted(*EVERYBODY, next_on="2027-05-05", salt="January.", meeting=2))
    for seen in both(minutes(met, 2)):
        assert "Done on 20 October 2026, before the meeting: The uncle lives in Leeds" in seen
        assert "Contact with the uncle is no longer a trigger" in seen
    assert "Done on 20 October" not in minutes(met, 1)[0]


def test_what_stands_as_before_is_marked_where_it_stands_and_what_was_struck_says_why(met: Story) -> None:
    """Nothing is copied forward in silence (joint inspection 2015 5.14)."""
    full_meeting(met)
    data = minuted(
        *EVERYBODY, level=3, next_on="2027-05-05", salt="Written in March.", meeting=3,
        previous_actions=[{"action": 2, "position": "carried", "reason": "The bed is not paid for yet."}],
        critical_public_protection_case={"decision": "no", "reason": "The answer of January stands."},
        struck={"media_strategy": "The press has lost interest.", "links": "The MARAC has closed the case."},
        carried_forward={"risk_views.police": {"confirmed_by": "Priya Example", "because": "Asked again in March."}},
    )  # fmt: skip
    data["attendance"][1] |= {"grade_reason": "The superintendent is on leave."}
    data["risk_views"][1]["reason"] = "Seen from police: no change of risk. Written in January."
    met.record_fact("meeting", "2027-03-17", **data)
    marked = "Carried forward from the meeting of 27 January 2027. Confirmed by Priya Example: Asked again in March."
    for seen in both(minutes(met, 3)):
        assert f"Written in January. [{marked}]" in seen
        assert "No media strategy was set. It was left out because: The press has lost interest." in seen
        assert "View of the risk: Police" in seen
        assert seen.count("The MARAC has closed the case.") == 2


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
            "Lives, or is to live, in approved premises",
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
