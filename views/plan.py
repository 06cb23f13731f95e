"""The risk management plan of a case: its age, and what is no longer true of the people it names."""

from datetime import date
from typing import Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from casework.documents.papers_between import last_by_tool
from casework.documents.papers_plan import no_longer_true
from casework.facts.plan_sections import sections
from models.cases import Case, Fact
from models.meetings import Meeting
from models.plans import ContactChange, PlanVersion
from policy.errors import NotFoundError
from policy.vocabulary import ContactChangeKind, MeetingState
from views.model import OfCase, View
from views.person import person_and_case, refuse_erased


class ContactChangeView(View, title="Change of a contact"):
    """What became of somebody whom a plan still names as they were."""

    person: str = Field(description="Who, as the plan names them.")
    what: ContactChangeKind = Field(description="What became of them.")
    on: date = Field(description="When.")
    now_called: str | None = Field(description="The new name; null where it is the same.")


class AssessmentView(View, title="Risk assessment"):
    """The last risk assessment by one tool."""

    tool: str = Field(description="The tool.", examples=["oasys"])
    on: date = Field(description="When.")
    level: str = Field(description="The level of risk it found.", examples=["high"])
    of_what: str = Field(description="The risk of what.")
    to_whom: str = Field(description="To whom.")
    author: str = Field(description="Who wrote it.")
    authorised_by: str = Field(description="Who authorised it.")


class PlanView(OfCase, title="Plan"):
    """A version of the risk management plan. It carries names."""

    version: int = Field(description="The version of the plan.", examples=[1])
    written_on: date = Field(description="When it was written.")
    written_by: str = Field(description="Who wrote it.")
    agency: str = Field(description="For which agency.", examples=["probation"])
    age_in_days: int = Field(description="How old it is at `--as-at`.")
    last_meeting_on: date | None = Field(description="When the last meeting was held; null before the first.")
    older_than_last_meeting: bool = Field(description="Whether it was written before that.")
    changed_since: list[ContactChangeView] = Field(description="Who has died or changed since, and how.")
    assessments: list[AssessmentView] = Field(description="The last risk assessment by each tool.")
    content: dict[str, Any] = Field(description="The plan as it was recorded.")


class PlanVersionView(View, title="Version of a plan"):
    """Which version of the plan is the newest."""

    version: int = Field(description="The version of the plan.")
    written_on: date = Field(description="When it was written.")


def newest_version(session: Session, case: Case) -> PlanVersionView | None:
    """Return which version of the plan of a case is the newest."""
    query = select(PlanVersion.version, PlanVersion.written_on).where(PlanVersion.case_id == case.id)
    row = session.execute(query.order_by(PlanVersion.version.desc()).limit(1)).first()
    return None if row is None else PlanVersionView.model_validate(row)


def plan_view(session: Session, key: str, version: int | None, today: date) -> PlanView:
    """Return a version of the plan of a person's case, the newest where none is named; ``key``: CRN or reference."""
    person, case = person_and_case(session, key)
    refuse_erased(person, key)
    versions = plan_versions(session, case) if case is not None else []
    found = [one for one in versions if version in (None, one.version)]
    if case is None or not found:
        there = ", ".join(str(one.version) for one in versions) or "none"
        raise NotFoundError(
            f"there is no such plan; its versions: {there}", where=key, to_do="record one with 'mappa record plan'"
        )
    shown, last_met = found[-1], last_meeting(session, case)
    return PlanView(
        crn=person.crn,
        case=case.reference,
        version=shown.version,
        written_on=shown.written_on,
        written_by=shown.written_by,
        agency=shown.agency,
        age_in_days=(today - shown.written_on).days,
        last_meeting_on=last_met,
        older_than_last_meeting=last_met is not None and shown.written_on < last_met,
        changed_since=changes_since(session, case, shown),
        assessments=[assessment(fact) for _, fact in sorted(last_by_tool(session, case).items())],
        content=shown.content,
    )


def plan_versions(session: Session, case: Case) -> list[PlanVersion]:
    """Return the versions of the plan of a case, the oldest first."""
    query = select(PlanVersion).where(PlanVersion.case_id == case.id).options(undefer(PlanVersion.content))
    return list(session.scalars(query.order_by(PlanVersion.version)))


def last_meeting(session: Session, case: Case) -> date | None:
    """Return the day of the last meeting held."""
    held = select(Meeting).where(Meeting.case_id == case.id, Meeting.state == MeetingState.HELD)
    newest = session.scalars(held.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(1)).first()
    return newest.on if newest is not None else None


def changes_since(session: Session, case: Case, version: PlanVersion) -> list[ContactChangeView]:
    """Return what became of people whom a version still names as they were."""
    texts = sections(version.content)
    changes = session.scalars(select(ContactChange).where(ContactChange.case_id == case.id).order_by(ContactChange.id))
    return [
        ContactChangeView(
            person=change.person, what=ContactChangeKind(change.what), on=change.on_date, now_called=change.now_called
        )
        for change in changes
        if no_longer_true(texts, change, version.written_on)
    ]


def assessment(fact: Fact) -> AssessmentView:
    """Return a risk assessment as it was recorded."""
    return AssessmentView(**(fact.data | {"tool": fact.data["other_tool"] or fact.data["tool"], "on": fact.on_date}))
