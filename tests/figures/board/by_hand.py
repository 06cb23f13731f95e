"""A small area worked by hand: London at the end of Wednesday 30 September 2026, the last day of 2027-Q2.

| case | level | where, since | last review | days on 1 October |
|---|---|---|---|---|
| 1, Camden | 1 | community, 1 March 2026 | level 1 review, 1 July | 92: 13 weeks |
| 2, Camden | 2 | community, 1 March 2026 | meeting, 11 August 00:30 in London | 51: 7 weeks |
| 3 | 1 | in custody | | not counted |
| 4, no unit | 1 | custody to 31 August | in custody, 1 August | none: 30 from 1 September |
| 5 | 1 | community; closed on 30 September | | not counted |
| 6, Essex | 1 | community | | another area |
| 7, Camden | 1 | community, 1 March 2025 | none | 579: 82 weeks |

| case | duty | due | ended | on 1 October |
|---|---|---|---|---|
| 1 | level 1 review | 30 September | open | 1 day overdue |
| 1 | referral | 1 October | open | its day has not ended |
| 2 | minutes, of the MAPPA unit | 25 August | done on 5 October | 37 days overdue |
| 2 | plan, of the lead agency | 18 August | done on 30 September | done |
| 4 | level | 1 September | on record since 1 October, 00:30 in London | not on record |
| 6 | referral, Essex | 1 August | open | another area |
| 7 | level 1 review | 1 April | paused | 183 days overdue, one more than 26 weeks |
| 7 | exit plan | 1 July | overtaken on 1 October | 92 days overdue, one more than 13 weeks |
| 7 | action | 1 August | was not due after all | nothing |
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.cases import Fact
from models.obligations import Timescale
from models.registrations import Spell
from policy.subjects import Subject
from tests.support import meeting_rows, rows
from tests.support.rows import added

AREA = "London"
TODAY = date(2026, 10, 1)


def moment(day: int, month: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of 2026, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def fill(session: Session) -> None:
    """Write the area."""
    cases = [a_case(session, number) for number in (1, 2, 3, 4, 5, 6, 7)]
    one, two, _, four, _, six, seven = cases
    review(session, one, date(2026, 7, 1))
    review(session, four, date(2026, 8, 1))
    held = meeting_rows.meeting(session, two, state="held", starts_at=moment(10, 8, 23, 30))
    meeting_rows.participant(session, held, agency="police", required=True, status="attended")
    meeting_rows.participant(session, held, agency="housing", required=True, status="absent")
    duties(session, one, two, four, six, seven, about=Subject.read(str(held.id)))
    six_months_on = rows.message(session, "m1")
    reviewed, minutes = (
        session.query(Timescale).filter_by(case_id=of.id, kind=kind).one()
        for of, kind in ((seven, "level_1_review"), (two, "minutes"))
    )
    reviewed.ladder = [{"rung": rung} for rung in ("+10W", "+20W", "+30W", "+40W")]
    minutes.ladder = [{"rung": rung} for rung in ("due", "+1W", "+5W")]
    for of, rung, role, raised, more in (
        (minutes, "due", "administrator", moment(25, 8), {"weight": "reminder"}),
        (minutes, "+1W", "chair", moment(26, 8), {}),
        (minutes, "+5W", "coordinator", moment(2, 9), {}),
        (minutes, "+9W", "smb_chair", moment(1, 10), {}),
        (reviewed, "+10W", "coordinator", moment(15, 4), {}),
        (reviewed, "+20W", "coordinator_manager", moment(29, 4), {}),
        (reviewed, "+30W", "smb_chair", moment(31, 5, 23, 30), {}),
        (reviewed, "+40W", "smb_chair", moment(1, 8), {}),
    ):
        values: dict[str, Any] = {"recipient_role": role, "raised_at": raised, "weight": "escalation"} | more
        rows.prompt(session, of, six_months_on, rung, **values)
    # A ladder that is over: the due date has moved since.
    moved = session.query(Timescale).filter_by(case_id=one.id, kind="level_1_review").one()
    moved.revision = 2
    rows.prompt(session, moved, six_months_on, "+10W", weight="escalation", recipient_role="smb_chair")


def a_case(session: Session, number: int) -> Any:
    """Add a case of the area with its spells."""
    began = date(2025, 3, 1) if number == 7 else date(2026, 3, 1)
    of = rows.case(
        session,
        rows.person(session, f"X10000{number}", surname=f"Hidden{number}"),
        f"{'ESS' if number == 6 else 'LON'}-2026-00000{number}",
        area="Essex" if number == 6 else AREA,
        unit=None if number == 4 else "Camden",
        level=2 if number == 2 else 1,
        location="custody" if number == 3 else "community",
        opened_on=began,
        closed_on=date(2026, 9, 30) if number == 5 else None,
        offender_manager="Olive",
        offender_manager_email=None if number == 7 else "olive@probation.example",
    )
    if number != 4:
        return rows.in_spells(session, of)
    for location, first, last in (
        ("custody", began, date(2026, 8, 31)),
        ("community", date(2026, 9, 1), None),
    ):
        spell = Spell(case_id=of.id, person_id=of.person_id, lead_agency=of.lead_agency, starts_on=first)
        added(session, spell, {"area": AREA, "unit": None, "level": 1, "category": 1, "categories": [1],
                               "location": location, "ends_on": last})  # fmt: skip
    return of


def review(session: Session, of: Any, on: date) -> None:
    """Add a review at level 1."""
    fact = Fact(case_id=of.id, kind="level-1-review", on_date=on, recorded_at=moment(1, 10), recorded_by="t", data={})
    added(session, fact, {})


def duties(session: Session, one: Any, two: Any, four: Any, six: Any, seven: Any, about: Subject) -> None:
    """Add what is due; ``about``: the meeting."""
    for of, kind, due_on, values in (
        (one, "level_1_review", date(2026, 9, 30), {}),
        (one, "referral", date(2026, 10, 1), {}),
        (
            two,
            "minutes",
            date(2026, 8, 25),
            {"state": "met", "met_on": date(2026, 10, 5), "owner_agency": "mappa_unit", "subject": about},
        ),
        (two, "plan_update", date(2026, 8, 18), {"state": "met", "met_on": date(2026, 9, 30), "subject": about}),
        (four, "level_setting", date(2026, 9, 1), {"opened_at": moment(30, 9, 23, 30)}),
        (six, "referral", date(2026, 8, 1), {}),
        (seven, "level_1_review", date(2026, 4, 1), {"state": "paused"}),
        (seven, "exit_plan", date(2026, 7, 1), {"state": "missed", "missed_on": date(2026, 10, 1)}),
        (seven, "action", date(2026, 8, 1), {"state": "cancelled"}),
    ):
        rows.timescale(session, of, kind, due_on=due_on, **({"owner_agency": "lead_agency"} | values))
