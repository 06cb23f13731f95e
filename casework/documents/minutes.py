"""The minutes of a meeting: all of its record in the order of the agenda (Durham annual report 2005-06).

They are to be understood without prior knowledge, with every view, decision, action and reason, and they end with
what was taken over from the minutes before (guidance 13b.1; Joint inspection 2015, 5.14). They are the confidential
record itself, and so carry names. The form's letter has changed with the years and stands nowhere.
"""

from typing import Any

from sqlalchemy.orm import Session

from casework.documents import minutes_decisions as decided
from casework.documents import minutes_proceedings as told
from casework.documents.blocks import Document, Facts, Section, Words
from casework.documents.held import Held, read_held
from casework.documents.minutes_disclosure import DECISIONS, disclosure
from casework.documents.particulars import about_the_case, about_the_meeting
from casework.documents.templating import render
from models.meetings import Meeting
from policy.vocabulary import Level
from policy.words import long_date, plain_words


def write_minutes(session: Session, meeting: Meeting, version: int) -> tuple[str, str]:
    """Return the minutes of a held meeting as text and as HTML, written from the record."""
    held = read_held(session, meeting)
    person = meeting.case.person
    document = Document(
        reference=meeting.case.reference,
        person=f"{person.surname}, {person.forenames}",
        crn=person.crn,
        meeting=f"Case {meeting.case.reference}, meeting {meeting.number}, held on {long_date(meeting.on)}",
        mark=f"Version {version}",
        brief=in_brief(held),
        sections=sections(held),
    )
    return render("minutes", document)


def in_brief(held: Held) -> Facts:
    """Return the meeting on one screen (Joint inspection 2015, 5.19)."""
    record = held.record
    views = [
        f"{held.agency_name(view['agency'])}: {plain_words(view['level']).lower()}" for view in record["risk_views"]
    ]
    return Facts(
        [
            ("Risk of serious harm", "; ".join(views)),
            ("Plan", record["plan"]["conclusion"]),
            ("Disclosure", DECISIONS[record["disclosure"]["decision"]]),
            ("Level decided", str(record["level_decision"]["level"])),
            ("New actions", str(len(held.set_here)) if held.set_here else "No action was set"),
            ("Next meeting", decided.next_slot(record)),
        ]
    )


def sections(held: Held) -> list[Section]:
    """Return the parts of the minutes in the order of the agenda."""
    return [
        about_the_meeting(held.meeting, held.chair),
        about_the_case(held.meeting.case, held.door, held.agency_name),
        confidentiality(held.record),
        told.attendance(held),
        told.previous_actions(held),
        told.information(held),
        told.views_of_the_risk(held),
        told.at_risk(held),
        told.victims(held),
        told.offender_views(held),
        told.visits(held),
        disclosure(held),
        decided.plan(held),
        decided.level(held),
        *([decided.critical_case(held)] if asks_for_critical_cases(held) else []),
        decided.media(held),
        decided.links(held),
        decided.next_meeting(held),
        decided.article_8(held),
        decided.new_actions(held),
        decided.carried_forward(held),
    ]


def asks_for_critical_cases(held: Held) -> bool:
    """Tell whether the question was asked: at level 3 always, elsewhere where it was answered.

    Source: Joint inspection 2015, 7.5.
    """
    asked: dict[str, Any] | None = held.record.get("critical_public_protection_case")
    return held.meeting.level == Level.SENIOR_MULTI_AGENCY or asked is not None


def confidentiality(record: dict[str, Any]) -> Section:
    """Return the statement of confidentiality, and who declared it."""
    return Section(
        "Confidentiality",
        [
            Words(
                "These minutes are confidential. What is in them was shared between agencies to assess and manage the "
                "risk of serious harm that the person named above may pose (sections 325 to 327B of the Criminal "
                "Justice Act 2003). Keep them secure. Do not copy them, or tell anybody outside the agencies that "
                "took part what is in them, without the agreement of the Chair."
            ),
            Facts([("Declared at the meeting by", record["confidentiality"]["by"])]),
        ],
    )
