"""The papers of a meeting: what somebody must have read who comes to the case for the first time.

Source: Joint inspection 2015, 5.4.

Every agency gets the same pack, a substitute too (Joint inspection 2015, 5.4, 5.10). It is written from the record
as it stands; ages are counted to the day of the meeting.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.blocks import Document, Facts
from casework.documents.carried import Carried
from casework.documents.held import standing_at
from casework.documents.papers_between import (
    WAITING,
    assessments,
    disclosures,
    disclosures_of,
    events,
    events_since,
    left_by_events,
    orders,
)
from casework.documents.papers_briefing import briefing
from casework.documents.papers_case import circumstances, levels, referral_sections, who_must_be_there
from casework.documents.papers_history import absences, incidents, last_meeting_sections, open_actions
from casework.documents.papers_outside import home_sections, prison_report_sections, visit_sections
from casework.documents.papers_person import own_views
from casework.documents.papers_plan import CurrentPlan, plan_section, read_plan
from casework.documents.particulars import about_the_case, about_the_meeting, last_held
from casework.documents.templating import render
from casework.documents.wording import agency_names, when
from casework.facts.attendance import newest_referrals
from casework.facts.release_day import door_of
from models.cases import Case
from models.disclosures import Disclosure
from models.meetings import Action, Meeting
from models.referrals import Referral
from policy.vocabulary import ActionState
from policy.words import NOT_RECORDED, category_name, days, known, long_date, plain_words


def write_papers(session: Session, meeting: Meeting) -> tuple[str, str]:
    """Return the papers of a meeting as text and as HTML, written from the record."""
    case = meeting.case
    agency_name = agency_names(session, case.area, meeting.on)
    last = last_held(session, meeting)
    referral = newest_referrals(session, [case.id]).get(case.id)
    actions = actions_of(session, case)
    door = door_of(session, case)
    plan = read_plan(session, meeting, last)
    disclosed, left = disclosures_of(session, case), left_by_events(session, case)
    happened = events_since(session, case, last, left)
    document = Document(
        reference=case.reference,
        person=f"{case.person.surname}, {case.person.forenames}",
        crn=case.person.crn,
        meeting=f"Case {case.reference}, meeting {meeting.number}, {when(meeting)}",
        mark=f"for {long_date(meeting.on)}",
        brief=Facts(
            [
                *the_case_in_brief(meeting, door, referral),
                ("Plan", plan_in_brief(plan, last, meeting)),
                *open_in_brief(meeting, actions, disclosed),
                ("Events since, or not settled", str(len(happened)) if happened else "No event is on record"),
            ]
        ),
        sections=[
            about_the_meeting(meeting, meeting.chair_name or NOT_RECORDED),
            about_the_case(case, door, agency_name),
            levels(session, case),
            circumstances(session, meeting),
            *home_sections(session, case),
            *prison_report_sections(session, case, last),
            *visit_sections(session, case, last, agency_name),
            own_views(session, meeting, last),
            orders(session, case, meeting.on),
            assessments(session, case),
            who_must_be_there(session, meeting, agency_name),
            *referral_sections(referral, agency_name),
            *last_meeting_sections(last, standing_at_last(session, last), meeting, agency_name),
            *briefing(session, last, actions, agency_name),
            plan_section(plan, agency_name),
            open_actions(actions, meeting, agency_name),
            disclosures(disclosed, meeting, agency_name),
            absences(session, meeting, agency_name),
            incidents(session, meeting, last),
            events(happened, left, last),
        ],
    )
    return render("papers", document)


def standing_at_last(session: Session, last: Meeting | None) -> Carried:
    """Return what of the last meeting's record stood as at the one before it."""
    return standing_at(last, last_held(session, last)) if last else Carried("", {}, {}, {})


def actions_of(session: Session, case: Case) -> list[Action]:
    """Return the open actions of a case in their order."""
    query = select(Action).where(Action.case_id == case.id, Action.state == ActionState.OPEN)
    return list(session.scalars(query.order_by(Action.number)))


def the_case_in_brief(meeting: Meeting, door: date | None, referral: Referral | None) -> list[tuple[str, str]]:
    """Return the case on one screen."""
    case = meeting.case
    return [
        ("Category", category_name(case.category)),
        ("Level now", known(case.level, "To be confirmed")),
        ("Risk of serious harm on record", known(case.rosh_level and plain_words(case.rosh_level))),
        ("Release", release(case, door, meeting)),
        ("Referred", long_date(referral.received_on) if referral else "No complete referral is on record"),
    ]


def plan_in_brief(plan: CurrentPlan | None, last: Meeting | None, meeting: Meeting) -> str:
    """Return how old the plan is by the day of the meeting: the newest version, or the last meeting's.

    Source: Joint inspection 2015, 5.20.
    """
    if plan is not None:
        return plan.in_brief()
    if last is None:
        return "None from an earlier meeting: this is the first meeting that is held"
    return f"From {long_date(last.on)}: {days((meeting.on - last.on).days)} old by the meeting"


def open_in_brief(meeting: Meeting, actions: list[Action], disclosed: list[Disclosure]) -> list[tuple[str, str]]:
    """Return how many actions and disclosures are open, and how many of them are due before the meeting."""
    waiting = [one for one in disclosed if one.state in WAITING]
    return [
        ("Open actions", counted([one.due_on for one in actions], meeting.on) or "No action is open"),
        ("Open disclosures", counted([one.due_on for one in waiting], meeting.on) or "No disclosure is open"),
    ]


def counted(due: list[date], on: date) -> str:
    """Return how many things are due, and how many of them before a day; nothing where there are none."""
    overdue = sum(day < on for day in due)
    ending = f"; due before the meeting: {overdue}" if overdue else ""
    return f"{len(due)}{ending}" if due else ""


def release(case: Case, door: date | None, meeting: Meeting) -> str:
    """Return when the person leaves custody, how far off that is on the day of the meeting, and the date by law."""
    if door is None:
        return "No date on record, or not in custody"
    left = (door - meeting.on).days
    off = f"{days(left)} after the meeting" if left > 0 else f"{days(-left)} before the meeting" if left else "that day"
    by_law = f" (release date: {known(case.release_date)})" if door != case.release_date else ""
    return f"{long_date(door)}: {off}{by_law}"
