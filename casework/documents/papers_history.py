"""What went before, in the papers of a meeting: the last meeting, open actions, absences, incidents."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.blocks import Facts, Section, Table
from casework.documents.carried import Carried
from casework.documents.minutes_disclosure import DECISIONS
from casework.documents.particulars import PLAN, at_risk_table, meaning_of, plan_words, risk_views
from casework.documents.wording import Names
from models.cases import Fact
from models.meetings import Absence, Action, Meeting
from policy.texts import plain
from policy.vocabulary import Attendance, FactKind
from policy.words import (
    RISK_LEVELS,
    TOOK_PART,
    day_of,
    days,
    inside,
    level_name,
    long_date,
    plain_words,
    short_date,
)

SETTLED = {"report": "It reported", "reason_accepted": "The Chair accepted its reason",
           "another_route": "It was silent, and its facts came another way"}  # fmt: skip


def last_meeting_sections(
    last: Meeting | None, standing: Carried, meeting: Meeting, agency_name: Names
) -> list[Section]:
    """Return the plan of the last meeting with its age, what was decided there, and how the risk was seen.

    ``standing``: what of it stood as at the meeting before that one.
    """
    if last is None or last.record is None:
        return []
    record, on = last.record, long_date(last.on)
    age = days((meeting.on - last.on).days)
    decided, disclosed = record["level_decision"], record["disclosure"]
    views = record["risk_views"]
    view_notes = {view["agency"]: standing.note(f"risk_views.{view['agency']}") for view in views}
    risk_notes = {one["who"]: standing.note(f"at_risk.{plain(one['who'])}") for one in record["at_risk"]}
    return [
        Section(
            "The last meeting",
            [
                Facts(
                    [
                        ("Meeting", f"Number {last.number}, {on}"),
                        ("Level decided", f"{level_name(decided['level'])}. {decided['reason']}"),
                        ("Disclosure", f"{DECISIONS[disclosed['decision']]}. {disclosed['reason']}"),
                        *stands("Level", standing.note("level_decision.reason")),
                        *stands("Disclosure", standing.note("disclosure.reason")),
                    ]
                )
            ],
        ),
        Section(
            f"The plan of the last meeting: {age} old by this meeting",
            [
                Facts([("Agreed on", on), ("Age", age)]),
                *plan_words(record["plan"], {part: standing.note(f"plan.{part}") for part in PLAN}),
            ],
        ),
        Section(
            "How the risk was seen then",
            [
                risk_views(views, f"Each agency's view on {short_date(last.on)}", view_notes, agency_name),
                meaning_of((view["level"] for view in views), RISK_LEVELS),
                at_risk_table(record["at_risk"], "Who was at risk", risk_notes),
            ],
        ),
    ]


def stands(what: str, note: str) -> list[tuple[str, str]]:
    """Return the row that tells of a reason which stood as it did; none where it was new."""
    return [(f"About the reason: {inside(what)}", note)] if note else []


def open_actions(actions: list[Action], meeting: Meeting, agency_name: Names) -> Section:
    """Return the open actions: each must be told of at the meeting (Joint inspection 2015, 5.12)."""
    rows = [
        (
            f"{action.number}. {action.text}",
            action.owner_name,
            agency_name(action.agency),
            short_date(action.set_on),
            short_date(action.due_on) + (": before the meeting" if action.due_on < meeting.on else ""),
        )
        for action in actions
    ]
    columns = ("Action", "Owner", "Agency", "Set on", "Due")
    return Section("Open actions", [Table("For the meeting to discuss", columns, rows, "No action is open.")])


def absences(session: Session, meeting: Meeting, agency_name: Names) -> Section:
    """Return which required agencies stayed away so far, and what was done about it (Joint inspection 2015, 5.4)."""
    found = session.scalars(
        select(Absence)
        .join(Meeting)
        .where(Absence.case_id == meeting.case_id, Meeting.starts_at < meeting.starts_at)
        .order_by(Meeting.number, Absence.agency, Absence.id)
    )
    rows = [
        (
            agency_name(one.agency),
            f"Number {one.meeting.number}, {short_date(one.meeting.on)}",
            str(one.nth),
            TOOK_PART[Attendance(one.status)],
            settled(one),
        )
        for one in found
    ]
    return Section(
        "Absences so far",
        [
            Table(
                "Required agencies that neither came nor reported",
                ("Agency", "Meeting", "Absence number", "How", "Since then"),
                rows,
                "Every required agency came or reported.",
            )
        ],
    )


def settled(absence: Absence) -> str:
    """Return what came of an absence."""
    if absence.withdrawn_because is not None:
        return f"Withdrawn: {absence.withdrawn_because}"
    if absence.settled_on is not None and absence.settled_by is not None:
        return f"{SETTLED[absence.settled_by]} on {short_date(absence.settled_on)}"
    if not absence.history:
        return "Open; nobody is on record as having asked it"
    *_, last = absence.history
    return f"Open; last asked on {day_of(last['on'])}: {plain_words(last['answer']).lower()}"


def incidents(session: Session, meeting: Meeting, last: Meeting | None) -> Section:
    """Return the incidents on record since the last meeting."""
    query = select(Fact).where(Fact.case_id == meeting.case_id, Fact.kind == FactKind.INCIDENT.value)
    if last is not None:
        query = query.where(Fact.on_date >= last.on)
    rows = [
        (short_date(fact.on_date), plain_words(fact.data["kind"]), fact.data["what"])
        for fact in session.scalars(query.order_by(Fact.on_date, Fact.id))
    ]
    return Section(
        "Incidents since the last meeting" if last else "Incidents",
        [Table("What happened", ("Date", "Kind", "What"), rows, "No incident is on record.")],
    )
