"""The commands that look at what lies between meetings: disclosures, the plan, events, orders, transfers.

Tables carry no name of the person and no text that may hold one. The plan is the record itself and shows everything.
"""

from collections.abc import Iterator
from typing import Annotated

import typer

from casework.facts.querying import View
from cli.look import counted, looking, show_views
from cli.options import Area, AsAt, Crn, Json, Limit, as_at_or_now
from policy.errors import NotFoundError
from policy.events import EventKind
from policy.vocabulary import DisclosureState
from service.output import ROWS_SHOWN, print_json, say

DISCLOSURE_COLUMNS = (
    "crn", "case", "disclosure", "meeting", "agency", "by", "due_on", "state", "approved_by", "closed_on",
    "undertaking",
)  # fmt: skip
EVENT_COLUMNS = (
    "crn", "case", "event", "kind", "on", "level", "serious", "until", "returned_on", "reviewed_on", "partnered_on",
    "victim_told_on",
)  # fmt: skip
ORDER_COLUMNS = ("crn", "case", "order", "kind", "court", "starts_on", "ends_on", "breaches", "reviewed_on")
TRANSFER_COLUMNS = (
    "crn", "case", "transfer", "from_area", "to_area", "proposed_on", "decision", "answered_on",
)  # fmt: skip
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

    Proposed, approved, made or not; who is told what stands on the record of the case alone.
    """
    from views import between_meetings

    with looking(area) as session:
        found = between_meetings.disclosures(session, crn=crn, area=area, state=state)
        show_views(found, DISCLOSURE_COLUMNS, "no disclosures", json, limit)


def events(
    crn: Crn = None,
    area: Area = None,
    kind: Annotated[EventKind | None, typer.Option("--kind", help="Only events of this kind.")] = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List what happened in custody, on leave or on licence.

    Each event with what was done about it.
    """
    from views import between_meetings

    with looking(area) as session:
        found = between_meetings.events(session, crn=crn, area=area, kind=kind)
        show_views(found, EVENT_COLUMNS, "no events", json, limit)


def orders(crn: Crn = None, area: Area = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List court orders, each with its end and its breaches."""
    from views import between_meetings

    with looking(area) as session:
        found = between_meetings.orders(session, crn=crn, area=area)
        show_views(found if json else counted(found, "breaches"), ORDER_COLUMNS, "no orders", json, limit)


def transfers(crn: Crn = None, area: Area = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List transfers between areas, proposed and answered.

    An area's are those it sends and those it receives.
    """
    from views import between_meetings

    with looking(area) as session:
        found = between_meetings.transfers(session, crn=crn, area=area)
        show_views(found, TRANSFER_COLUMNS, "no transfers", json, limit)


def plan(
    crn: Annotated[str, typer.Argument(metavar="CRN", help="The person's CRN, or the reference of a case.")],
    version: Annotated[int | None, typer.Option("--version", metavar="V", min=1, help="Default: the newest.")] = None,
    as_at: AsAt = None,
    json: Json = False,
) -> None:
    """Print the risk management plan of a case.

    With its age, and what is no longer true of the people it names. It carries names.
    """
    from policy.calendar import london_date
    from views import between_meetings
    from views.person import person_and_case, refuse_erased

    today = london_date(as_at_or_now(as_at))
    with looking() as session:
        person, case = person_and_case(session, crn.strip().upper())
        refuse_erased(person, crn)
        versions = between_meetings.plan_versions(session, case) if case is not None else []
        found = [one for one in versions if version in (None, one.version)]
        if case is None or not found:
            there = ", ".join(str(one.version) for one in versions) or "none"
            raise NotFoundError(
                f"there is no such plan; its versions: {there}", where=crn, to_do="record one with 'mappa record plan'"
            )
        view = between_meetings.plan_view(session, person, case, found[-1], today)
    if json:
        print_json(view)
    else:
        say(*page_of(view))


def page_of(view: View) -> Iterator[str]:
    """Yield the lines of a plan."""
    content = view["content"]
    yield f"risk management plan of {view['case']}, version {view['version']} of {view['written_on']}"
    yield f"  by {view['written_by']}, {view['agency']}; {view['age_in_days']} days old"
    if content["differs_because"]:
        yield f"  not the lead agency's own: {content['differs_because']}"
    if view["older_than_last_meeting"]:
        yield f"  older than the last meeting, {view['last_meeting_on']}: to be written anew"
    for one in view["changed_since"]:
        called = f", now called {one['now_called']}" if one["now_called"] else ""
        yield f"  no longer true: {one['person']} {one['what'].replace('_', ' ')} on {one['on']}{called}"
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
    yield from listed("Risk assessments", (assessed(one) for one in view["assessments"]))
    yield from ("", "Conclusion", f"  {content['conclusion']}")


def listed(heading: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield a heading and its lines; nothing where there are none."""
    found = list(lines)
    if found:
        yield from ("", heading, *(f"  {line}" for line in found))


def dated(one: View) -> str:
    """Return words with the days between which they hold."""
    between = " ".join(
        f"{word} {one[name]}" for word, name in (("from", "starts_on"), ("until", "ends_on")) if one[name]
    )
    return f"{one['text']} ({between})" if between else one["text"]


def visit(one: View) -> str:
    """Return a planned visit in a line."""
    return f"{one['agency']}, {one['by']}: {one['how_often']}, {'announced' if one['announced'] else 'unannounced'}"


def assessed(one: View) -> str:
    """Return a risk assessment in a line."""
    tool, level = one["tool"].replace("_", " "), one["level"].replace("_", " ")
    return (
        f"{tool} of {one['on']}: {level}, of {one['of_what']}, to {one['to_whom']} "
        f"({one['author']}, authorised by {one['authorised_by']})"
    )
