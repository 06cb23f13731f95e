"""Minutes: all of the record is in them, in the order of the agenda, as text and as a page."""

import re
from typing import Any

import pytest
from jinja2 import UndefinedError

from casework.documents.templating import environment
from tests.casework.documents.reading import (
    EVERYBODY,
    Reader,
    both,
    full_meeting,
    leaves,
    meeting,
    minutes,
    papers,
    squeezed,
)
from tests.support.story import Story, anew, form, minuted

# The agenda of the Durham annual report 2005-06, with what surrounds the agenda.
AGENDA = [
    "Meeting details",
    "The person and the case",
    "Confidentiality",
    "Attendance",
    "Actions from earlier meetings",
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
    "Carried forward from earlier minutes, and left out",
]


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
            "Paula Example, Police",
            "17 February 2027",
            "Wednesday 17 March 2027, 10:00 to 11:00",
            "Yes (core member)",
            "Inspector. Below the required grade, because:",
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
    told = {"action": 1, "position": "not_done", "reason": "The uncle has died."}
    data = minuted(*EVERYBODY, level=1, salt="Nothing else.", meeting=2, previous_actions=[told])
    data["plan"]["licence_conditions"] = "To live where his officer says, and to keep away from the sister."
    story.record_fact("meeting", "2027-01-27", **data)
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
    """Nothing is copied forward in silence (Joint inspection 2015, 5.14)."""
    full_meeting(met)
    data = minuted(
        *EVERYBODY, level=3, next_on="2027-05-05", salt="Written in March.", meeting=3,
        previous_actions=[{"action": 2, "position": "carried", "reason": "The bed is not paid for yet."}],
        previous_disclosures=[{"disclosure": 2, "position": "carried", "reason": "The officer is away until April."}],
        critical_public_protection_case={"decision": "no", "reason": "The answer of January stands."},
        struck={"media_strategy": "The press has lost interest.", "links": "The MARAC has closed the case."},
        carried_forward={"risk_views.police": {"confirmed_by": "Priya Example", "because": "Asked again in March."}},
    )  # fmt: skip
    data["attendance"][1] |= {"grade_reason": "The superintendent is on leave."}
    data["risk_views"][1]["reason"] = anew("Seen from police: no change of risk.", "Written in January.")
    met.record_fact("meeting", "2027-03-17", **data)
    marked = "Carried forward from the meeting of 27 January 2027. Confirmed by Priya Example: Asked again in March."
    for seen in both(minutes(met, 3)):
        assert f"Written in January. [{marked}]" in seen
        assert "No media strategy was set. It was left out because: The press has lost interest." in seen
        assert "View of the risk: Police" in seen
        assert seen.count("The MARAC has closed the case.") == 2
        assert "Nothing was carried forward" not in seen


def second_meeting() -> dict[str, Any]:
    told = {"action": 1, "position": "carried", "reason": "The police in Leeds are asked."}
    return minuted(*EVERYBODY, next_on="2027-05-05", salt="January.", meeting=2, previous_actions=[told])


def test_a_copy_that_nobody_confirmed_is_shown_as_one(met: Story) -> None:
    """Joint inspection 2015, 5.14, 5.20: an " x" after the words once hid a copy, and the minutes denied it."""
    data = second_meeting()
    met.record_fact("meeting", "2027-01-27", **data)
    with met.record.writing() as session:
        # As a meeting was recorded before copies were known by their likeness.
        held = meeting(session, 2)
        before = meeting(session, 1).record["plan"]["supervision"]
        held.record = held.record | {"plan": held.record["plan"] | {"supervision": f"{before} x"}}
    said = "Carried forward from the meeting of 14 October 2026. Nobody confirmed that it is still true."
    for seen in both(minutes(met, 2)):
        assert f"Weekly with the offender manager for twelve weeks. x [{said}]" in seen or (
            f"Weekly with the offender manager for twelve weeks. x {said}" in seen
        )
        assert "Nothing was carried forward" not in seen
        assert "Nobody" in seen
    for seen in both(papers(met, 3)):
        assert said in seen


def test_sentences_that_stand_in_a_section_that_is_otherwise_new_are_quoted(met: Story) -> None:
    data = second_meeting()
    data["plan"]["licence_conditions"] = (
        "Not to contact the sister directly or indirectly. To live in the approved premises in Camden, to be there "
        "from nine in the evening to seven in the morning, and to see the alcohol nurse every Tuesday."
    )
    met.record_fact("meeting", "2027-01-27", **data)
    quoted = "\u201cNot to contact the sister directly or indirectly.\u201d"
    for seen in both(minutes(met, 2)):
        assert f"In part as at the meeting of 14 October 2026: {quoted}" in seen
        assert "No section was carried forward whole." in seen
        assert "Nothing was carried forward" not in seen
