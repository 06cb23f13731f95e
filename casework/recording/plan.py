"""The risk management plan: one plan, true today, in words that say something (Joint inspection 2015, 5.15)."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import undefer

from casework import problems
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.facts.plan_sections import sections
from casework.recording.carried_forward import Confirmed, confirms_nothing, unconfirmed
from casework.recording.contact_changes import changes_of, dead_by
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always
from casework.recording.forms import AgencyName, Contingency, Form, Name, OwnWords, Reason, Section, WrittenOut, label
from casework.recording.visits import all_announced, planned
from models.plans import PlanVersion
from policy.dates import Ahead
from policy.frequency import days_between
from policy.texts import names_the_dead, plain
from policy.vocabulary import ContactChangeKind, FactKind, Location, OrderKind

STAGE = "plan"


class Dated(Section):
    """Words that hold from a day until another."""

    text: Annotated[
        WrittenOut,
        label(
            "Words",
            "The condition, word for word.",
            "Not to contact the sister of the victim directly or indirectly.",
        ),
    ]
    starts_on: Annotated[
        datetime.date | None,
        label(
            "Start date",
            "The first day on which it holds. Leave it out if it holds already.",
            "2027-03-12",
            ahead=Ahead.END,
        ),
    ] = None
    ends_on: Annotated[
        datetime.date | None,
        label(
            "End date", "The last day on which it holds. Leave it out if it has no end.", "2030-07-12", ahead=Ahead.END
        ),
    ] = None

    @model_validator(mode="after")
    def the_end_follows(self) -> "Dated":
        """Refuse an end before the beginning."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError(f"ends_on: {self.ends_on} is before it begins (starts_on), {self.starts_on}")
        return self


class OrderWords(Dated):
    """What a court order says, word for word."""

    order: Annotated[OrderKind, label("Kind of order", "What kind of order it is.", "shpo")]


class ContactRestriction(Section):
    """With whom contact is restricted: by name, and how."""

    person: Annotated[Name, label("Person", "With whom contact is restricted.", "Uma Example")]
    restriction: Annotated[
        WrittenOut,
        label(
            "Restriction",
            "Which contact is not allowed, and what is done instead.",
            "No contact by any means; letters are handed to the prison.",
        ),
    ]


class PlannedVisit(Section):
    """Visits: who makes them, how often, and whether they are announced (Joint inspection 2015, 5.16)."""

    agency: Annotated[AgencyName, label("Agency", "The agency that visits.", "police")]
    by: Annotated[Name, label("Visited by", "Who visits.", "Priya Example")]
    how_often: Annotated[
        OwnWords, label("How often", "How often they visit: each visit is due after so long.", "Every two weeks")
    ]
    announced: Annotated[bool, label("Announced", "Whether the person knows of a visit beforehand.", False)]


class Contribution(Section):
    """What one agency does for the plan."""

    agency: Annotated[AgencyName, label("Agency", "The agency.", "police")]
    what: Annotated[
        OwnWords,
        label(
            "Contribution",
            "What the agency does for the plan.",
            "Unannounced visits, and the flag on the sister's address.",
        ),
    ]


class RiskPlan(Form):
    """A version of the plan: the four pillars, what happens if they fail, and the conclusion.

    Source: MAPPA guidance, 12.11.
    """

    date: Annotated[datetime.date, label("Date of the plan", "The day on which this version was agreed.", "2026-10-20")]
    agency: Annotated[AgencyName, label("Agency", "The agency whose plan it is.", "probation")]
    by: Annotated[Name, label("Written by", "Who wrote it.", "Olive Example")]
    differs_because: Annotated[
        Reason | None,
        label(
            "Reason for a second plan",
            "If it is not the lead agency's: why that agency's own plan is not the plan for MAPPA.",
            "The hospital keeps the lead agency's plan in its own form until discharge.",
            shown=False,
        ),
    ] = None
    supervision: Annotated[
        WrittenOut,
        label(
            "Supervision",
            "How often the person is seen, by whom.",
            "Weekly with the offender manager for twelve weeks, then every two weeks.",
        ),
    ]
    monitoring_and_control: Annotated[
        WrittenOut,
        label(
            "Monitoring and control",
            "What limits and watches what the person does.",
            "Curfew from 19:00 to 07:00, watched by the tag; the police visit unannounced.",
        ),
    ]
    interventions_and_treatment: Annotated[
        WrittenOut,
        label(
            "Interventions and treatment",
            "What the person works on, and with whom.",
            "Alcohol treatment from the first week; the violence programme from May.",
        ),
    ]
    victim_safety: Annotated[
        WrittenOut,
        label(
            "Victim safety",
            "What keeps the victim, and others at risk, safe.",
            "The victim liaison officer tells the sister of the release; her number is flagged.",
        ),
    ]
    contingency: Annotated[
        Contingency,
        label(
            "Contingency",
            "What is done first, by whom, at which sign. Breach or recall alone is not enough.",
            "A missed curfew is told to the police within the hour; the sister is warned at once; two missed curfews "
            "mean recall.",
        ),
    ]
    licence_conditions: Annotated[
        list[Dated], label("Licence conditions", "Each licence condition, word for word.")
    ] = Field(default_factory=list)
    orders: Annotated[list[OrderWords], label("Orders", "What each court order says, word for word.", shown=False)] = (
        Field(default_factory=list)
    )
    no_conditions_because: Annotated[
        Reason | None,
        label(
            "Reason for no conditions",
            "If there are neither licence conditions nor orders: why.",
            "He was released at the end of his sentence, without a licence.",
            shown=False,
        ),
    ] = None
    contact_restrictions: Annotated[
        list[ContactRestriction], label("Contact restrictions", "Everybody with whom contact is restricted, by name.")
    ] = Field(default_factory=list)
    exclusion_zones: Annotated[
        list[Dated],
        label(
            "Exclusion zones",
            "Where the person may not go, as exactly as a map would show it.",
            [{"text": "Chapeltown, Leeds, within the ring of Harehills Lane and Roundhay Road."}],
        ),
    ] = Field(default_factory=list)
    visits: Annotated[
        list[PlannedVisit], label("Visits", "Who visits, how often, and whether the visits are announced.")
    ] = Field(default_factory=list)
    contributions: Annotated[
        list[Contribution],
        Field(min_length=1),
        label(
            "Contributions",
            "What each agency does for the plan.",
            [
                {"agency": "police", "what": "Unannounced visits, and the flag on the sister's address."},
                {"agency": "approved_premises", "what": "A bed for twelve weeks, and the curfew checks."},
            ],
        ),
    ]
    success: Annotated[
        WrittenOut | None,
        label(
            "What success looks like",
            "What will be different for the person when the plan has worked, in their words where you can.",
            "In a year he lives in a flat of his own, has worked for six months and has not drunk since the release.",
        ),
    ] = None
    conclusion: Annotated[
        WrittenOut,
        label(
            "Conclusion",
            "The whole plan in a sentence.",
            "In conclusion, the plan is release to approved premises, no contact, and alcohol treatment.",
        ),
    ]
    carried_forward: Annotated[
        dict[str, Confirmed],
        label(
            "Carried forward",
            "Each section that stands word for word as in the last version, by its name, and who confirms it.",
            {"supervision": {"confirmed_by": "Olive Example", "because": "I saw him weekly until 20 January."}},
            shown=False,
        ),
    ] = Field(default_factory=dict)


def newest_plan(change: CaseChange) -> PlanVersion | None:
    """Return the newest version of the plan of a case."""
    return change.session.scalar(
        select(PlanVersion)
        .where(PlanVersion.case_id == change.case.id)
        .options(undefer(PlanVersion.content))
        .order_by(PlanVersion.version.desc())
        .limit(1)
    )


def apply_plan(change: CaseChange, form: RiskPlan) -> str:
    """Write a new version of the plan."""
    previous = newest_plan(change)
    if reasons := list(refuse_plan(change, form, previous)):
        raise RefusedError(reasons)
    version = (previous.version if previous else 0) + 1
    change.session.add(
        PlanVersion(
            case_id=change.case.id,
            version=version,
            written_on=form.date,
            written_by=form.by,
            agency=form.agency,
            differs_because=form.differs_because,
            recorded_at=change.as_at,
            content=form.model_dump(mode="json"),
        )
    )
    questions = list(questions_of(form, Location(change.case.location)))
    planned(change, form.visits)
    subject = f"case {change.case.id} plan"
    standing = problems.open_questions(change.session, STAGE, [subject]).get(subject)
    problems.ask(change.session, STAGE, subject, change.case.id, questions, change.as_at, standing, [FactKind.PLAN])
    asked = f"; to be thought of: {'; '.join(questions)}" if questions else ""
    return f"risk management plan: version {version} of {form.date}{unread(form.visits)}{asked}"


def unread(visits: Sequence[PlannedVisit]) -> str:
    """Return which visits are not followed up, since their words do not say how often."""
    wrong = [repr(visit.how_often) for visit in visits if days_between(visit.how_often) is None]
    if not wrong:
        return ""
    return f"; not followed up: visits {', '.join(wrong)}: write 'every two weeks', 'weekly' or 'once a month'"


def refuse_plan(change: CaseChange, form: RiskPlan, previous: PlanVersion | None) -> Iterator[str]:
    """Yield why a version cannot stand."""
    lead = change.case.lead_agency
    if form.agency != lead and form.differs_because is None:
        yield f"agency: {lead} leads, and its plan is MAPPA's; differs_because says why this one is another"
    if not form.licence_conditions and not form.orders and form.no_conditions_because is None:
        yield "licence_conditions: there are none, and no orders: no_conditions_because says why"
    now = sections(form.model_dump(mode="json"))
    if previous is not None:
        if form.date < previous.written_on:
            yield f"date: {form.date} is before version {previous.version}, written on {previous.written_on}"
        before = sections(previous.content)
        yield from unconfirmed(before, now, form.carried_forward, previous.written_on)
        yield from confirms_nothing(before, now, form.carried_forward)
    elif form.carried_forward:
        yield "carried_forward: this is the first version: there is nothing to carry forward"
    yield from names_the_dead(now, dead_by(change, form.date))
    yield from old_names(change, form)
    for place, one in enumerate([*form.licence_conditions, *form.orders, *form.exclusion_zones]):
        if one.ends_on is not None and one.ends_on < form.date:
            yield f"condition {place + 1}: it ended on {one.ends_on}: strike it ({one.text[:40]!r})"


def old_names(change: CaseChange, form: RiskPlan) -> Iterator[str]:
    """Yield the restrictions that name somebody by a name they no longer have, or who is no longer at risk."""
    restricted = {plain(one.person) for one in form.contact_restrictions}
    confirmed = confirmed_people(form)
    for contact in changes_of(change, form.date):
        if plain(contact.person) not in restricted:
            continue
        if contact.what == ContactChangeKind.NAME_CHANGED:
            yield f"contact_restrictions: {contact.person} is called {contact.now_called} since {contact.on_date}"
        elif contact.what == ContactChangeKind.NO_LONGER_AT_RISK and plain(contact.person) not in confirmed:
            yield (
                f"contact_restrictions: {contact.person} is no longer at risk since {contact.on_date}: strike it, or "
                f"confirm it in 'carried_forward' under contact_restrictions.{plain(contact.person)}"
            )


def confirmed_people(form: RiskPlan) -> set[str]:
    """Return the people whose restrictions somebody confirmed."""
    return {name.removeprefix("contact_restrictions.") for name in form.carried_forward}


def questions_of(form: RiskPlan, location: Location) -> Iterator[str]:
    """Yield what is to be thought of once more (Joint inspection 2015, 5.15-5.16, 6.7).

    Nobody visits the home of a person who is in custody.
    """
    if all_announced(form.visits):
        yield "no unannounced visit is planned"
    elif not form.visits and location is not Location.CUSTODY:
        yield "no visits are planned"


KINDS = (
    FactType(
        kind=FactKind.PLAN,
        title="Risk management plan",
        hint="Record each new version of the plan, such as after a meeting or an event.",
        group=Group.RISK,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=always,
        form=RiskPlan,
        apply=apply_plan,
    ),
)
