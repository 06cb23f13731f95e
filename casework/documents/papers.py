"""The papers of a meeting: what somebody must have read who comes to the case for the first time (``domain.md`` 2.8).

Every agency gets the same pack, a substitute too (joint inspection 2015 5.4, 5.10). It is written from the record
as it stands; ages are counted to the day of the meeting.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.attendance import newest_referrals
from casework.documents.blocks import Document, Facts
from casework.documents.papers_case import circumstances, levels, referral_sections, who_must_be_there
from casework.documents.papers_history import absences, incidents, last_meeting_sections, open_actions
from casework.documents.particulars import about_the_case, about_the_meeting, last_held
from casework.documents.templating import render
from casework.documents.wording import NOT_RECORDED, category_name, days, known, long_date, plain_words, when
from models.cases import Case
from models.meetings import Action, Meeting
from models.referrals import Referral
from policy.vocabulary import ActionState


def write_papers(session: Session, meeting: Meeting) -> tuple[str, str]:
    """Return the papers of a meeting as text and as HTML, written from the record."""
    case = meeting.case
    last = last_held(session, meeting)
    referral = newest_referrals(session, [case.id]).get(case.id)
    actions = list(
        session.scalars(
            select(Action).where(Action.case_id == case.id, Action.state == ActionState.OPEN).order_by(Action.number)
        )
    )
    document = Document(
        reference=case.reference,
        person=f"{case.person.surname}, {case.person.forenames}",
        crn=case.person.crn,
        meeting=f"Case {case.reference}, meeting {meeting.number}, {when(meeting)}",
        mark=f"for {long_date(meeting.on)}",
        brief=in_brief(meeting, last, referral, actions),
        sections=[
            about_the_meeting(meeting, meeting.chair_name or NOT_RECORDED),
            about_the_case(case),
            levels(session, case),
            circumstances(case),
            who_must_be_there(session, meeting, referral),
            *referral_sections(referral),
            *last_meeting_sections(last, meeting),
            open_actions(actions, meeting),
            absences(session, meeting),
            incidents(session, meeting, last),
        ],
    )
    return render("papers", document)


def in_brief(meeting: Meeting, last: Meeting | None, referral: Referral | None, actions: list[Action]) -> Facts:
    """Return the case on one screen, with how old the plan is by the day of the meeting (5.20)."""
    case = meeting.case
    overdue = sum(action.due_on < meeting.on for action in actions)
    ending = f"; due before the meeting: {overdue}" if overdue else ""
    age = f"From {long_date(last.on)}: {days((meeting.on - last.on).days)} old by the meeting" if last else None
    return Facts(
        [
            ("Category", category_name(case.category)),
            ("Level now", known(case.level, "To be confirmed")),
            ("Risk of serious harm on record", known(case.rosh_level and plain_words(case.rosh_level))),
            ("Release", release(case, meeting)),
            ("Referred", long_date(referral.received_on) if referral else "No complete referral is on record"),
            ("Plan", known(age, "None from an earlier meeting: this is the first meeting that is held")),
            ("Open actions", f"{len(actions)}{ending}" if actions else "No action is open"),
        ]
    )


def release(case: Case, meeting: Meeting) -> str:
    """Return the release date, and how far off it is on the day of the meeting."""
    if case.release_date is None:
        return "No date on record, or not in custody"
    left = (case.release_date - meeting.on).days
    off = f"{days(left)} after the meeting" if left > 0 else f"{days(-left)} before the meeting" if left else "that day"
    return f"{long_date(case.release_date)}: {off}"
