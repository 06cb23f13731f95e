"""The commands that look at what lies between meetings: disclosures, the plan, events, orders, transfers.

Tables carry no name of the person and no text that may hold one. The plan is the record itself and shows everything.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.look import looking, show_views
from cli.options import Area, AsAt, Crn, Json, Limit, as_at_or_now
from policy.events import EventKind
from policy.identifiers import looked_up
from policy.vocabulary import DisclosureState
from service.output import ROWS_SHOWN, print_view, say

if TYPE_CHECKING:
    from views.plan import AssessmentView, PlanView

# The parts of a plan in the order in which they are read, each with its heading.
PARTS = {
    "supervision": "Supervision",
    "monitoring_and_control": "Monitoring and control",
    "interventions_and_treatment": "Interventions and treatment",
    "victim_safety": "Victim safety",
    "contingency": "Contingency",
}


def disclosures(
    crn: Crn = None,
    area: Area = None,
    state: Annotated[DisclosureState | None, typer.Option("--state", help="Only disclosures in this state.")] = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List disclosures.

    Proposed, approved, made or not made. Who is told what is in the case record only.
    """
    from views.disclosures import DisclosureView
    from views.disclosures import disclosures as find

    with looking(area) as session:
        found = find(session, crn=crn, area=area, state=state)
        show_views(found, DisclosureView, "no disclosures", json, limit)


def events(
    crn: Crn = None,
    area: Area = None,
    kind: Annotated[EventKind | None, typer.Option("--kind", help="Only events of this kind.")] = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List what happened in custody, on leave or on licence.

    Shows what was done about each event.
    """
    from views.events import EventView
    from views.events import events as find

    with looking(area) as session:
        found = find(session, crn=crn, area=area, kind=kind)
        show_views(found, EventView, "no events", json, limit)


def orders(crn: Crn = None, area: Area = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List court orders, when they end and any breaches."""
    from views.orders import OrderView
    from views.orders import orders as find

    with looking(area) as session:
        found = find(session, crn=crn, area=area)
        show_views(found, OrderView, "no orders", json, limit)


def transfers(crn: Crn = None, area: Area = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List transfers between areas, proposed and answered.

    With --area: the transfers that the area sends and receives.
    """
    from views.transfers import TransferView
    from views.transfers import transfers as find

    with looking(area) as session:
        found = find(session, crn=crn, area=area)
        show_views(found, TransferView, "no transfers", json, limit)


def plan(
    crn: Annotated[str, typer.Argument(metavar="CRN", help="The person's CRN or case reference.")],
    version: Annotated[int | None, typer.Option("--version", metavar="V", min=1, help="Default: the newest.")] = None,
    as_at: AsAt = None,
    json: Json = False,
) -> None:
    """Print the risk management plan of a case.

    Shows how old it is and what has changed for the people it names. It contains names.
    """
    from policy.calendar import london_date
    from views.plan import plan_view

    today = london_date(as_at_or_now(as_at))
    with looking() as session:
        found = plan_view(session, looked_up(crn), version, today)
    if json:
        print_view(found)
    else:
        say(*page_of(found))


def page_of(plan: "PlanView") -> Iterator[str]:
    """Yield the lines of a plan."""
    content = plan.content
    yield f"risk management plan of {plan.case}, version {plan.version} of {plan.written_on}"
    yield f"  by {plan.written_by}, {plan.agency}; {plan.age_in_days} days old"
    if content["differs_because"]:
        yield f"  not written by the lead agency: {content['differs_because']}"
    if plan.older_than_last_meeting:
        yield f"  older than the last meeting ({plan.last_meeting_on}): update it"
    for one in plan.changed_since:
        called = f", now called {one.now_called}" if one.now_called else ""
        yield f"  changed since: {one.person} {one.what.replace('_', ' ')} on {one.on}{called}"
    for name, heading in PARTS.items():
        yield from ("", heading, f"  {content[name]}")
    yield from listed("Licence conditions", (dated(one) for one in content["licence_conditions"]))
    yield from listed("Orders", (f"{one['order'].replace('_', ' ')}: {dated(one)}" for one in content["orders"]))
    yield from listed(
        "Contact restrictions", (f"{one['person']}: {one['restriction']}" for one in content["contact_restrictions"])
    )
    yield from listed("Exclusion zones", (dated(one) for one in content["exclusion_zones"]))
    yield from listed("Visits", (visit(one) for one in content["visits"]))
    yield from listed("Contributions", (f"{one['agency']}: {one['what']}" for one in content["contributions"]))
    yield from listed("Risk assessments", (assessed(one) for one in plan.assessments))
    yield from ("", "Conclusion", f"  {content['conclusion']}")


def listed(heading: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield a heading and its lines; nothing where there are none."""
    found = list(lines)
    if found:
        yield from ("", heading, *(f"  {line}" for line in found))


def dated(words: dict[str, Any]) -> str:
    """Return words of a plan with the days between which they hold."""
    between = " ".join(
        f"{word} {words[name]}" for word, name in (("from", "starts_on"), ("until", "ends_on")) if words[name]
    )
    return f"{words['text']} ({between})" if between else str(words["text"])


def visit(one: dict[str, Any]) -> str:
    """Return a visit of a plan in a line."""
    return f"{one['agency']}, {one['by']}: {one['how_often']}, {'announced' if one['announced'] else 'unannounced'}"


def assessed(one: "AssessmentView") -> str:
    """Return a risk assessment in a line."""
    return (
        f"{one.tool.replace('_', ' ')} of {one.on}: {one.level.replace('_', ' ')}, of {one.of_what}, "
        f"to {one.to_whom} ({one.author}, authorised by {one.authorised_by})"
    )
