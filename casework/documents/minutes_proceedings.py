"""The first half of the minutes: who was there, what was told, how the risk is seen (Joint inspection 2015, 5.4)."""

from typing import Any

from casework.documents.blocks import Block, Facts, Section, Table, Words
from casework.documents.held import Held, seats_of
from casework.documents.papers_outside import VISIT_COLUMNS, visit_row
from casework.documents.particulars import at_risk_table, meaning_of, risk_views
from casework.documents.wording import Names
from models.meetings import Action, Participant
from policy.at_the_table import came_again, not_informed_by, without_practitioner
from policy.roles import Role
from policy.texts import plain
from policy.vocabulary import ActionState, Attendance
from policy.words import (
    NOT_RECORDED,
    RISK_LEVELS,
    TOOK_PART,
    day_of,
    known,
    listed,
    plain_words,
    short_date,
    yes_or_no,
)

POSITIONS = {"done": "Done", "not_done": "Not done", "carried": "Carried on"}


def attendance(held: Held) -> Section:
    """Return who was required, invited and there, with the reports of those who sent one.

    Source: Joint inspection 2015, 5.4, 5.6.
    """
    people = held.meeting.participants
    rows = [
        (
            held.agency_name(one.agency),
            known(one.name),
            plain_words(one.role) if one.role else NOT_RECORDED,
            grade(one),
            f"Yes ({one.reason})" if one.required and one.reason else yes_or_no(one.required),
            yes_or_no(one.invited_at is not None),
            took_part(one, held),
        )
        for one in people
    ]
    table = Table(
        "Who was required, invited and present",
        ("Agency", "Name", "Role", "Grade", "Required", "Invited", "Took part"),
        rows,
        "Nobody is on record as having been there.",
    )
    reports = [
        Words(one.report, f"Report of {held.agency_name(one.agency)} ({known(one.name, 'no name given')})")
        for one in people
        if one.report
    ]
    return Section("Attendance", [table, *lacked(held), *continuity(held), *reports])


def lacked(held: Held) -> list[Block]:
    """Return what the meeting went without: an agency that must inform it, or who works with the person.

    Source: Joint inspection 2015, 5.5, 5.7, 6.32.
    """
    seats = seats_of(held.meeting)
    found: list[Block] = [
        Words(
            f"{held.agency_name(agency)} neither came nor sent an update. There may be risks that nobody here knew of.",
            "This meeting was not fully informed",
        )
        for agency in not_informed_by(seats, held.must_inform)
    ]
    practitioners = (held.meeting.case_then or {}).get("practitioners") or {}
    without = [
        f"{held.agency_name(agency)}: " + (f"{name} works with the person, and neither came nor sent a report."
                                          if name else "nobody is named who works with the person.")
        for agency, name in without_practitioner(seats, practitioners)
    ]  # fmt: skip
    return [*found, *([Words("\n".join(without), "Without who works with the person")] if without else [])]


def continuity(held: Held) -> list[Block]:
    """Return how many agencies sent somebody who was at the meeting before (Joint inspection 2015, 5.4)."""
    again = came_again(seats_of(held.meeting), held.seats_before)
    if not again:
        return []
    others = [held.agency_name(agency) for agency, came in again.items() if not came]
    told = f"{sum(again.values())} of {len(again)} agencies" + (
        f"; somebody else came from {listed(others)}" if others else ""
    )
    return [Facts([("Represented by the same person as at the meeting before", told)])]


def grade(one: Participant) -> str:
    """Return the grade somebody holds, and why a lower one than level 3 wants was enough."""
    held = known(one.grade)
    return f"{held}. Below the required grade, because: {one.grade_reason}" if one.grade_reason else held


def took_part(one: Participant, held: Held) -> str:
    """Return how somebody took part; the Chair needs no line in the attendance to have been there."""
    if one.status is not None:
        return TOOK_PART[Attendance(one.status)]
    return "Chaired" if one.role == Role.CHAIR and one.name == held.chair else NOT_RECORDED


def previous_actions(held: Held) -> Section:
    """Return what became of earlier actions: each with its outcome, or why it is not done.

    Source: Joint inspection 2015, 5.12.
    """
    rows = [told_row(held.earlier[told["action"]], told, held.agency_name) for told in held.record["previous_actions"]]
    rows += [closed_row(action, held.agency_name) for action in held.closed_before]
    return Section(
        "Actions from earlier meetings",
        [
            Table(
                "Outcomes",
                ("Action", "Owner", "Due", "Outcome", "Effect on the plan"),
                sorted(rows, key=lambda row: int(row[0].split(".")[0])),
                "No action of an earlier meeting was open.",
            )
        ],
    )


def told_row(action: Action, told: dict[str, Any], agency_name: Names) -> tuple[str, ...]:
    """Return an action with what the meeting was told of it."""
    position = POSITIONS[told["position"]]
    text = told["outcome"] if told["position"] == "done" else told["reason"]
    due = f" to {day_of(told['due_on'])}" if told.get("due_on") else ""
    became = f"{position}{due}: {known(text)}"
    return (*named(action, agency_name), became, effect(told["position"], told["plan_effect"]))


def closed_row(action: Action, agency_name: Names) -> tuple[str, ...]:
    """Return an action that was closed before the meeting began."""
    not_done = action.state == ActionState.NOT_DONE
    text = action.not_done_reason if not_done else action.outcome
    on = short_date(action.closed_on or action.due_on)
    became = f"{'Not done' if not_done else 'Done'} on {on}, before the meeting: {known(text)}"
    return (*named(action, agency_name), became, effect(action.state, action.plan_effect))


def named(action: Action, agency_name: Names) -> tuple[str, str, str]:
    """Return an action by number and text, its owner, and its date."""
    owner = f"{action.owner_name}, {agency_name(action.agency)}"
    return f"{action.number}. {action.text}", owner, short_date(action.due_on)


def effect(position: str, told: str | None) -> str:
    """Return what an action changes in the plan; one that is not done has changed nothing yet."""
    return known(told, "None: it is not done" if position in ("not_done", "carried") else NOT_RECORDED)


def information(held: Held) -> Section:
    """Return what each agency brought."""
    return Section(
        "Information from the agencies",
        [
            Words(one["text"], held.agency_name(one["agency"]), held.carried(f"information.{one['agency']}"))
            for one in held.record["information"]
        ],
    )


def views_of_the_risk(held: Held) -> Section:
    """Return how everybody who was there sees the risk of serious harm, and what the words mean."""
    views = held.record["risk_views"]
    notes = {view["agency"]: held.carried(f"risk_views.{view['agency']}") for view in views}
    return Section(
        "How the agencies see the risk of serious harm",
        [
            risk_views(views, "Each agency's view", notes, held.agency_name),
            meaning_of((v["level"] for v in views), RISK_LEVELS),
        ],
    )


def at_risk(held: Held) -> Section:
    """Return who is at risk of what, when, and on which evidence (Joint inspection 2015, 4.17)."""
    notes = {one["who"]: held.carried(f"at_risk.{plain(one['who'])}") for one in held.record["at_risk"]}
    table = at_risk_table(held.record["at_risk"], "Who, of what, when", notes)
    return Section("Who is at risk", [table])


def victims(held: Held) -> Section:
    """Return what was said of victims."""
    return Section("Victims", [Words(held.record["victims"], note=held.carried("victims"))])


def offender_views(held: Held) -> Section:
    """Return the person's own views, which are asked for in writing for each meeting.

    Source: Lancashire annual report 2014-15.
    """
    return Section(
        "The person's own views", [Words(held.record["offender_views"], note=held.carried("offender_views"))]
    )


def visits(held: Held) -> Section:
    """Return the visits since the meeting before: when, by whom, announced or not, with what each found.

    Source: Joint inspection 2015, 5.16 and 6.26 to 6.28. A visit at which nobody was in is told, and not counted.
    """
    since = f"since {held.before}" if held.last_on else "so far"
    rows = [visit_row(visit, held.agency_name) for visit in held.visits]
    table = Table(f"Visits {since}", VISIT_COLUMNS, rows, f"No visit {since} was reported.")
    made = [visit["announced"] for visit in held.visits if visit.get("seen", True)]
    if not made:
        return Section("Visits", [table])
    return Section("Visits", [table, Facts([("Unannounced", f"{made.count(False)} of {len(made)}")])])
