"""A step as its page shows it: the fields, the words of the last time beside them, and what is wrong with either."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from casework.documents.minutes_decisions import section_name
from casework.documents.wording import agency_names
from casework.facts.meeting_sections import OPTIONAL_SECTIONS
from casework.recording.meeting_record import latest_for
from models.record import policies, working_calendar
from policy.vocabulary import Attendance, Level
from policy.words import near_date
from web.desk.forms.filling import REQUIRED, errors_of, with_titles, worded
from web.desk.forms.prefill import references
from web.desk.forms.shape import Option, ShapedField
from web.desk.forms.told import Told, told
from web.desk.forms.widgets import Beside, Widget, all_of, widgets
from web.desk.room.standing import CHOICES, Part, names_on
from web.desk.room.state import FACT, Room, with_information, with_the_wanted, with_views
from web.desk.room.steps import Step, reasons_at, subject_of
from web.desk.room.typed import owner_of, picked_for
from web.visit import Visit

IN_A_FILE = "confirm in 'carried_forward' under this name who knows that they are still true"
ON_THE_PAGE = "say who knows that they are still true, and how"
NOT_CHOSEN = "say whether it is still right, changed or struck out"
CAME = {
    Attendance.ATTENDED.value: "Came",
    Attendance.APOLOGIES_WITH_REPORT.value: "Sent a report",
    Attendance.APOLOGIES.value: "Absent, with apology",
    Attendance.ABSENT.value: "Absent",
}
DECISIONS = ("disclosure", "level_decision", "critical_public_protection_case")
"""What is shown whole beside the decision of this time."""


def standing_of(room: Room, step: Step) -> tuple[str, int]:
    """Return how a step stands, in a word, and how much of it is to be mended."""
    wrong = len(reasons_at(step, room.reasons))
    if step.name not in room.saved:
        return "Not started", 0
    return (f"{wrong} to mend", wrong) if wrong else ("Done", 0)


def missing(room: Room) -> list[tuple[Step, list[str]]]:
    """Return what is missing or wrong, by the step at which it is mended."""
    found = [(step, [said(room, step, reason) for reason in reasons_at(step, room.reasons)]) for step in room.steps]
    return [(step, reasons) for step, reasons in found if reasons]


def said(room: Room, step: Step, reason: str) -> str:
    """Return a reason in the words of the page."""
    if part := part_of(room, step, reason):
        return worded_for(room, part, reason)
    return next(what for whats in errors_of(FACT, room.fields_of(step), [reason]).values() for what in whats)


def part_of(room: Room, step: Step, reason: str) -> str:
    """Return the part that a reason is about, among those of a step; "" where it is about a field."""
    subject = subject_of(reason)
    names = names_on(step, room.data, room.before)
    return max((name for name in names if subject == name or subject.startswith(f"{name}.")), key=len, default="")


def worded_for(room: Room, name: str, reason: str) -> str:
    """Return what is wrong with a part as the list of errors says it."""
    what = with_titles(reason.partition(": ")[2].replace(IN_A_FILE, ON_THE_PAGE), tuple(room.fields.values()))
    title = title_of(room, name)
    if what == REQUIRED and subject_of(reason) == name and name in room.before:
        return f"{title}: {NOT_CHOSEN}"
    fields = {"confirmed_by": "who knows that it is still right", "because": "how they know"}
    at = subject_of(reason).removeprefix(f"{name}.")
    return worded(f"{title}, {fields[at]}" if at in fields else title, what)


def title_of(room: Room, name: str) -> str:
    """Return what a part is called on the page."""
    head, _, inside = name.partition(".")
    field = field_of(room, name)
    if field is not None:
        return field.field.title
    return f"{room.fields[head].field.title}{f', {inside}' if inside != 'reason' else ': reason'}"


def field_of(room: Room, name: str) -> ShapedField | None:
    """Return the field that holds a part of its own; None of words that stand in a row or beside a decision."""
    head, _, inside = name.partition(".")
    if not inside:
        return room.fields[head]
    return next((one for one in room.fields[head].inside if head == "plan" and one.name == inside), None)


def step_values(session: Session, visit: Visit, room: Room, step: Step, rows: Mapping[str, int]) -> dict[str, Any]:
    """Return what the page of a step shows. ``rows``: empty rows to show, by the path of the list."""
    reasons = reasons_at(step, room.reasons) if step.name in room.saved else []
    about_parts = [reason for reason in reasons if part_of(room, step, reason)]
    fields = room.fields_of(step)
    errors = errors_of(FACT, fields, [reason for reason in reasons if reason not in about_parts])
    made = widgets(fields, data_shown(room), Beside(errors, references(session, visit), rows))
    parts = [part_shown(room, step, name, about_parts) for name in names_on(step, room.data, room.before)]
    summary = [(what, "") for what in errors.get("", ())]
    summary += [(what, one.first_id) for one in all_of(made) for what in one.errors]
    summary += [(what, part.id) for part in parts for what in part.errors]
    return {
        "widgets": made, "parts": parts, "summary": summary, "choices": CHOICES, "dict_of": cells_of, "came": CAME,
        "beside": beside(session, visit, room, step),
        "picks": [(picked_for(row), row) for row in room.present() if row.get("name")],
        "picked": [owner_of(row) for row in room.data.get("actions") or ()],
        "latest": latest(session, visit, room) if step.name == "next" else None,
    }  # fmt: skip


def cells_of(row: Sequence[Widget]) -> dict[str, Widget]:
    """Return the fields of a row by the last part of their names."""
    return {one.name.rpartition(".")[2]: one for one in row}


def data_shown(room: Room) -> dict[str, Any]:
    """Return what stands in the fields: what was kept, with a line for each agency of which something is to be said."""
    rows = {name: room.data.get(name) or [] for name in ("attendance", "risk_views", "information")}
    return room.data | {
        "attendance": with_the_wanted(rows["attendance"], room.wanted),
        "risk_views": with_views(rows["risk_views"], room.present()),
        "information": with_information(rows["information"], room.present()),
    }


def part_shown(room: Room, step: Step, name: str, reasons: Sequence[str]) -> Part:
    """Return a part as the page shows it."""
    field = field_of(room, name)
    own = name in step.parts
    errors = [worded_for(room, name, reason) for reason in reasons if part_of(room, step, reason) == name]
    return Part(
        name=name, title=title_of(room, name), hint=field.field.description if field and own else "",
        before=room.before.get(name, ""), typed=room.parts.get(name, {}), errors=errors,
        required=name not in OPTIONAL_SECTIONS, chooses=own,
    )  # fmt: skip


def beside(session: Session, visit: Visit, room: Room, step: Step) -> list[tuple[str, str]]:
    """Return the words of the last time that belong to the fields of a step, each under its name."""
    if room.last_on is None:
        return []
    called = agency_names(session, visit.case.area, room.on)
    found = [
        (section_name(name, called), text)
        for name, text in room.before.items()
        if name.partition(".")[0] in step.fields and name != "disclosure.reason"
    ]
    decided = told([one for one in room.fields_of(step) if one.name in DECISIONS], room.last, {}, visit.today)
    return found + [(line.title, line.text) for one in decided for row in one.rows for line in row if line.text]


def latest(session: Session, visit: Visit, room: Room) -> str:
    """Return by when the next meeting is, at the level that was decided; "" where there is none."""
    level = (room.data.get("level_decision") or {}).get("level") or room.level
    if level not in (Level.MULTI_AGENCY, Level.SENIOR_MULTI_AGENCY):
        return ""
    policy = policies(session).for_area(visit.case.area, visit.today)
    return near_date(latest_for(Level(level), room.on, policy, working_calendar(session)), visit.today)


def told_steps(visit: Visit, room: Room, known: Mapping[str, Sequence[Option]]) -> dict[str, list[Told]]:
    """Return what was kept so far, in words, by step."""
    found = {}
    for step in room.steps:
        plan = [room.fields[head] for head in step.heads]
        found[step.name] = told(plan, room.data, known, visit.today)
    return found
